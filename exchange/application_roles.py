"""RBAC for Applications: roles in Exchange that open mailboxes beside consent, whatever a policy says.

learn.microsoft.com/exchange/permissions-exo/application-rbac: the assigned permissions are a union.
"""

from exchange.admin_api import ExchangeAdmin, Record
from exchange.records import required

_HOLDER = ("RoleAssigneeName", "RoleAssignee")


def application_roles(exchange: ExchangeAdmin, service_principal_id: str) -> list[str]:
    """The names of the roles that Exchange gave this service principal, such as `Application Mail.Read`."""
    # By the kind of assignee: asked for one assignee, Exchange answers an unknown one with an error.
    assignments = exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="ServicePrincipal")
    return sorted({str(one["Role"]) for one in assignments if service_principal_id.lower() in assignees(one)})


def assignees(assignment: Record) -> set[str]:
    """What Exchange calls the holder of an assignment, in lower case: its object id is among it.

    Invalid for one without a holder: it could be anybody's.
    """
    called = {str(assignment[key]).lower() for key in _HOLDER if assignment.get(key)}
    return called or {required(assignment, _HOLDER[0], "role assignment")}
