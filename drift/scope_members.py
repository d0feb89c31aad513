"""Who is in the groups of the scope, against the inventory."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from drift import code_lines, commands
from drift.code import CodeGroup
from drift.counted import counted
from drift.facts import facts
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from exchange import directory
from exchange.mailbox_kinds import ROOMS
from exchange.members import GROUPS, by_address
from exchange.records import Recipient
from permissions import Level
from review.types import GROUP_MEMBERS

_MANAGED = frozenset({Managed(GROUP_MEMBERS, "members"), Managed(GROUP_MEMBERS)})
_GROUPS = (*GROUPS, "GroupMailbox")


def members(tenant: Tenant) -> Iterator[Finding]:
    """Members that the code does not name, or that are no rooms, and rooms that are missing.

    Who is in a group that somebody else keeps they decide, groups in it included.
    """
    for group in tenant.groups():
        if group.is_somebody_else_s:
            continue
        present = by_address(tenant.members(group.object_id) or ())
        expected = tenant.expected(group)
        yield from _present(tenant, group, present, expected)
        yield from _missing(tenant, group, sorted(set(expected) - set(present)))


def _present(
    tenant: Tenant, group: CodeGroup, present: Mapping[str, Recipient], expected: Mapping[str, str]
) -> Iterator[Finding]:
    for address, one in present.items():
        if one.type_details in _GROUPS:
            yield _nested(tenant, group, address, one)
        elif not group.kind.has(one):
            yield _member(
                tenant, group, address, "member-of-another-kind",
                f"{address} {group.kind.why_not(one)}", Level.HIGH,
            )  # fmt: skip
        elif address not in expected:
            yield _member(
                tenant, group, address, "member-not-in-code",
                f"{one.name} ({address}) is in the group and not in {group.source}",
                Level.MODERATE if group.kind is ROOMS else Level.HIGH,
            )  # fmt: skip


def _nested(tenant: Tenant, group: CodeGroup, address: str, one: Recipient) -> Finding:
    inside = tenant.everybody([one.object_id]) if one.object_id else {}
    found = _member(
        tenant, group, address, "nested-group",
        f"the group {one.name} ({address}) with {counted(len(inside), 'member')} is in {group.address}",
        Level.HIGH,
    )  # fmt: skip
    return replace(found, holds=facts(inside))


def _member(  # noqa: PLR0913, PLR0917 - the parts of one finding
    tenant: Tenant, group: CodeGroup, address: str, rule: str, what: str, level: Level
) -> Finding:
    return Finding(
        rule=rule,
        subject=f"{address} in {group.address}",
        what=what,
        where=f"Exchange Online, group {group.address}",
        level=level,
        repair=_up(tenant),
        accept=code_lines.row(tenant.code, group, address) if rule == "member-not-in-code" else "",
        also=_MANAGED,
    )


def _missing(tenant: Tenant, group: CodeGroup, addresses: list[str]) -> Iterator[Finding]:
    found = directory.find(tenant.exchange, addresses) if addresses else {}
    for address in addresses:
        there = found.get(address)
        if there is None:
            what, rule = "nobody in the tenant has this address", "room-missing-in-tenant"
            repair = f"# take out of {group.source} what nobody has, or make the mailbox\n{_up(tenant)}"
        else:
            what, rule, repair = _why_out(group, there), "room-missing-in-scope", _up(tenant)
        yield Finding(
            rule=rule,
            subject=f"{address} in {group.address}",
            what=f"{address} is in {group.source} and not in the group: {what}",
            where=f"Exchange Online, group {group.address}",
            level=Level.MODERATE,
            repair=repair,
            accept=code_lines.no_row(tenant.code, group, address),
            also=_MANAGED,
        )


def _why_out(group: CodeGroup, there: Recipient) -> str:
    return "it is in the tenant" if group.kind.has(there) else f"it {group.kind.why_not(there)}"


def _up(tenant: Tenant) -> str:
    return commands.up(tenant.code.stack)
