"""A question that is asked once: whoever asks again is told the same, the failure included."""

from collections.abc import Callable
from typing import Generic, TypeVar

from wire import WireError

_Told = TypeVar("_Told")


class Once(Generic[_Told]):
    """Asks when it is first called; a service that fails is not waited for a second time."""

    def __init__(self, ask: Callable[[], _Told]) -> None:
        self._ask = ask
        self._told: list[_Told] = []
        self._failed: WireError | None = None

    def __call__(self) -> _Told:
        """What was told; raises the WireError with which the question ended."""
        if self._failed:
            raise self._failed
        if not self._told:
            try:
                self._told.append(self._ask())
            except WireError as error:
                self._failed = error
                raise
        return self._told[0]
