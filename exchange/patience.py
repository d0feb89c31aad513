"""How long Exchange may take to show on one server what was done on another."""

from collections.abc import Iterator

from clock import Clock

_PAUSES = (0.0, 2.0, 5.0, 10.0, 20.0)


def looks(clock: Clock) -> Iterator[None]:
    """One turn for each look that is worth taking, with growing pauses; under a minute in all."""
    for pause in _PAUSES:
        clock.sleep(pause)
        yield
