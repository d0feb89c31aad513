"""Inputs of a resource, drawn from its own description."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as some

from emulator.azuread_plugin.resource import Field, Kind
from emulator.plugin.wire import UNKNOWN

WORDS = some.sampled_from(["a", "b", "c", "Z", "é"])


def value_of(field: Field) -> some.SearchStrategy[Any]:
    """A known value of this input's type."""
    if field.kind is Kind.OBJECT:
        return object_of(field.members or {})
    if field.element is not None:
        return some.lists(value_of(field.element), max_size=4)
    return {
        Kind.TEXT: WORDS,
        Kind.FLAG: some.booleans(),
        Kind.NUMBER: some.integers(1, 3),
        Kind.MAP: some.dictionaries(WORDS, WORDS, max_size=3),
    }[field.kind]


def object_of(fields: Mapping[str, Field], unknowns: bool = False) -> some.SearchStrategy[dict[str, Any]]:
    """Some of the inputs; with `unknowns`, some that only an update would tell."""
    drawn = {
        name: value_of(field) | some.just(UNKNOWN) if unknowns else value_of(field)
        for name, field in fields.items()
        if not field.refused
    }
    return some.fixed_dictionaries({}, optional=drawn)
