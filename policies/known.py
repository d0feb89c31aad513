"""What of a resource is known at preview: plain values, and a mark in the place of those that are not.

pulumi_policy raises when an unknown value is touched, and then skips the whole rule for that resource.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from pulumi_policy.proxy import UnknownValueError


class Unknown(Enum):
    """The one mark for a value that only the run will tell."""

    UNKNOWN = "not known at preview"


UNKNOWN = Unknown.UNKNOWN


def known(value: Any) -> Any:
    """A plain copy of a property; every unknown value in it is UNKNOWN."""
    if isinstance(value, Mapping):
        return {key: _at(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_at(value, index) for index in range(len(value))]
    return value


def _at(container: Any, key: Any) -> Any:
    try:
        return known(container[key])
    except UnknownValueError:
        return UNKNOWN


def entries(value: Any) -> list[Any]:
    """The entries of a list; none of a list that is missing or unknown."""
    return value if isinstance(value, list) else []


def block(value: Any) -> dict[str, Any]:
    """The keys of a nested block; none of one that is missing or unknown."""
    return value if isinstance(value, dict) else {}
