"""What Pulumi's own refresh found: what it manages and the tenant has otherwise, or no more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from drift import commands
from drift.facts import beyond
from drift.finding import Finding, Managed
from permissions import Level
from review.types import (
    ACCESS_POLICIES,
    APPLICATION,
    CONFIGURED_ACCESS,
    ENFORCED_ACCESS,
    SECURITY_GROUP,
    SERVICE_PRINCIPAL,
)  # fmt: skip

_WHERE = "Pulumi's state"
_LONGEST = 200
_KINDS: Mapping[Managed, tuple[str, Level]] = {
    Managed(SECURITY_GROUP, "memberJoin"): ("group-door-open", Level.HIGH),
    Managed(SECURITY_GROUP, "memberDepart"): ("group-door-open", Level.LOW),
    Managed(SECURITY_GROUP, "owners"): ("group-door-open", Level.HIGH),
    Managed(SECURITY_GROUP, "hiddenFromAddressLists"): ("group-not-locked", Level.MODERATE),
    Managed(SECURITY_GROUP, "requireSenderAuthentication"): ("group-not-locked", Level.MODERATE),
    Managed(SECURITY_GROUP, "allowedSenders"): ("group-not-locked", Level.MODERATE),
    Managed(CONFIGURED_ACCESS, "findings"): ("proof-fails", Level.HIGH),
    Managed(ENFORCED_ACCESS, "leftOver"): ("made-twice", Level.MODERATE),
}
"""What a property means; any other is `managed-changed`, and low."""
_GONE = {ACCESS_POLICIES: Level.CRITICAL} | dict.fromkeys(
    (APPLICATION, SERVICE_PRINCIPAL, SECURITY_GROUP), Level.HIGH
)
"""How grave it is that a resource is gone; of any other, moderate."""


@dataclass(frozen=True)
class Changed:
    """A resource that the tenant has otherwise.

    properties: by name, as recorded and as found; empty when it is gone. Secret values are masked.
    """

    type: str
    name: str
    properties: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def managed(changes: Iterable[Changed], stack: str) -> Iterator[Finding]:
    """A finding for each resource that is gone and for each property that is otherwise."""
    for one in changes:
        if not one.properties:
            yield _finding(
                one, "managed-gone", one.name, f"{one.name} is gone from the tenant",
                _GONE.get(one.type, Level.MODERATE), stack, Managed(one.type),
            )  # fmt: skip
        for name, recorded, found in _different(one):
            property_ = Managed(one.type, name)
            rule, level = _KINDS.get(property_, ("managed-changed", Level.LOW))
            told = _finding(
                one, rule, f"{one.name} {name}", _said(one, name, recorded, found), level, stack, property_
            )
            yield replace(told, holds=beyond(found, recorded))


def _different(one: Changed) -> Iterator[tuple[str, Any, Any]]:
    """What is otherwise, by its path: of a block each part, so that one that is told hides no other."""
    for name, (recorded, found) in one.properties.items():
        yield from list(_parts(name, recorded, found)) or [(name, recorded, found)]


def _parts(name: str, recorded: Any, found: Any) -> Iterator[tuple[str, Any, Any]]:
    before, after = recorded or {}, found or {}
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        if (recorded or None) != (found or None):  # a plugin writes the same nothing in several ways
            yield name, recorded, found
        return
    for key in sorted(one for one in {*before, *after} if not one.startswith("__")):
        yield from _parts(f"{name}.{key}", before.get(key), after.get(key))


def not_told_already(
    found: Iterable[Finding], told: Iterable[Finding], held: Iterable[frozenset[Managed]] = ()
) -> list[Finding]:
    """Those of Pulumi's that no other finding tells more exactly, and no look `held` against the code.

    Who tells a property tells what is in it, and who tells a part of it nothing else.
    """
    known = frozenset().union(*held, *(one.also for one in told))
    return [
        one for one in found if not all(known.intersection(each.with_those_around()) for each in one.also)
    ]


def _finding(  # noqa: PLR0913, PLR0917 - the parts of one finding
    one: Changed, rule: str, subject: str, what: str, level: Level, stack: str, also: Managed
) -> Finding:
    return Finding(
        rule=rule,
        subject=subject,
        what=what,
        where=f"{_WHERE}, {one.name}",
        level=level,
        repair=commands.up(stack),
        also=frozenset({also}),
    )


def _said(one: Changed, name: str, recorded: Any, found: Any) -> str:
    if isinstance(found, list) and recorded in ([], None):
        return f"{one.name}: {'; '.join(map(str, found))}"
    return f"{one.name}: {name} is {_short(found)} and should be {_short(recorded)}"


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
