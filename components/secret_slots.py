"""When client secrets end and which of the two is handed out: plain dates, no resources.

Two slots overlap by one period. In period n the current secret ends with period n+1, so a run that comes up
to one period late still finds a valid secret in PlaceOS. Only the older one is ever replaced, which also
holds when the period or the anchor changes: the other keeps its end until the next boundary.
"""

from collections.abc import Sequence
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
    now: datetime,
    anchor: datetime,
    period: timedelta,
    recorded: Recorded = (None, None),
    proven: Sequence[int] = (),
) -> SecretSlots:
    """Both slots at `now`.

    `anchor` is the start of period 0 and `recorded` the secret that exists in each slot, if any. Before the
    anchor the periods count backwards, so any `now` has a plan. `proven` are the numbers that the proofs were
    last asked for: what was removed is not made again under its number, so that they are asked once more.
    """
    boundary = anchor + (now - anchor) // period * period
    newest = boundary + 2 * period
    numbers = [secret.number for secret in recorded if secret]
    last = numbers.index(max(numbers)) if len(numbers) == 2 else int(recorded[0] is None and bool(numbers))
    handed_out = recorded[last]
    if handed_out and handed_out.end == newest:
        current, given = last, handed_out
    else:
        used = numbers if len(numbers) == 2 else [*numbers, *proven]
        anew = 2 if proven and not numbers else 1  # the other one is to have a new number, too
        current, given = 1 - last, Secret(max(used, default=0) + anew, newest)
    kept = recorded[1 - current]
    # A secret that has ended can't be made again with the same end: Graph refuses ends in the past.
    if kept is None or kept.end <= now:
        number = given.number - 1
        if kept is None and number in proven:
            number = min(0, *numbers, *proven) - 1  # below all others, for it is not handed out
        kept = Secret(number, boundary + period)
    return SecretSlots(
        secrets=(given, kept) if current == 0 else (kept, given),
        current=current,
        next_rotation=boundary + period,
    )
