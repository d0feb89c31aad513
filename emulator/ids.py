"""Ids that are the same each time a tenant is made from the same description."""

import hashlib
import uuid
from functools import cache

_NAMESPACE = uuid.UUID("6f2f52c0-4d1e-5d0c-9f67-3c1c6d1a5b10")


@cache
def stable_id(*parts: str) -> str:
    """The id (a GUID) of the thing that these words name."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts).lower()))


def security_id(object_id: str) -> str:
    """The Windows security id (SID) that Exchange shows for a recipient, from its object id."""
    numbers = hashlib.sha256(object_id.lower().encode()).digest()
    domain = "-".join(str(int.from_bytes(numbers[i : i + 4], "big")) for i in (0, 4, 8))
    return f"S-1-5-21-{domain}-{int.from_bytes(numbers[12:15], 'big')}"
