"""When client secrets end and which of the two is handed out: plain dates, no resources.

Two slots overlap by one period. In period n the current secret ends with period n+1, so a run that comes up
to one period late still finds a valid secret in PlaceOS. Only the older one is ever replaced, which also
holds when the period or the anchor changes: the other keeps its end until the next boundary.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Secret:
    """One secret: its number and its end.

    The one with the higher number is handed out. Ends would not tell: after a shorter period the one that
    PlaceOS holds ends first.
    """

    number: int
    end: datetime


@dataclass(frozen=True)
class SecretSlots:
    """The plan of one moment."""

    secrets: tuple[Secret, Secret]
    """The secret of each slot; one that exists with this number and end is left alone."""
    current: int
    """The slot whose secret is handed to PlaceOS."""
    next_rotation: datetime
    """From then on a run replaces the other slot."""


Recorded = tuple[Secret | None, Secret | None]


def plan_slots(
    now: datetime, anchor: datetime, period: timedelta, recorded: Recorded = (None, None)
) -> SecretSlots:
    """Both slots at `now`.

    `anchor` is the start of period 0 and `recorded` the secret that exists in each slot, if any. Before the
    anchor the periods count backwards, so any `now` has a plan.
    """
    boundary = anchor + (now - anchor) // period * period
    newest = boundary + 2 * period
    numbers = [secret.number if secret else 0 for secret in recorded]
    last = numbers.index(max(numbers))
    handed_out = recorded[last]
    if handed_out and handed_out.end == newest:
        current, given = last, handed_out
    else:
        current, given = 1 - last, Secret(numbers[last] + 1, newest)
    kept = recorded[1 - current]
    # A secret that has ended can't be made again with the same end: Graph refuses ends in the past.
    if kept is None or kept.end <= now:
        kept = Secret(given.number - 1, boundary + period)
    return SecretSlots(
        secrets=(given, kept) if current == 0 else (kept, given),
        current=current,
        next_rotation=boundary + period,
    )
