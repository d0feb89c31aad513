"""Pages of an answer: the next one is asked for by POST, with the same body, at the link that came along."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from emulator.store import Document

PAGE_SIZE = 1000
# "5 to 10 minutes": learn.microsoft.com/exchange/reference/admin-api-get-started, section on pagination
LINK_LIFETIME = timedelta(minutes=5)

_PREFERRED = re.compile(r"odata\.maxpagesize\s*=\s*(\d+)", re.IGNORECASE)
_TOKEN = re.compile(r"(\d+)-(\d+(?:\.\d+)?)-([0-9a-f]{16})")


class LinkError(Exception):
    """A next link that is too old, or that came with another body; the text says which."""


@dataclass(frozen=True)
class Page:
    """The records of one page, and the token of the next one's link (empty: this is the last page)."""

    records: Sequence[Document]
    next_token: str


def page_size(prefer: str) -> int:
    """The number of records that the Prefer header asks for, at most 1000."""
    preferred = _PREFERRED.search(prefer)
    return min(PAGE_SIZE, max(1, int(preferred[1]))) if preferred else PAGE_SIZE


def page_of(records: Sequence[Document], size: int, token: str, body: bytes, now: datetime) -> Page:
    """The page that the link's token (empty: none) is about; LinkError when the link can't be used."""
    start = _start(token, body, now) if token else 0
    end = start + size
    following = f"{end}-{now.timestamp()}-{_digest(body)}" if end < len(records) else ""
    return Page(records[start:end], following)


def _start(token: str, body: bytes, now: datetime) -> int:
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise LinkError("The next link is malformed.")
    start, issued, digest = parts.groups()
    if now.timestamp() - float(issued) > LINK_LIFETIME.total_seconds():
        raise LinkError("The next link has expired.")
    if digest != _digest(body):
        raise LinkError("The next link must be posted with the body of the first request.")
    return int(start)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
