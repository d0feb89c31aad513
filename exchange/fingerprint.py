"""A set of addresses as one short text, to compare thousands of members without keeping them twice."""

import hashlib
from collections.abc import Iterable


def fingerprint(addresses: Iterable[str]) -> str:
    """SHA-256 of the addresses, whatever their order and case."""
    return hashlib.sha256("\n".join(sorted(one.lower() for one in addresses)).encode()).hexdigest()
