"""When client secrets end and which of the two is handed out: plain dates, no resources.

Two slots overlap by one period. In period n the current secret ends with period n+1, so a run that comes up
to one period late still finds a valid secret in PlaceOS. Only the older slot is ever replaced, which also
holds when the period or the anchor changes: the other keeps its end until the next boundary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class SecretSlots:
    """The plan of one moment."""

    ends: tuple[datetime, datetime]
    """End of each slot's secret."""
    current: int
    """The slot whose secret is handed to PlaceOS."""
    next_rotation: datetime
    """From then on a run replaces the other slot."""


def plan_slots(
    now: datetime, anchor: datetime, period: timedelta, recorded: Sequence[datetime] = ()
) -> SecretSlots:
    """Both slots' ends at `now`.

    `anchor` is the start of period 0 and `recorded` what the last finished run planned (empty: none did).
    Before the anchor the periods count backwards, so any `now` has a plan.
    """
    boundary = anchor + (now - anchor) // period * period
    newest = boundary + 2 * period
    if len(recorded) != 2:
        older = ((now - anchor) // period + 1) % 2
    elif newest in recorded:
        older = 1 - recorded.index(newest)
    else:
        return _hand_over(now, boundary, period, recorded)
    kept = recorded[older] if recorded else boundary + period
    return _slots(older, _still_useful(kept, now, boundary, period), newest, boundary + period)


def _hand_over(
    now: datetime, boundary: datetime, period: timedelta, recorded: Sequence[datetime]
) -> SecretSlots:
    replaced = min((0, 1), key=lambda slot: recorded[slot])
    kept = _still_useful(recorded[1 - replaced], now, boundary, period)
    return _slots(1 - replaced, kept, boundary + 2 * period, boundary + period)


def _still_useful(end: datetime, now: datetime, boundary: datetime, period: timedelta) -> datetime:
    # A secret that has ended can't be made again with the same end: Graph refuses ends in the past.
    return end if end > now else boundary + period


def _slots(older: int, kept: datetime, newest: datetime, next_rotation: datetime) -> SecretSlots:
    ends = (kept, newest) if older == 0 else (newest, kept)
    return SecretSlots(ends=ends, current=1 - older, next_rotation=next_rotation)
