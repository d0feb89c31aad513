"""What time it is and how to wait, so that a rehearsal can have its own time."""

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from https_json import EndpointError, fetch_json, https_url

_VARIABLE = "CLOCK_ENDPOINT"


class Clock(Protocol):
    """The time of the tenant that is worked on."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` of this clock's time have passed; zero and less return at once."""

    async def pause(self, seconds: float) -> None:
        """The same, among other things that go on; Ctrl-C ends it at once."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(max(0.0, seconds))

    async def pause(self, seconds: float) -> None:
        """Wait for real, while the others go on."""
        await asyncio.sleep(max(0.0, seconds))


class ServedClock:
    """A clock at an https address: GET tells its time, POST {"sleep": seconds} moves it forward.

    An emulated tenant serves one; whoever waits on it moves the time instead of waiting.
    Every method raises EndpointError when the clock does not answer: there is no other time to fall back to.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = https_url(endpoint, _VARIABLE)

    def now(self) -> datetime:
        """The clock's time, aware, in UTC."""
        answer = fetch_json(self._endpoint, _VARIABLE)
        try:
            now = datetime.fromisoformat(answer["now"])
        except (KeyError, TypeError, ValueError):
            raise EndpointError(f"{self._endpoint} did not tell the time; check {_VARIABLE}.") from None
        if now.tzinfo is None:
            raise EndpointError(f"{self._endpoint} told a time without its zone; check {_VARIABLE}.")
        return now.astimezone(UTC)

    def sleep(self, seconds: float) -> None:
        """Move the clock forward."""
        if seconds > 0:
            fetch_json(self._endpoint, _VARIABLE, {"sleep": seconds})

    async def pause(self, seconds: float) -> None:
        """Move the clock forward, which takes no time."""
        self.sleep(seconds)


def clock_from_environment(environ: Mapping[str, str] = os.environ) -> Clock:
    """The clock at CLOCK_ENDPOINT, or this machine's when that is not set."""
    endpoint = environ.get(_VARIABLE)
    return ServedClock(endpoint) if endpoint else SystemClock()
