"""Management role assignments: of a role group, and of an app (RBAC for Applications).

learn.microsoft.com/powershell/module/exchangepowershell/new-managementroleassignment. Those of apps are
documents of the kind "managementRoleAssignment", those of role groups stand with the group. How scopes and
times are shown is not confirmed.
"""

from collections.abc import Sequence

from emulator.clock import stamp
from emulator.directory import GROUP_TYPES
from emulator.exchange.application_access import APPLICATION_ROLES, assignment_key, standing
from emulator.exchange.authorization import EVERY_ROLE, READ_ROLES, ROLE_MANAGEMENT
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import NotFoundError, already_exists, no_parameter_set, refused
from emulator.exchange.identities import exactly, one
from emulator.exchange.organization import must_be_hydrated
from emulator.exchange.parameters import CONFIRM, NAME, TEXT, Choice, Kind
from emulator.exchange.records import shown
from emulator.ids import stable_id
from emulator.store import Document, Store

_MANAGE = frozenset({ROLE_MANAGEMENT})
_NAMES = ("Identity", "Name", "Guid")
_APP_NAMES = ("Identity", "DisplayName", "AppId", "ObjectId")
_LONGEST_NAME = 64

# The last one stands on learn.microsoft.com/exchange/permissions-exo/application-rbac only.
_ASSIGNEE_TYPES = Choice(
    (
        "User",
        "SecurityGroup",
        "RoleAssignmentPolicy",
        "ForeignSecurityPrincipal",
        "RoleGroup",
        "LinkedRoleGroup",
        "Computer",
        "ServicePrincipal",
    )
)
_SCOPES: dict[str, Kind] = dict.fromkeys(
    ("CustomResourceScope", "RecipientAdministrativeUnitScope", "RecipientGroupScope"), TEXT
)


@cmdlet(
    "Get-ManagementRoleAssignment",
    READ_ROLES,
    {"Identity": TEXT, "Role": TEXT, "RoleAssignee": TEXT, "RoleAssigneeType": _ASSIGNEE_TYPES},
)
def get_management_role_assignment(call: Call) -> Sequence[Document]:
    """Role assignments of apps.

    A role assignee that Exchange doesn't know is an error, as an unknown app is one that nothing can be
    assigned to; that it is the error of a missing object is not confirmed.
    """
    assignments = standing(call.store, "managementRoleAssignment")
    if call.text("Identity"):
        assignments = exactly(assignments, call.text("Identity"), *_NAMES)
    if call.text("RoleAssignee"):
        assignee = _app(call, "RoleAssignee")["ObjectId"].lower()
        assignments = [found for found in assignments if found["RoleAssigneeName"].lower() == assignee]
    for parameter in ("Role", "RoleAssigneeType"):
        wanted = call.text(parameter).lower()
        assignments = [found for found in assignments if wanted in ("", found[parameter].lower())]
    return [_shown(call.store, found) for found in assignments]


@cmdlet(
    "New-ManagementRoleAssignment",
    _MANAGE,
    {"Name": NAME, "Role": TEXT, "SecurityGroup": TEXT, "App": TEXT, **_SCOPES, **CONFIRM},
    ("Role",),
)
def new_management_role_assignment(call: Call) -> Sequence[Document]:
    """Give an app an application role, over a scope or over all mailboxes; or a role group one role more.

    Other assignees are not modelled. Without a name it is made of role and assignee; of which of an app's
    names is not confirmed.
    """
    must_be_hydrated(call.tenant)
    if bool(call.text("App")) == bool(call.text("SecurityGroup")):
        raise no_parameter_set()
    return [_of_app(call) if call.text("App") else _of_role_group(call)]


@cmdlet("Remove-ManagementRoleAssignment", _MANAGE, {"Identity": TEXT, **CONFIRM}, ("Identity",))
def remove_management_role_assignment(call: Call) -> Sequence[Document]:
    """Take a role from an app; Microsoft Graph goes on honouring it for a while."""
    found = exactly(standing(call.store, "managementRoleAssignment"), call.text("Identity"), *_NAMES)
    remove(call, found[0])
    return []


def remove(call: Call, assignment: Document) -> None:
    """Take a role away. It is kept under another id, because one of the same name may follow."""
    removed = assignment | {"_removed": call.tenant.clock.now().isoformat()}
    call.store.delete("managementRoleAssignment", assignment_key(assignment))
    call.store.put("managementRoleAssignment", assignment_key(removed), removed)


def scope_of(store: Store, assignment: Document) -> tuple[str, str]:
    """What kind of scope a role assignment has, as Exchange calls it, and its name."""
    kind, id_ = assignment.get("_scope") or ("organization", "")
    if kind == "organization":
        return "Organization", "Organization"
    if kind == "managementScope":
        return "CustomRecipientScope", str((store.get(kind, id_) or {}).get("Name", ""))
    return "AdministrativeUnit" if kind == "administrativeUnit" else "Group", id_


def _of_app(call: Call) -> Document:
    app, role = _app(call, "App"), _application_role(call)
    name = call.text("Name") or f"{role}-{app['ObjectId']}"[:_LONGEST_NAME]
    if name.lower() in [one["Name"].lower() for one in standing(call.store, "managementRoleAssignment")]:
        raise already_exists(name)
    now = call.tenant.clock.now()
    made = {
        "Identity": name,
        "Name": name,
        "Guid": stable_id(call.tenant.id, "managementRoleAssignment", name, now.isoformat()),
        "Role": role,
        "RoleAssignee": app["ObjectId"],
        "RoleAssigneeName": app["ObjectId"],
        "RoleAssigneeType": "ServicePrincipal",
        "AssignmentMethod": "Direct",
        "RoleAssignmentDelegationType": "Regular",
        "Enabled": True,
        "WhenCreatedUTC": stamp(now),
        "WhenChangedUTC": stamp(now),
        "_created": now.isoformat(),
        "_scope": _scope(call),
    }
    call.store.put("managementRoleAssignment", assignment_key(made), made)
    return _shown(call.store, made)


def _of_role_group(call: Call) -> Document:
    if any(call.text(name) for name in _SCOPES):
        raise no_parameter_set()
    role = call.text("Role")
    [group, *_] = exactly(call.store.all("roleGroup"), call.text("SecurityGroup"), "Name", "Guid")
    if role in APPLICATION_ROLES:
        raise _not_assignable(role, "a role group")
    if role not in EVERY_ROLE:
        raise NotFoundError(role)
    name = call.text("Name") or f"{role}-{group['Name']}"
    if role in group["Roles"]:
        raise already_exists(name)
    call.store.put("roleGroup", group["Guid"], group | {"Roles": [*group["Roles"], role]})
    return {"Identity": name, "Name": name, "Role": role, "RoleAssigneeName": group["Name"]}


def _app(call: Call, parameter: str) -> Document:
    return exactly(call.store.all("exchangeServicePrincipal"), call.text(parameter), *_APP_NAMES)[0]


def _application_role(call: Call) -> str:
    wanted = call.text("Role")
    for role in APPLICATION_ROLES:
        if role.lower() == wanted.lower():
            return role
    if wanted in EVERY_ROLE:
        raise _not_assignable(wanted, "an application")
    raise NotFoundError(wanted)


def _not_assignable(role: str, assignee: str) -> Exception:
    """Application roles are for service principals alone, and these take no other; unconfirmed text."""
    return refused(
        f"The role '{role}' can't be assigned to {assignee}.",
        f"Die Rolle '{role}' kann hier nicht zugewiesen werden: {assignee}.",
    )


def _scope(call: Call) -> list[str]:
    """What the assignment is about: the kind of document that says so, and its id; at most one."""
    given = [name for name in _SCOPES if call.text(name)]
    if len(given) > 1:
        raise no_parameter_set()
    if not given:
        return ["organization", ""]
    text = call.text(given[0])
    if given == ["CustomResourceScope"]:
        scopes = standing(call.store, "managementScope")
        return ["managementScope", exactly(scopes, text, *_NAMES)[0]["Guid"]]
    if given == ["RecipientGroupScope"]:
        return ["group", one(call, text, GROUP_TYPES)["ExternalDirectoryObjectId"]]
    units = call.store.all("administrativeUnit")
    return ["administrativeUnit", exactly(units, text, "id", "displayName")[0]["id"]]


def _shown(store: Store, assignment: Document) -> Document:
    if "_scope" not in assignment:
        return shown(assignment)
    kind, name = scope_of(store, assignment)
    parameter = {
        "CustomRecipientScope": "CustomResourceScope",
        "AdministrativeUnit": "RecipientAdministrativeUnitScope",
        "Group": "RecipientGroupScope",
    }.get(kind)
    scopes = dict.fromkeys(_SCOPES, "") | ({parameter: name} if parameter else {})
    return {**shown(assignment), "RecipientWriteScope": kind, **scopes}
