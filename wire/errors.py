"""What can go wrong on the wire, by what it means for the caller."""
# ruff: noqa: N818 - the names say what happened; that they are errors shows where they are raised

import re
from typing import Self

_LONGEST = 600
_NOISE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?m)^\s+at \S.*$"), " "),  # stack frames
    (re.compile(r"\b(?:Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    # the domain controller that happened to answer: it differs every time and helps nobody
    (re.compile(r"\s+on(?: server)? '[^']*\.outlook\.(?:com|cn)'", re.IGNORECASE), ""),
    (re.compile(r"\b(?:[A-Z0-9-]+\.)+PROD\.OUTLOOK\.(?:COM|CN)\b", re.IGNORECASE), "[server]"),
    (re.compile(r"(?m)\s*(?:Trace ID|Correlation ID|Timestamp): \S+(?: \d\S*Z)?"), ""),
    # what a terminal obeys, and what breaks a line or turns its direction
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\s]+"), " "),
)


def cleaned(text: str) -> str:
    """A server's text as one line fit for people: no NULs, stack, token or back-end host; bounded."""
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class WireError(Exception):
    """A request that did not do what was asked. `str()` is one line without secrets.

    service: who was asked ("Exchange", "Microsoft Graph", "Sign-in").
    operation: what was asked ("New-DistributionGroup", "GET /v1.0/users/…").
    reason: the service's own words, cleaned.
    code: the service's word for machines: an exception type, a Graph error code, an AADSTS number, or "".
    request_id: what the service's support asks for, or "".
    advice: what to do, or "".
    status: the HTTP status, 0 when there was no answer.
    retry_after: seconds that the service asked to wait, or None.
    """

    default_advice = ""

    def __init__(  # noqa: PLR0913 - the parts of one message, all named by the caller
        self,
        service: str,
        operation: str,
        reason: str,
        *,
        code: str = "",
        request_id: str = "",
        advice: str = "",
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        self.service = service
        self.operation = cleaned(operation)
        self.reason = cleaned(reason) or "no reason was given"
        self.code = code
        self.request_id = cleaned(request_id)
        self.advice = cleaned(advice or self.default_advice)
        self.status = status
        self.retry_after = retry_after
        super().__init__(service, operation, self.reason)

    def __str__(self) -> str:
        request = f" (request {self.request_id})" if self.request_id else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.service}: {self.operation}: {self.reason.rstrip('.')}{request}.{advice}"

    @classmethod
    def like(cls, other: "WireError", advice: str = "") -> Self:
        """The same event, seen as this class."""
        return cls(
            other.service,
            other.operation,
            other.reason,
            code=other.code,
            request_id=other.request_id,
            advice=advice,
            status=other.status,
            retry_after=other.retry_after,
        )


class NotFound(WireError):
    """The service looked, and what was named is not there."""


class AlreadyExists(WireError):
    """Something of that name or identity is there already."""


class NotAuthorised(WireError):
    """The caller may not do this: a wrong credential, a missing role, or a rule that refuses it."""


class NotReady(WireError):
    """Right but too early: a role, a directory object or an organisation that is still being set up."""

    default_advice = "This passes by itself; run it again in a few minutes."


class Throttled(WireError):
    """The service refused to look at the request because of its rate; it was not carried out."""

    default_advice = "Run it again later."


class Invalid(WireError):
    """The request, or the answer to it, makes no sense; the same request fails again."""


class Transient(WireError):
    """The service or the way to it failed for a moment."""

    default_advice = "Run it again in a few minutes."


class NotDone(Transient):
    """A failure of the moment before anything was done: repeating is safe, for writes too."""


class Unclear(Transient):
    """A write whose answer was lost: it may have happened. Look before it is repeated."""

    default_advice = "It may have happened; run it again, which looks first."
