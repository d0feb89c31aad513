"""The one form of waiting: a run that stops with one line, and is repeated later."""

from datetime import datetime, timedelta

from clock import Clock


def waiting(what: str, clock: Clock, progress: str, meanwhile: str, *, again: datetime | None = None) -> str:
    """The one line that automation looks for when a run has to be repeated later: in half an hour, or when.

    `again` is rounded up to the minute.
    """
    again = again + timedelta(seconds=59) if again else clock.now() + timedelta(minutes=30)
    return _line(what, progress, meanwhile, f"{again:%H:%M} UTC")


def waiting_for_person(what: str, progress: str, meanwhile: str) -> str:
    """The same when no time helps: `what` is what somebody has to do."""
    return _line(what, progress, meanwhile, "that")


def _line(what: str, progress: str, meanwhile: str, after: str) -> str:
    return f"WAITING for {what} ({progress}), {meanwhile}; run pulumi up again after {after}"
