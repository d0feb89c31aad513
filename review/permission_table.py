"""The permissions of both sides in words: what comes, what goes, what stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import permissions
from review.change import LEVELS, Area, Change, Effect
from review.declared import Declared, Sides
from review.held import Asked, Consent, consented_on, held, opens_mailboxes
from review.reach import ROOMS, limited, reach


class Presence(StrEnum):
    """Whether it comes, goes or stays."""

    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Row:
    """One permission. `reach` is where it holds, `consent` who gives it."""

    presence: Presence
    name: str
    opens: str
    level: str
    reach: str
    consent: str


TENANT_WIDE = "tenant-wide"
_WITH_PEOPLE = {"low": "moderate", "moderate": "high"}
_NOBODY_JUDGED = "Not in the catalogue: what it opens has to be found out."


def rows(sides: Sides) -> tuple[Row, ...]:
    """A row a permission: those that come first, then those that go; the gravest of each first."""
    before, after = held(sides.before), held(sides.after)
    found = [
        _row(asked, _presence(asked, before, after), sides, (before | after)[asked])
        for asked in before.keys() | after.keys()
    ]
    order = list(Presence)
    return tuple(
        sorted(found, key=lambda row: (order.index(row.presence), -LEVELS.index(row.level), row.name))
    )


def changes(sides: Sides) -> tuple[Change, ...]:
    """What the permissions' change means for the access."""
    before, after = held(sides.before), held(sides.after)
    came = [_came(asked, before, after[asked], sides.after) for asked in sorted(after.keys() - before.keys())]
    went = [_went(asked) for asked in sorted(before.keys() - after.keys())]
    moved = [
        _moved(asked, before[asked], after[asked], sides.after)
        for asked in sorted(before.keys() & after.keys())
        if before[asked] is not after[asked]
    ]
    return tuple(_elsewhere(sides) + came + went + moved)


def _elsewhere(sides: Sides) -> list[Change]:
    """A role's id means another thing on another API, and the name of a grant does not say on which it is."""
    before = consented_on(sides.before)
    return [
        Change(
            Effect.GAINS,
            Area.PERMISSIONS,
            f"Consent is given on another API than before, {api}: its roles may open other things than their "
            "names say.",
            "unknown",
            f"Which API is {api}, and what do the same role ids open there?",
        )
        for api in sorted(consented_on(sides.after) - before)
        if before
    ]


def _presence(asked: Asked, before: dict[Asked, Consent], after: dict[Asked, Consent]) -> Presence:
    if asked not in before:
        return Presence.ADDED
    return Presence.UNCHANGED if asked in after else Presence.REMOVED


def _row(asked: Asked, presence: Presence, sides: Sides, consent: Consent) -> Row:
    side = sides.before if presence is Presence.REMOVED else sides.after
    opens = asked.entry.opens if asked.entry else _NOBODY_JUDGED
    return Row(
        presence,
        asked.name,
        opens,
        level_of(asked, side),
        where(asked, side),
        str(consent),
    )


def level_of(asked: Asked, side: Declared) -> str:
    """Our level of it; "unknown" for what nobody has judged.

    The catalogue judges what a policy can narrow with the rooms as its scope; with people in the scope it is
    graver, and open to all it is critical.
    """
    if asked.entry is None:
        return "unknown"
    open_to_all = asked.entry.scoped_by_policy and not _in_scope(asked, side)
    if open_to_all:
        return "critical"
    level = str(asked.entry.level)
    return _WITH_PEOPLE.get(level, level) if asked.entry.scoped_by_policy and _people(side) else level


def _people(side: Declared) -> bool:
    reached = reach(side)
    return bool(reached.groups) or any(one.kind != ROOMS for one in reached.mailboxes.values())


def where(asked: Asked, side: Declared) -> str:
    """Where it holds on that side."""
    if asked.delegated:
        return "whatever the person who signs in may open"
    if asked.entry is None or not asked.entry.scoped_by_policy:
        return TENANT_WIDE
    return "the mailboxes in scope" if _in_scope(asked, side) else "every mailbox of the tenant"


def _in_scope(asked: Asked, side: Declared) -> bool:
    """Whether a policy narrows it: those of this stack say nothing of another principal."""
    return limited(side) and not asked.other


def _came(asked: Asked, before: Mapping[Asked, Consent], consent: Consent, after: Declared) -> Change:
    entry = asked.entry
    given = (one for one, by in before.items() if by is not Consent.NOBODY or consent is Consent.NOBODY)
    if wider := next((one for one in given if _narrower(asked, one)), None):
        what = f"Permission {asked.name} comes, and opens less than {wider.name}, which was there."
        return Change(Effect.NEITHER, Area.PERMISSIONS, what)
    words = entry.opens if entry else _NOBODY_JUDGED
    return Change(
        Effect.GAINS,
        Area.PERMISSIONS,
        f"Permission {asked.name}, {where(asked, after)}: {words}",
        level_of(asked, after),
        _question(asked.name, entry),
    )


def _narrower(asked: Asked, other: Asked) -> bool:
    """Whether it opens a part of what the other does, in the same name and to the same principal."""
    entry = other.entry
    while entry and entry.narrower and asked.bearer == other.bearer:
        entry = permissions.find(entry.narrower.name)
        if entry == asked.entry:
            return True
    return False


def _question(name: str, entry: permissions.Permission | None) -> str:
    if entry is None:
        return f"What does {name} open, and which call of PlaceOS needs it? Nobody has judged it yet."
    if entry.excluded:
        return f"Why {name}? The catalogue excludes it: {entry.excluded}"
    narrower = (
        f" {entry.narrower.name} would be narrower; what goes with it: {entry.narrower.loses}."
        if entry.narrower
        else ""
    )
    calls = ", ".join(need.call for need in entry.needed_by)
    return f"Does this site use what needs {name} ({calls})?{narrower}"


def _went(asked: Asked) -> Change:
    return Change(
        Effect.LOSES,
        Area.PERMISSIONS,
        f"Permission {asked.name} is taken away.",
        "low",
        _what_stops(asked),
    )


def _what_stops(asked: Asked) -> str:
    calls = ", ".join(need.call for need in asked.entry.needed_by) if asked.entry else ""
    return f"Does nothing at this site need {asked.name} any more ({calls})?" if calls else ""


def _moved(asked: Asked, before: Consent, after: Consent, side: Declared) -> Change:
    what = f"Consent to {asked.name}: {after} (before: {before})."
    if before is Consent.NOBODY:
        ask = f"{asked.name} was only asked for until now. Is it meant to be given?"
        return Change(Effect.GAINS, Area.PERMISSIONS, what, level_of(asked, side), ask)
    return Change(Effect.LOSES if after is Consent.NOBODY else Effect.NEITHER, Area.PERMISSIONS, what)


def opens_any_mailbox(side: Declared) -> bool:
    """Whether any permission of that side opens mailboxes."""
    return any(opens_mailboxes(asked) for asked in held(side))
