"""Exchange's own rights of the principal: RBAC for Applications, and role groups."""

from collections.abc import Iterator

from drift import code_lines, commands
from drift.facts import facts
from drift.finding import Finding
from drift.tenant import Tenant
from exchange import role_groups
from exchange.admin_api import Record
from exchange.application_roles import accepted_as, assignees, scope_of, where
from permissions import Level


def roles(tenant: Tenant) -> Iterator[Finding]:
    """Roles that open mailboxes beside consent; the code gives none."""
    code = tenant.code
    for one in of_principal(tenant, code.principal):
        role, assignment = str(one["Role"]), str(one.get("Identity") or one.get("Name"))
        if accepted_as(one) in code.accepted_permissions:
            continue
        yield Finding(
            rule="exchange-role",
            subject=accepted_as(one),
            what=f"it holds the role {role} in Exchange, on {where(one)}",
            where="Exchange Online, Get-ManagementRoleAssignment",
            level=Level.HIGH if scope_of(one) else Level.CRITICAL,
            since=str(one.get("WhenCreatedUTC") or ""),
            repair=commands.cmdlet("Remove-ManagementRoleAssignment", Identity=assignment),
            accept=code_lines.one_more(code, "acceptedPermissions", accepted_as(one))
            if code.existing
            else "",
        )


def groups(tenant: Tenant) -> Iterator[Finding]:
    """Role groups that hold the principal: Exchange has to have been told of it first."""
    code = tenant.code
    known = role_groups.known_applications(tenant.exchange)
    if not any(one.object_id == code.principal for one in known):
        return
    for group in role_groups.every(tenant.exchange):
        if any(code.principal in role_groups.who(member, known) for member in group.members):
            yield Finding(
                rule="exchange-role-group",
                subject=group.name,
                what=f"it is in Exchange's role group {group.name}, with the roles {', '.join(group.roles)}",
                where="Exchange Online, Get-RoleGroupMember",
                level=Level.CRITICAL,
                holds=facts(group.roles),
                repair=commands.cmdlet_as_administrator(
                    "Remove-RoleGroupMember", Identity=group.name, Member=code.principal
                ),
            )


def of_principal(tenant: Tenant, principal: str) -> list[Record]:
    """The roles in Exchange that this service principal holds, by its object id: all of them open mailboxes.

    Exchange gives applications such roles alone, and those that somebody made of them, whatever their names.
    """
    return [one for one in tenant.exchange_roles() if principal.lower() in assignees(one)]
