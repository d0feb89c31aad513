"""Faults on demand: the next requests that match a plan go wrong in the way that the plan says."""

import re
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Strict):
    """Which requests a fault is for; what isn't said matches all."""

    method: str | None = None
    path: str | None = Field(default=None, description="a regular expression, searched in the path")
    query: str | None = Field(default=None, description="the same, searched in the decoded query string")
    cmdlet: str | None = Field(default=None, description="a regular expression for the whole name")

    @field_validator("path", "query", "cmdlet")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as reason:
            raise ValueError(f"{pattern!r} is no regular expression: {reason}") from reason
        return pattern

    def covers(self, method: str, path: str, cmdlet: str | None, query: str = "") -> bool:
        """Whether the request is one of these; cmdlet names are compared without regard to case."""
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.query is None or re.search(self.query, query) is not None)
            and (self.cmdlet is None or re.fullmatch(self.cmdlet, cmdlet or "", re.IGNORECASE) is not None)
        )


class Fault(_Strict):
    """What goes wrong: an answer, or a dropped connection, before or after the request had its effect.

    `hold` is a service that takes its time: the request waits, before or after its effect, until it is
    released, and is then answered as if nothing had happened.
    """

    match: Match = Match()
    skip: int = Field(default=0, ge=0, description="matching requests that pass first")
    times: int = Field(default=1, ge=1, description="matching requests that then go wrong")
    status: Literal["reset", "hold"] | int = 503
    headers: dict[str, str] = {}
    body: dict[str, Any] | None = None
    text: str | None = Field(default=None, description="a body that is no JSON, in place of `body`")
    when: Literal["before", "after"] = "before"

    @field_validator("status")
    @classmethod
    def _is_status(cls, status: str | int) -> str | int:
        return status if isinstance(status, str) else int(HTTPStatus(status))

    def answer(self) -> dict[str, Any] | str:
        """The body, a text or JSON: the plan's own, else a service error of that status."""
        if self.text is not None:
            return self.text
        if self.body is not None:
            return self.body
        status = HTTPStatus(self.status) if isinstance(self.status, int) else HTTPStatus.BAD_GATEWAY
        code = status.phrase.title().replace(" ", "").replace("-", "")
        return {"error": {"code": code, "message": f"{status.phrase}: this fault was asked for."}}


class Faults:
    """The plan: faults wait in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan: list[Fault] = []
        self._held, self._released = threading.Event(), threading.Event()

    def add(self, faults: Iterable[Fault]) -> None:
        """Put faults at the end of the plan."""
        added = list(faults)
        with self._lock:
            self._plan.extend(added)
            if any(fault.status == "hold" for fault in added):
                self._held.clear()
                self._released.clear()

    def clear(self) -> None:
        """Nothing goes wrong any more, and nothing is held."""
        with self._lock:
            self._plan.clear()
        self.release()

    def hold(self) -> None:
        """Keep the calling thread, which carries a request, until requests are released."""
        self._held.set()
        self._released.wait()

    def wait_until_held(self, seconds: float) -> bool:
        """Whether a request has been held since the last hold was asked for, or is within `seconds`."""
        return self._held.wait(seconds)

    def release(self) -> None:
        """Let every held request go on."""
        self._released.set()

    def waiting(self) -> list[Fault]:
        """The faults that are still to come, with the counts that are left."""
        with self._lock:
            return list(self._plan)

    def take(self, method: str, path: str, cmdlet: str | None, query: str = "") -> Fault | None:
        """The fault that this request meets, if any; it is used up by one."""
        with self._lock:
            for place, fault in enumerate(self._plan):
                if not fault.match.covers(method, path, cmdlet, query):
                    continue
                if fault.skip:
                    self._plan[place] = fault.model_copy(update={"skip": fault.skip - 1})
                    return None
                if fault.times > 1:
                    self._plan[place] = fault.model_copy(update={"times": fault.times - 1})
                else:
                    del self._plan[place]
                return fault
        return None
