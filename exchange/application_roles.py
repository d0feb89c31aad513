"""RBAC for Applications: roles in Exchange that open mailboxes beside consent, whatever a policy says.

learn.microsoft.com/exchange/permissions-exo/application-rbac: the assigned permissions are a union.
"""

from exchange.admin_api import ExchangeAdmin


def application_roles(exchange: ExchangeAdmin, service_principal_id: str) -> list[str]:
    """The names of the roles that Exchange gave this service principal, such as `Application Mail.Read`."""
    # By the kind of assignee: asked for one assignee, Exchange answers an unknown one with an error.
    assignments = exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="ServicePrincipal")
    return sorted(
        {
            str(one["Role"])
            for one in assignments
            if str(one["RoleAssigneeName"]).lower() == service_principal_id.lower()
        }
    )
