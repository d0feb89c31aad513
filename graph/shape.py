"""Documents read strictly: each property is there, and of the kind that the service always answers."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any

Shape = Mapping[str, "type | UnionType | str | Shape"]
"""By property: its type, such as `list` or `bool | None`; the very text, such as the id that was asked for,
whatever its case; or the shape of what is in it."""


def wrong(document: Mapping[str, Any], shape: Shape, inside: str = "") -> Iterator[str]:
    """The properties that are not so, as paths.

    Null where there is always a list or a flag is nothing that a service says: to take it for an empty list
    is to say that nothing is there. What may be null is told at each property of the resources on
    https://learn.microsoft.com/graph/api/overview .
    """
    for name, kind in shape.items():
        value, path = document.get(name), f"{inside}{name}"
        if isinstance(kind, Mapping):
            if isinstance(value, dict):
                yield from wrong(value, kind, f"{path}.")
            else:
                yield path
        elif isinstance(kind, str):
            if not (isinstance(value, str) and value.lower() == kind.lower()):
                yield path
        elif not isinstance(value, kind):
            yield path
