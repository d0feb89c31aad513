"""The locks of the stack's own groups, against the settings: a refreshed state may have forgotten them."""

from collections.abc import Iterator

from drift import commands
from drift.code import CodeGroup
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from exchange import groups
from exchange.records import SecurityGroup
from permissions import Level
from review.types import SECURITY_GROUP

_DOOR, _LOCK = ("group-door-open", Level.HIGH), ("group-not-locked", Level.MODERATE)


def locks(tenant: Tenant) -> Iterator[Finding]:
    """Who can add members, who finds and mails the group: as it is made, and no other way."""
    for group in tenant.groups():
        if group.owner:
            found = groups.find(tenant.exchange, group.object_id, notes="")
            yield from _differences(tenant, group, found) if found else ()


def _differences(tenant: Tenant, group: CodeGroup, found: SecurityGroup) -> Iterator[Finding]:
    owner = (group.owner,)
    for name, is_, should, (rule, level) in (
        ("memberJoin", found.join, "Closed", _DOOR),
        ("memberDepart", found.depart, "Closed", ("group-door-open", Level.LOW)),
        ("owners", found.owners, owner, _DOOR),
        ("hiddenFromAddressLists", found.hidden, True, _LOCK),
        ("requireSenderAuthentication", found.require_sender_auth, True, _LOCK),
        ("allowedSenders", found.accepted_senders, owner, _LOCK),
    ):
        if is_ != should:
            yield Finding(
                rule=rule,
                subject=f"{group.address} {name}",
                what=f"{name} of {group.address} is {_said(is_)} and should be {_said(should)}",
                where=f"Exchange Online, group {group.address}",
                level=level,
                repair=commands.up(tenant.code.stack),
                also=frozenset({Managed(SECURITY_GROUP, name)}),
            )


def _said(value: object) -> str:
    return ", ".join(value) or "nobody" if isinstance(value, tuple) else str(value)
