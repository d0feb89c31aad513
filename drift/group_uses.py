"""What the groups of the scope are used for beside the scope."""

from collections.abc import Iterator

from drift import commands
from drift.another_stack import is_another_stack_s
from drift.code import CodeGroup
from drift.counted import counted
from drift.finding import Finding
from drift.memberships import GROUP
from drift.tenant import Tenant
from exchange import directory
from exchange.application_roles import assignees
from exchange.records import RESTRICT, AccessPolicy, SecurityGroup, required, texts
from graph.applications import by_client_id
from marks import marks_in
from permissions import Level

_CLOSED = "Closed"


def uses(tenant: Tenant) -> Iterator[Finding]:
    """Groups that hold them, other applications that they open, and mailboxes that their members may use.

    What else a group of people gives them, whoever keeps it decides: a department is in other groups.
    """
    for group in tenant.groups():
        yield from _other_applications(tenant, group)
        yield from _roles_of_others(tenant, group)
        if not group.is_somebody_else_s:
            yield from _holders(tenant, group)
            yield from _may_send_as(tenant, group)


def doors(tenant: Tenant) -> Iterator[Finding]:
    """The join rule of a group that somebody else keeps: its owners and its other settings are theirs."""
    for group in tenant.groups():
        if not group.is_somebody_else_s:
            continue
        found = tenant.group(group.object_id)
        if found.join != _CLOSED:
            yield Finding(
                rule="group-door-open",
                subject=f"{group.address} join rule",
                what=f"people may ask to join {group.address} ({found.join}), and PlaceOS opens its members",
                where=f"Exchange Online, group {group.address}",
                level=Level.MODERATE,
                holds=(found.join,),
                repair=f"{commands.note(f'whoever keeps {group.address} decides how it is joined:')}\n"
                + commands.cmdlet_as_administrator(
                    "Set-DistributionGroup", Identity=group.object_id, MemberJoinRestriction=_CLOSED
                ),
            )


def _holders(tenant: Tenant, group: CodeGroup) -> Iterator[Finding]:
    """Other groups; an administrative unit gives its members nothing."""
    for one in tenant.entries(f"groups that hold {group.object_id}"):
        if one["@odata.type"] != GROUP:
            continue
        holder = str(one["id"]).lower()
        yield Finding(
            rule="group-used-elsewhere",
            subject=f"{group.address} in {holder}",
            what=f"{group.address} is a member of {one.get('displayName') or 'a group'} ({holder})",
            where="Entra, Groups",
            level=Level.MODERATE,
            repair=commands.out_of_group(tenant.graph, one, group.object_id),
        )


def _other_applications(tenant: Tenant, group: CodeGroup) -> Iterator[Finding]:
    """No command: without that policy the other application might open every mailbox."""
    for one in tenant.policies():
        names_another = one.group_object_id == group.object_id and not one.names(tenant.code.client_id)
        if names_another and not (_is_of_deleted(tenant, one) or _is_of_another_stack(tenant, one)):
            verb = "opens" if one.access_right == RESTRICT else "closes"
            yield Finding(
                rule="group-used-elsewhere",
                subject=one.identity,
                what=f"{group.address} {verb} its mailboxes to another application, {one.app_id}, too",
                where="Exchange Online, Get-ApplicationAccessPolicy",
                level=Level.MODERATE,
                repair=commands.note(
                    f"give the application {one.app_id} a group of its own before its policy goes: "
                    "without one every mailbox is open to it"
                ),
            )


def _roles_of_others(tenant: Tenant, group: CodeGroup) -> Iterator[Finding]:
    """Roles in Exchange whose scope is the group's members: an assignment names it as Exchange does."""
    others = [one for one in tenant.exchange_roles() if tenant.code.principal not in assignees(one)]
    scoped = [one for one in others if one.get("RecipientGroupScope")]
    called = _names(tenant.group(group.object_id)) if scoped else frozenset()
    for one in scoped:
        role, other = one["Role"], one.get("RoleAssigneeName") or one["RoleAssignee"]
        scope = str(one["RecipientGroupScope"]).lower()
        if not called.intersection({scope, scope.rpartition("/")[2]}):
            continue
        yield Finding(
            rule="group-used-elsewhere",
            subject=f"{role} on {group.address} for {other}",
            what=f"{group.address} opens its mailboxes to another service principal, {other}, by the role "
            f"{role} in Exchange, too",
            where="Exchange Online, Get-ManagementRoleAssignment",
            level=Level.MODERATE,
            repair=f"{commands.note(f'if {other} needs it, give it a group of its own first:')}\n"
            + commands.cmdlet(
                "Remove-ManagementRoleAssignment", Identity=str(one.get("Identity") or one["Name"])
            ),
        )


def _names(group: SecurityGroup) -> frozenset[str]:
    """By any of which a scope may show it, alone or at the end of a path."""
    named = (group.object_id, group.guid, group.name, group.alias, group.address)
    return frozenset(one.lower() for one in named if one)


def _is_of_deleted(tenant: Tenant, policy: AccessPolicy) -> bool:
    """Whether it is this stack's own for an application that was deleted, which it limits if it comes back.

    Once that is gone for good, it is told among what destroyed stacks kept.
    """
    own = tenant.code.mark in marks_in(policy.description)
    return own and policy.app_id != "*" and by_client_id(tenant.graph, policy.app_id) is None


def _is_of_another_stack(tenant: Tenant, policy: AccessPolicy) -> bool:
    """Whether it limits the application of another stack, which people of one group use, too."""
    return policy.access_right == RESTRICT and is_another_stack_s(tenant, policy.app_id)


def _may_send_as(tenant: Tenant, group: CodeGroup) -> Iterator[Finding]:
    """By the group's address, which is documented as a trustee's name; an Entra object id is not.

    Exchange tells each mailbox by its name, which others may have, too: it is looked up.
    https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipientpermission
    """
    held = tenant.exchange.run("Get-RecipientPermission", Trustee=group.address, ResultSize="Unlimited")
    called = [str(required(one, "Identity", "permission to send")) for one in held]
    known = directory.find_all(tenant.exchange, map(_name, called)) if held else {}
    for one, name in zip(held, called, strict=True):
        alike = known.get(_name(name).lower(), [])
        mailbox = alike[0].address or alike[0].object_id if len(alike) == 1 else name
        rights = ", ".join(texts(one, "AccessRights") or ["SendAs"])
        yield Finding(
            rule="group-used-elsewhere",
            subject=f"{rights} on {mailbox} for {group.address}",
            what=f"the members of {group.address} have {rights} on {mailbox}",
            where="Exchange Online, Get-RecipientPermission",
            level=Level.HIGH,
            repair=_which(mailbox, len(alike))
            + commands.cmdlet(
                "Remove-RecipientPermission", Identity=mailbox, Trustee=group.address, AccessRights=rights
            ),
        )


def _name(identity: str) -> str:
    """Of a mailbox, which may stand at the end of a path."""
    return identity.rpartition("/")[2]


def _which(mailbox: str, count: int) -> str:
    """What is to be done first where its name is all that is known of it."""
    if count == 1:
        return ""
    ask = f"{counted(count, 'recipient')} called {mailbox}: put the right one's address in its place"
    return f"{commands.note(ask)}\n"
