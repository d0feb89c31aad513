"""Questions of which each may fail alone: what failed is kept, and told."""

from collections.abc import Callable
from typing import TypeVar

from drift.looks import UNREADABLE, Unseen, unseen
from https_json import EndpointError

_Told = TypeVar("_Told")


class Looking:
    """Asks, and keeps what could not be looked at."""

    def __init__(self) -> None:
        self.unseen: list[Unseen] = []

    def at(self, about: str, ask: Callable[[], _Told]) -> _Told | None:
        """What was answered; None when it could not be looked at."""
        try:
            return ask()
        except EndpointError as error:
            self.unseen.append(Unseen(about, str(error), "say where it is"))
        except UNREADABLE as error:
            self.unseen.append(unseen(about, error))
        return None
