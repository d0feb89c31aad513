"""Exchange's own rights of the principal: RBAC for Applications, and role groups."""

import json
from collections.abc import Iterator

from drift import code_lines, commands
from drift.finding import Finding
from drift.tenant import Tenant
from exchange import role_groups
from exchange.admin_api import Record
from exchange.application_roles import assignees
from permissions import Level

_SCOPES = {
    "CustomResourceScope": "the management scope",
    "RecipientGroupScope": "the group",
    "RecipientAdministrativeUnitScope": "the administrative unit",
}
"""Where an assignment tells its scope (learn.microsoft.com/exchange/permissions-exo/application-rbac)."""


def roles(tenant: Tenant) -> Iterator[Finding]:
    """Roles that open mailboxes beside consent; the code gives none."""
    code = tenant.code
    for one in of_principal(tenant, code.principal):
        role, assignment = str(one["Role"]), str(one.get("Identity") or one.get("Name"))
        if role in code.accepted_permissions:
            continue
        scope = _in_words(one)
        yield Finding(
            rule="exchange-role",
            subject=f"{role} on {scope or 'every mailbox'}",
            what=f"it holds the role {role} in Exchange, on {scope or 'every mailbox of the tenant'}",
            where="Exchange Online, Get-ManagementRoleAssignment",
            level=Level.HIGH if scope else Level.CRITICAL,
            since=str(one.get("WhenCreatedUTC") or ""),
            repair=commands.cmdlet("Remove-ManagementRoleAssignment", Identity=assignment),
            accept=code_lines.one_more(code, "acceptedPermissions", role) if code.existing else "",
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
                repair=commands.cmdlet_as_administrator(
                    "Remove-RoleGroupMember", Identity=group.name, Member=code.principal
                ),
            )


def of_principal(tenant: Tenant, principal: str) -> list[Record]:
    """The roles in Exchange that this service principal holds, by its object id: all of them open mailboxes.

    Exchange gives applications such roles alone, and those that somebody made of them, whatever their names.
    """
    return [one for one in tenant.exchange_roles() if principal.lower() in assignees(one)]


def scope_of(assignment: Record) -> str:
    """The name of what it is limited to; "" for every mailbox of the tenant."""
    return next((str(assignment[key]) for key in _SCOPES if assignment.get(key)), "")


def _in_words(assignment: Record) -> str:
    """The same with its kind, and in quotes: a scope may be named like anything, `every mailbox` included."""
    kind = next((said for key, said in _SCOPES.items() if assignment.get(key)), "")
    return kind and f"{kind} {json.dumps(scope_of(assignment), ensure_ascii=False)}"
