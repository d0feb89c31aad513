"""The stack's own groups, their locks and what they are called, against the settings.

A state that was refreshed may have taken over what somebody made of them.
"""

from collections.abc import Iterator
from dataclasses import replace

from drift import commands
from drift.code import CodeGroup
from drift.facts import beyond, facts
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from exchange.records import SecurityGroup
from permissions import Level
from review.types import SECURITY_GROUP
from wire import Invalid

_DOOR, _LOCK = ("group-door-open", Level.HIGH), ("group-not-locked", Level.MODERATE)
_CALLED = ("managed-changed", Level.LOW)
HELD = frozenset({
    Managed(SECURITY_GROUP, one)
    for one in (
        "name", "alias", "address", "mark", "memberJoin", "memberDepart", "owners", "allowedSenders",
        "hiddenFromAddressLists", "requireSenderAuthentication",
    )
})  # fmt: skip
"""What of Pulumi's own drift the code says better than the state."""


def locks(tenant: Tenant) -> Iterator[Finding]:
    """Who can add members, who finds and mails the group, what it is called: as it is made, and no other way.

    Its notes may say more than the stack's mark.
    """
    for group in tenant.groups():
        if group.owner:
            found = replace(tenant.group(group.object_id), notes=_notes(tenant, group))
            yield from _differences(tenant, group, found)
            yield from _on_behalf(group, found)


def _notes(tenant: Tenant, group: CodeGroup) -> str:
    notes = tenant.group_notes().get(group.object_id)
    if notes is None:
        raise Invalid(
            "Exchange",
            f"reading the notes of {group.address}",
            "its members are listed, and it is not among the mail-enabled security groups",
            advice="Run it again; if it stays, look at the group's type.",
        )
    return notes


def _differences(tenant: Tenant, group: CodeGroup, found: SecurityGroup) -> Iterator[Finding]:
    owner, mark = (group.owner,), tenant.code.mark
    for name, is_, should, (rule, level) in (
        ("memberJoin", found.join, "Closed", _DOOR),
        ("memberDepart", found.depart, "Closed", ("group-door-open", Level.LOW)),
        ("owners", found.owners, owner, _DOOR),
        ("hiddenFromAddressLists", found.hidden, True, _LOCK),
        ("requireSenderAuthentication", found.require_sender_auth, True, _LOCK),
        ("allowedSenders", found.accepted_senders, owner, _LOCK),
        ("name", found.name, group.name, _CALLED),
        ("alias", found.alias, group.alias, _CALLED),
        ("address", found.address, group.address, _CALLED),
        ("mark", mark if mark in found.notes else "", mark, _CALLED),
    ):
        if should not in (is_, ""):
            yield Finding(
                rule=rule,
                subject=f"{group.address} {name}",
                what=f"{name} of {group.address} is {_said(is_)} and should be {_said(should)}",
                where=f"Exchange Online, group {group.address}",
                level=level,
                holds=beyond(is_, should),
                repair=commands.up(tenant.code.stack),
                also=frozenset({Managed(SECURITY_GROUP, name)}),
            )


def _on_behalf(group: CodeGroup, found: SecurityGroup) -> Iterator[Finding]:
    """Nobody is to send in the group's name; no run looks at that, so none ends it."""
    if found.on_behalf:
        close = commands.cmdlet_as_administrator("Set-DistributionGroup", Identity=group.object_id)
        yield Finding(
            rule="group-not-locked",
            subject=f"{group.address} sendOnBehalf",
            what=f"{', '.join(found.on_behalf)} may send on behalf of {group.address}",
            where=f"Exchange Online, group {group.address}",
            level=Level.MODERATE,
            holds=facts(found.on_behalf),
            repair=f"{close} -GrantSendOnBehalfTo:$null",
        )


def _said(value: object) -> str:
    return ", ".join(value) or "nobody" if isinstance(value, tuple) else str(value) or "missing"
