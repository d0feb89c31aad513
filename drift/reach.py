"""How many mailboxes the application can open now, and how many it should."""

from dataclasses import dataclass, replace

from drift import exchange_roles
from drift.counted import counted
from drift.tenant import Tenant
from exchange.application_roles import scope_of
from exchange.other_grants import role_opens_mailboxes
from exchange.records import DENY, RESTRICT


@dataclass(frozen=True)
class Reach:
    """should, can: numbers of mailboxes. everything: nothing limits it, so all of the tenant's are open.

    beyond: addresses that are open and should not be; those of `everything` are not listed. besides: roles in
    Exchange, each with its scope, that open what only Exchange can resolve; `can` does not count it.
    """

    should: int
    can: int
    everything: bool = False
    beyond: frozenset[str] = frozenset()
    besides: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """A sentence, and another of what is not counted."""
        opened = f"every mailbox of the tenant, {self.can:,}" if self.everything else _mailboxes(self.can)
        said = f"PlaceOS can open {opened}; it should open {_mailboxes(self.should)}."
        return (
            f"{said} Not counted is what it opens with {' and '.join(self.besides)}."
            if self.besides
            else said
        )


def reach(tenant: Tenant) -> Reach:
    """What the consents, the policies and the groups let the application open together.

    Raises a WireError when one of them could not be looked at.
    """
    should = should_open(tenant)
    if not any(_opens(tenant, grant.resource, grant.role) for grant in tenant.grants()):
        return Reach(len(should), 0)
    naming = tenant.naming()
    allowing = {one.group_object_id for one in naming if one.access_right == RESTRICT}
    denying = {one.group_object_id for one in naming if one.access_right == DENY}
    closed = set(tenant.everybody(denying))
    if not allowing:
        everybody = {one for one in tenant.mailboxes() if one not in closed}
        return Reach(len(should), len(everybody), everything=True)
    opened = set(tenant.everybody(allowing)) - closed
    return Reach(len(should), len(opened), beyond=frozenset(opened - should))


def with_roles(tenant: Tenant) -> Reach:
    """The same with what its roles in Exchange open, whatever a policy says: a WireError as above.

    A role without a scope opens every mailbox, those of a policy that denies, too
    (https://learn.microsoft.com/exchange/permissions-exo/application-rbac).
    """
    limited = reach(tenant)
    held = exchange_roles.of_principal(tenant, tenant.code.principal)
    if any(not scope_of(one) for one in held):
        return Reach(limited.should, len(tenant.mailboxes()), everything=True)
    if limited.everything:
        return limited
    named = {f"the role {one['Role']} on {scope_of(one)}" for one in held}
    return replace(limited, besides=tuple(sorted(named)))


def should_open(tenant: Tenant) -> frozenset[str]:
    """The addresses that the code names; those of a group that somebody else keeps are who is in it."""
    return frozenset(one for group in tenant.code.groups for one in tenant.expected(group))


def _opens(tenant: Tenant, resource: str, role: str) -> bool:
    service = tenant.service(resource)
    return role_opens_mailboxes(service.app_id, role, service.roles.get(role, ""))


def _mailboxes(count: int) -> str:
    return counted(count, "mailbox", "mailboxes")
