"""Which rooms are looked at when not all are."""

from collections.abc import Iterable
from hashlib import sha256


def chosen(rooms: Iterable[str], count: int) -> tuple[str, ...]:
    """`count` of the rooms, spread over all of them; another room in the list changes little or nothing."""
    return tuple(sorted(rooms, key=lambda room: sha256(room.lower().encode()).hexdigest())[:count])
