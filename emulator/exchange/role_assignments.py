"""Reads of RBAC for Applications: what a tenant's store holds, usually nothing."""

from collections.abc import Sequence

from emulator.exchange.authorization import READ_ROLES
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import NotFoundError
from emulator.exchange.parameters import TEXT, Choice
from emulator.exchange.records import shown
from emulator.store import Document

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


@cmdlet(
    "Get-ManagementRoleAssignment",
    READ_ROLES,
    {"Identity": TEXT, "Role": TEXT, "RoleAssignee": TEXT, "RoleAssigneeType": _ASSIGNEE_TYPES},
)
def get_management_role_assignment(call: Call) -> Sequence[Document]:
    """Role assignments; documents of the kind "managementRoleAssignment".

    A role assignee that Exchange doesn't know is an error, as an unknown app is one that nothing can be
    assigned to; that it is the error of a missing object is not confirmed.
    """
    assignments = call.store.all("managementRoleAssignment")
    if call.text("Identity"):
        assignments = _exactly(assignments, call.text("Identity"), "Identity", "Name")
    if call.text("RoleAssignee"):
        known = _exactly(call.store.all("exchangeServicePrincipal"), call.text("RoleAssignee"), *_NAMES)
        assignee = known[0]["ObjectId"].lower()
        assignments = [found for found in assignments if found["RoleAssigneeName"].lower() == assignee]
    for parameter in ("Role", "RoleAssigneeType"):
        wanted = call.text(parameter).lower()
        assignments = [found for found in assignments if wanted in ("", found[parameter].lower())]
    return [shown(found) for found in assignments]


@cmdlet("Get-ServicePrincipal", READ_ROLES, {"Identity": TEXT})
def get_service_principal(call: Call) -> Sequence[Document]:
    """The apps that Exchange was told of; documents of the kind "exchangeServicePrincipal"."""
    principals = call.store.all("exchangeServicePrincipal")
    if call.text("Identity"):
        principals = _exactly(principals, call.text("Identity"), *_NAMES)
    return [shown(found) for found in principals]


_NAMES = ("Identity", "DisplayName", "AppId", "ObjectId")


def _exactly(documents: list[Document], identity: str, *names: str) -> list[Document]:
    found = [d for d in documents if identity.lower() in [str(d.get(name, "")).lower() for name in names]]
    if not found:
        raise NotFoundError(identity)
    return found
