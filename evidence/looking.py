"""Questions of which each may fail alone: what failed is kept, and told."""

from collections.abc import Callable
from typing import TypeVar

from drift.looks import UNREADABLE, Unseen, blind
from drift.tenant import Tenant
from https_json import EndpointError

_Told = TypeVar("_Told")


class Looking:
    """Asks about one tenant, and keeps what could not be looked at."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.unseen: list[Unseen] = []

    def at(self, about: str, ask: Callable[[], _Told], nothing: _Told | None = None) -> _Told | None:
        """What was answered; None when it could not be looked at.

        `nothing` when the application or its principal is not in the tenant, which drift tells.
        """
        try:
            return ask()
        except EndpointError as error:
            missed = [Unseen(about, str(error), "mend the endpoint that it names")]
        except UNREADABLE as error:
            missed = blind(about, error, self._tenant)
        self.unseen += missed
        return None if missed else nothing
