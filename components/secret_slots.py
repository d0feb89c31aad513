"""When client secrets end and which of the two is handed out: plain dates, no resources.

Two slots overlap by one period. In period n the current secret ends with period n+1, so a run that comes up
to one period late still finds a valid secret in PlaceOS. Only the older slot is ever replaced, which also
holds when the period or the anchor changes: the other keeps its end until the next boundary.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class RecordedSecret:
    """A secret that exists: when it was made and when it ends."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class SecretSlots:
    """The plan of one moment."""

    ends: tuple[datetime, datetime]
    """End of each slot's secret."""
    current: int
    """The slot whose secret is handed to PlaceOS."""
    next_rotation: datetime
    """From then on a run replaces the other slot."""


Recorded = tuple[RecordedSecret | None, RecordedSecret | None]


def plan_slots(
    now: datetime, anchor: datetime, period: timedelta, recorded: Recorded = (None, None)
) -> SecretSlots:
    """Both slots' ends at `now`.

    `anchor` is the start of period 0 and `recorded` the secret that exists in each slot, if any. Before the
    anchor the periods count backwards, so any `now` has a plan.
    """
    number = (now - anchor) // period
    boundary = anchor + number * period
    newest = boundary + 2 * period
    current = _current(number, newest, recorded)
    other = recorded[1 - current]
    # A secret that has ended can't be made again with the same end: Graph refuses ends in the past.
    kept = other.end if other and other.end > now else boundary + period
    return SecretSlots(
        ends=(newest, kept) if current == 0 else (kept, newest),
        current=current,
        next_rotation=boundary + period,
    )


def _current(number: int, newest: datetime, recorded: Recorded) -> int:
    """The slot whose secret has the newest end; when none has, the one to replace: empty, or made first."""
    first, second = recorded
    if first is None and second is None:
        return number % 2
    for slot, secret in enumerate(recorded):
        if secret and secret.end == newest:
            return slot
    if first is None or second is None:
        return recorded.index(None)
    return 0 if (first.start, first.end) < (second.start, second.end) else 1
