"""The pointers by which Exchange knows applications, and what its own roles open to them.

learn.microsoft.com/exchange/permissions-exo/application-rbac; documents of the kind
"exchangeServicePrincipal".
"""

from collections.abc import Sequence

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.application_access import APPLICATION_ROLES, assignments_of, in_scope
from emulator.exchange.authorization import READ_ROLES, ROLE_MANAGEMENT
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import already_exists, bad_value
from emulator.exchange.identities import exactly, one
from emulator.exchange.parameters import CONFIRM, TEXT
from emulator.exchange.records import shown
from emulator.exchange.role_assignments import remove, scope_of
from emulator.store import Document

_MANAGE = frozenset({ROLE_MANAGEMENT})
_NAMES = ("Identity", "DisplayName", "AppId", "ObjectId")


@cmdlet("Get-ServicePrincipal", READ_ROLES, {"Identity": TEXT})
def get_service_principal(call: Call) -> Sequence[Document]:
    """The apps that Exchange was told of."""
    principals = call.store.all("exchangeServicePrincipal")
    if call.text("Identity"):
        principals = exactly(principals, call.text("Identity"), *_NAMES)
    return [shown(found) for found in principals]


@cmdlet(
    "New-ServicePrincipal",
    _MANAGE,
    {"AppId": TEXT, "ObjectId": TEXT, "DisplayName": TEXT, **CONFIRM},
    ("AppId", "ObjectId"),
)
def new_service_principal(call: Call) -> Sequence[Document]:
    """Tell Exchange of an application: "Exchange prevents the creation of an invalid pointer"."""
    app_id, object_id = call.text("AppId").lower(), call.text("ObjectId").lower()
    known = call.store.get("servicePrincipal", object_id)
    if known is None or known["appId"].lower() != app_id:
        raise bad_value("ObjectId", f"There is no service principal {object_id} of the application {app_id}.")
    if call.store.get("exchangeServicePrincipal", object_id):
        raise already_exists(object_id)
    made = pointer(app_id, object_id, call.text("DisplayName") or known["displayName"])
    call.store.put("exchangeServicePrincipal", object_id, made)
    return [shown(made)]


@cmdlet("Remove-ServicePrincipal", _MANAGE, {"Identity": TEXT, **CONFIRM}, ("Identity",))
def remove_service_principal(call: Call) -> Sequence[Document]:
    """Let Exchange forget an application, with its roles and its place in role groups.

    That the roles go with it is known of a deletion in Entra only.
    """
    principal = _find(call)
    object_id = principal["ObjectId"].lower()
    for assignment in assignments_of(call.store, object_id):
        remove(call, assignment)
    for group in call.store.all("roleGroup"):
        rest = [member for member in group["_members"] if member != object_id]
        call.store.put("roleGroup", group["Guid"], group | {"_members": rest})
    call.store.delete("exchangeServicePrincipal", principal["ObjectId"])
    return []


@cmdlet(
    "Test-ServicePrincipalAuthorization",
    _MANAGE,
    {"Identity": TEXT, "Resource": TEXT, **CONFIRM},
    ("Identity",),
)
def test_service_principal_authorization(call: Call) -> Sequence[Document]:
    """The roles of an app, and whether a mailbox is in their scope; every change counts at once.

    Consents in Entra are left out. Not confirmed: that InScope is a text on its way, as its third value "Not
    Run" suggests, how several permissions of a role are joined, and the scope type of a group.
    """
    principal = _find(call)
    mailbox = one(call, call.text("Resource"), MAILBOX_TYPES) if call.text("Resource") else None
    rows = []
    for assignment in assignments_of(call.store, principal["ObjectId"]):
        kind, name = scope_of(call.store, assignment)
        rows.append(
            {
                "RoleName": assignment["Role"],
                "GrantedPermissions": ", ".join(APPLICATION_ROLES.get(assignment["Role"], ())),
                "AllowedResourceScope": name,
                "ScopeType": kind,
                "InScope": "Not Run" if mailbox is None else str(in_scope(call.store, assignment, mailbox)),
            }
        )
    return rows


def pointer(app_id: str, object_id: str, name: str) -> Document:
    """How Exchange knows an application."""
    return {"Identity": object_id, "DisplayName": name, "AppId": app_id, "ObjectId": object_id}


def _find(call: Call) -> Document:
    return exactly(call.store.all("exchangeServicePrincipal"), call.text("Identity"), *_NAMES)[0]
