"""How soon a client secret ends, in the steps at which people are told."""

from datetime import datetime, timedelta

STEPS = (60, 30, 14, 7)
"""Days before the end; a step is one text, so that a message changes four times and not daily."""
URGENT = 14


def was_handed_out(number: int) -> bool:
    """Whether a stack's secret of this number was the current one once.

    The first run makes two, of which it hands out number 1; only what is never handed out is below that.
    """
    return number >= 1


def ends_within(end: datetime, now: datetime, period: timedelta) -> int | None:
    """The shortest step in which the secret ends, in days, 0 once it has ended; None: not soon.

    Steps as long as a period or longer would be reached right after each rotation, and count for nothing; a
    period shorter than all of them has one step, its half.
    """
    if end <= now:
        return 0
    days = period // timedelta(days=1)
    steps = [step for step in STEPS if step < days] or [max(1, days // 2)]
    return next((step for step in sorted(steps) if end - now <= timedelta(days=step)), None)
