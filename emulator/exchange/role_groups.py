"""Role groups: who holds which Exchange roles.

learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2, "Assign custom role groups to the
application using service principals". Documents of the kind "roleGroup".
"""

from collections.abc import Sequence

from emulator.exchange.authorization import EVERY_ROLE, READ_ROLES, ROLE_MANAGEMENT
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import NotFoundError, already_exists, already_member, not_member
from emulator.exchange.identities import exactly
from emulator.exchange.organization import must_be_hydrated
from emulator.exchange.parameters import BYPASS, CONFIRM, NAME, SIZE, TEXT, Texts
from emulator.exchange.records import shown
from emulator.ids import stable_id
from emulator.store import Document

_MANAGE = frozenset({ROLE_MANAGEMENT})


@cmdlet("New-RoleGroup", _MANAGE, {"Name": NAME, "Roles": Texts(), "Description": TEXT, **CONFIRM}, ("Name",))
def new_role_group(call: Call) -> Sequence[Document]:
    """Make a role group with these roles; whoever becomes a member holds them."""
    must_be_hydrated(call.tenant)
    name, roles = call.text("Name"), call.texts("Roles")
    if name.lower() in [group["Name"].lower() for group in call.store.all("roleGroup")]:
        raise already_exists(name)
    if unknown := sorted(set(roles) - EVERY_ROLE):
        raise NotFoundError(unknown[0])
    group = role_group(call.tenant.id, name, roles, []) | {"Description": call.text("Description")}
    call.store.put("roleGroup", group["Guid"], group)
    return [shown(group)]


@cmdlet("Get-RoleGroup", READ_ROLES, {"Identity": TEXT, "ResultSize": SIZE})
def get_role_group(call: Call) -> Sequence[Document]:
    """Role groups and their roles."""
    groups = [_find(call)] if call.text("Identity") else call.store.all("roleGroup")
    return [shown(group) for group in groups]


@cmdlet("Get-RoleGroupMember", READ_ROLES, {"Identity": TEXT, "ResultSize": SIZE}, ("Identity",))
def get_role_group_member(call: Call) -> Sequence[Document]:
    """Who is in a role group. How an application looks among them is not confirmed."""
    principals = {one["ObjectId"].lower(): one for one in call.store.all("exchangeServicePrincipal")}
    return [
        {
            "Identity": principals[member]["Identity"],
            "Name": member,
            "DisplayName": principals[member]["DisplayName"],
            "ExternalDirectoryObjectId": member,
            "RecipientTypeDetails": "ServicePrincipal",
        }
        for member in _find(call)["_members"]
        if member in principals
    ]


@cmdlet(
    "Add-RoleGroupMember",
    _MANAGE,
    {"Identity": TEXT, "Member": TEXT, **BYPASS, **CONFIRM},
    ("Identity", "Member"),
)
def add_role_group_member(call: Call) -> Sequence[Document]:
    """Add an application, by anything that names its pointer."""
    group, member = _find(call), _member(call)
    if member in group["_members"]:
        raise already_member(call.text("Member"), group["Name"])
    call.store.put("roleGroup", group["Guid"], group | {"_members": [*group["_members"], member]})
    return []


@cmdlet(
    "Remove-RoleGroupMember",
    _MANAGE,
    {"Identity": TEXT, "Member": TEXT, **BYPASS, **CONFIRM},
    ("Identity", "Member"),
)
def remove_role_group_member(call: Call) -> Sequence[Document]:
    """Remove an application, which holds the roles no more."""
    group, member = _find(call), _member(call)
    if member not in group["_members"]:
        raise not_member(call.text("Member"), group["Name"])
    rest = [one for one in group["_members"] if one != member]
    call.store.put("roleGroup", group["Guid"], group | {"_members": rest})
    return []


def role_group(tenant_id: str, name: str, roles: Sequence[str], members: Sequence[str]) -> Document:
    """A role group; its members are service principals' object ids."""
    return {
        "Identity": name,
        "Name": name,
        "Guid": stable_id(tenant_id, "roleGroup", name),
        "Roles": list(roles),
        "_members": list(members),
    }


def _find(call: Call, parameter: str = "Identity") -> Document:
    wanted = call.text(parameter).lower()
    for group in call.store.all("roleGroup"):
        if wanted in (group["Name"].lower(), group["Guid"].lower()):
            return group
    raise NotFoundError(call.text(parameter))


def _member(call: Call) -> str:
    """The object id of the application that Member names."""
    known = call.store.all("exchangeServicePrincipal")
    [found, *_] = exactly(known, call.text("Member"), "Identity", "DisplayName", "ObjectId")
    return str(found["ObjectId"]).lower()
