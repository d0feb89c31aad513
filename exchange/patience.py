"""How long Exchange may take to show on one server what was done on another."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from clock import Clock
from wire import NotFound, NotReady

_T = TypeVar("_T")

_PAUSES = (0.0, 2.0, 5.0, 10.0, 20.0)


def looks(clock: Clock) -> Iterator[None]:
    """One turn for each look that is worth taking, with growing pauses; under a minute in all."""
    for pause in _PAUSES:
        clock.sleep(pause)
        yield


def until_there(clock: Clock, act: Callable[[], _T]) -> _T:
    """Act again while Exchange does not know what the act needs, or is not ready; its last error."""
    problem: NotFound | NotReady | None = None
    for _ in looks(clock):
        try:
            return act()
        except (NotFound, NotReady) as error:
            problem = error
    raise problem or AssertionError("there is always one look")
