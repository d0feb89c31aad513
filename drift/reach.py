"""How many mailboxes the application can open now, and how many it should."""

from dataclasses import dataclass

import permissions
from drift.tenant import Tenant
from exchange.other_grants import opens_mailboxes
from exchange.records import DENY, RESTRICT


@dataclass(frozen=True)
class Reach:
    """should, can: numbers of mailboxes. everything: no policy limits it, so all of the tenant's are open.

    beyond: addresses that are open and should not be; those of `everything` are not listed.
    """

    should: int
    can: int
    everything: bool = False
    beyond: frozenset[str] = frozenset()

    @property
    def in_words(self) -> str:
        """A sentence."""
        opened = f"every mailbox of the tenant, {self.can:,}" if self.everything else _mailboxes(self.can)
        return f"PlaceOS can open {opened}; it should open {_mailboxes(self.should)}."


def reach(tenant: Tenant) -> Reach:
    """What the consents, the policies and the groups let the application open together.

    Roles in Exchange come on top of it and are findings of their own: their scopes are filters, which only
    Exchange can resolve. Raises a WireError when one of them could not be looked at.
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


def should_open(tenant: Tenant) -> frozenset[str]:
    """The addresses that the code names; those of a group that somebody else keeps are who is in it."""
    return frozenset(one for group in tenant.code.groups for one in tenant.expected(group))


def _opens(tenant: Tenant, resource: str, role: str) -> bool:
    service = tenant.service(resource)
    known = permissions.by_id(service.app_id, role)
    if known:
        return known.mailbox
    on_exchange = service.app_id == permissions.EXCHANGE_APP_ID
    return on_exchange or opens_mailboxes(service.roles.get(role, ""))


def _mailboxes(count: int) -> str:
    return "1 mailbox" if count == 1 else f"{count:,} mailboxes"
