"""How Microsoft's services are spoken to: one way to send, retry, and tell what went wrong."""

from wire.errors import (
    AlreadyExists,
    Invalid,
    NotAuthorised,
    NotDone,
    NotFound,
    NotReady,
    Throttled,
    Transient,
    Unclear,
    WireError,
)
from wire.parallel import in_parallel

__all__ = [
    "AlreadyExists",
    "Invalid",
    "NotAuthorised",
    "NotDone",
    "NotFound",
    "NotReady",
    "Throttled",
    "Transient",
    "Unclear",
    "WireError",
    "in_parallel",
]
