"""Who can be reached after the change, and could not before; and who no longer."""

from collections.abc import Iterable

from review.change import Area, Change, Effect
from review.declared import Sides
from review.reach import ROOMS, STAFF, Mailbox, Reach, reach

NAMED = 20
"""How many are named in a list; the report as JSON names all."""
_FEW = 3
"""How many are named in a sentence; more stand in the list."""


def changes(sides: Sides) -> tuple[Change, ...]:
    """What enters and what leaves the reach."""
    before, after = reach(sides.before), reach(sides.after)
    if after.everything:
        return () if before.everything else (_open_to_everything(),)
    if before.everything:
        return (Change(Effect.LOSES, Area.REACH, "A policy limits the application again."),)
    entering, leaving = moved(before, after)
    return (*_entering(entering), *_leaving(leaving), *_groups(before, after))


def moved(before: Reach, after: Reach) -> tuple[list[Mailbox], list[Mailbox]]:
    """The mailboxes that enter, and those that leave, by address; of everything none enters or leaves."""
    if before.everything or after.everything:
        return [], []
    entering = [after.mailboxes[one] for one in sorted(after.mailboxes.keys() - before.mailboxes.keys())]
    leaving = [before.mailboxes[one] for one in sorted(before.mailboxes.keys() - after.mailboxes.keys())]
    return entering, leaving


def named(mailboxes: Iterable[Mailbox]) -> str:
    """Their names; the number of those that are too many to name."""
    shown = [one.shown for one in mailboxes]
    more = len(shown) - NAMED
    return ", ".join(shown[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _in_brief(mailboxes: list[Mailbox]) -> str:
    return f": {named(mailboxes)}" if len(mailboxes) <= _FEW else ""


def _open_to_everything() -> Change:
    return Change(
        Effect.GAINS,
        Area.REACH,
        "Every mailbox of the tenant can be opened: no RestrictAccess policy limits the application.",
        "critical",
        "Why does no policy limit the application? Do not approve this without the answer.",
    )


def _entering(mailboxes: list[Mailbox]) -> list[Change]:
    return [
        Change(
            Effect.GAINS,
            Area.REACH,
            f"{_counted(kind, ones)} newly reachable{_in_brief(ones)}.",
            "high" if kind == STAFF else "low",
            "Have these people agreed that PlaceOS opens their mailboxes?"
            if kind == STAFF
            else "Is everything that is newly reachable meant to be booked by PlaceOS?",
        )
        for kind, ones in _by_kind(mailboxes)
    ]


def _leaving(mailboxes: list[Mailbox]) -> list[Change]:
    return [
        Change(
            Effect.LOSES,
            Area.REACH,
            f"{_counted(kind, ones)} no longer reachable{_in_brief(ones)}.",
            ask="Do the panels of the rooms that leave go dark on purpose?" if kind == ROOMS else "",
        )
        for kind, ones in _by_kind(mailboxes)
    ]


def _groups(before: Reach, after: Reach) -> list[Change]:
    came = [
        Change(
            Effect.GAINS,
            Area.REACH,
            f"Newly reachable: whoever is in {group}.",
            "high",
            f"Who decides who is in {group}, and do they know that it opens mailboxes to PlaceOS?",
        )
        for group in after.groups
        if group not in before.groups
    ]
    went = [
        Change(Effect.LOSES, Area.REACH, f"No longer reachable: whoever is in {group}.")
        for group in before.groups
        if group not in after.groups
    ]
    return came + went


def _by_kind(mailboxes: list[Mailbox]) -> list[tuple[str, list[Mailbox]]]:
    kinds = sorted({one.kind for one in mailboxes})
    return [(kind, [one for one in mailboxes if one.kind == kind]) for kind in kinds]


def _counted(kind: str, mailboxes: list[Mailbox]) -> str:
    count = len(mailboxes)
    one = {ROOMS: "room", STAFF: "person's mailbox"}.get(kind, "mailbox")
    many = {ROOMS: "rooms", STAFF: "people's mailboxes"}.get(kind, "mailboxes")
    return f"1 {one}" if count == 1 else f"{count} {many}"
