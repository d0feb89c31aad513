"""Bounded waiting for what another service has not heard of yet."""

from collections.abc import Callable
from typing import TypeVar

from clock import Clock
from wire import NotFound, NotReady

_T = TypeVar("_T")
_PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds; two minutes and a quarter in all."""


def until_there(clock: Clock, act: Callable[[], _T]) -> _T:
    """Act again while the answer is "not found" or "not ready"; the last such answer is raised."""
    for pause in _PAUSES:
        try:
            return act()
        except (NotFound, NotReady):
            clock.sleep(pause)
    return act()
