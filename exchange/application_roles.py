"""RBAC for Applications: roles in Exchange that open mailboxes beside consent, whatever a policy says.

learn.microsoft.com/exchange/permissions-exo/application-rbac: the assigned permissions are a union.
"""

import json

from exchange.admin_api import ExchangeAdmin, Record
from exchange.records import required

_SCOPES = {
    "CustomResourceScope": "the management scope",
    "RecipientGroupScope": "the group",
    "RecipientAdministrativeUnitScope": "the administrative unit",
}
"""Where an assignment tells its scope (learn.microsoft.com/exchange/permissions-exo/application-rbac)."""
_HOLDER = ("RoleAssigneeName", "RoleAssignee")


def application_roles(exchange: ExchangeAdmin, service_principal_id: str) -> list[str]:
    """The roles that Exchange gave this service principal, as `acceptedPermissions` calls them."""
    # By the kind of assignee: asked for one assignee, Exchange answers an unknown one with an error.
    assignments = exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="ServicePrincipal")
    return sorted({accepted_as(one) for one in assignments if service_principal_id.lower() in assignees(one)})


def accepted_as(assignment: Record) -> str:
    """The role and where it counts, such as `Application Mail.Read on every mailbox`.

    One role may be given twice, with a scope and without: who accepts the one does not accept the other.
    """
    return f"{assignment['Role']} on {where(assignment)}"


def scope_of(assignment: Record) -> str:
    """The name of what it is limited to; "" for every mailbox of the tenant."""
    return next((str(assignment[key]) for key in _SCOPES if assignment.get(key)), "")


def where(assignment: Record) -> str:
    """What it is limited to, its kind first and its name in quotes; it may be named like anything.

    `every mailbox` without quotes is every mailbox of the tenant.
    """
    kind = next((said for key, said in _SCOPES.items() if assignment.get(key)), "")
    return f"{kind} {json.dumps(scope_of(assignment), ensure_ascii=False)}" if kind else "every mailbox"


def assignees(assignment: Record) -> set[str]:
    """What Exchange calls the holder of an assignment, in lower case: its object id is among it.

    Invalid for one without a holder: it could be anybody's.
    """
    called = {str(assignment[key]).lower() for key in _HOLDER if assignment.get(key)}
    return called or {required(assignment, _HOLDER[0], "role assignment")}
