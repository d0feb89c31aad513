"""What a service answered, and what its status and headers mean where nothing says it better."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from wire.errors import Invalid, NotAuthorised, NotFound, Throttled, Transient, WireError


@dataclass(frozen=True)
class Answer:
    """An HTTP response, read whole; `document` is None unless the body is a JSON object (or empty)."""

    status: int
    headers: Mapping[str, str]
    text: str
    document: dict[str, Any] | None


class Judge(Protocol):
    """Says what an answer means: None when it did what was asked, else the error to raise."""

    def __call__(self, operation: str, answer: Answer) -> WireError | None:
        """Judge one answer."""


def by_status(status: int) -> type[WireError]:
    """What a failure's status means where nothing said it better."""
    if status >= 500:
        return Transient
    meanings: dict[int, type[WireError]] = {
        401: NotAuthorised,
        403: NotAuthorised,
        404: NotFound,
        408: Transient,
        423: Transient,
        424: Transient,
        429: Throttled,
    }
    return meanings.get(status, Invalid)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, as number or HTTP date; None without a readable one."""
    value = headers.get("Retry-After", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without its zone
        return None
