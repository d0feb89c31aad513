"""The inputs that the engine records: as checked, as refreshed from the tenant, as imported."""

from collections.abc import Callable, Iterable
from itertools import product

from emulator.azuread_plugin.diff import canonical
from emulator.azuread_plugin.resource import Field, Fields, Kind, Resource
from emulator.plugin.wire import Properties, Value

# https://pkg.go.dev/strconv#ParseBool
_FLAGS = dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "false", "FALSE", "False"), False
)


def typed(fields: Fields, given: Properties) -> Properties:
    """The inputs as the types they shall have; what is of no near type stays, to be refused."""
    return {name: _typed(fields[name], value) if name in fields else value for name, value in given.items()}


def with_defaults(fields: Fields, given: Properties) -> Properties:
    """The inputs with defaults filled in; `__defaults` names them, in every object, as the bridge does.

    A default that says no more than absence, like false, is left to the provider.
    """
    named = {
        name: _each_object(fields[name], value, with_defaults)
        for name, value in given.items()
        if value is not None and name in fields
    }
    defaults = {name: field.default for name, field in fields.items() if name not in named and field.default}
    return {**named, **defaults, "__defaults": sorted(defaults)}


def refreshed(fields: Fields, recorded: Properties, state: Properties) -> Properties:
    """The recorded inputs with the tenant's values; what the program never named stays unnamed."""
    named = {
        name: _followed(fields[name], value, state[name])
        for name, value in recorded.items()
        if name in fields and state.get(name) is not None
    }
    untouched = [name for name in recorded.get("__defaults", []) if named.get(name) == recorded.get(name)]
    return {**named, "__defaults": untouched}


def imported(resource: Resource, state: Properties) -> Properties:
    """Inputs that would make this state; of two that exclude each other, the first by name."""
    named = _imported(resource.fields, state)
    for pair in resource.conflicts:
        if named.keys() >= set(pair):
            del named[max(pair)]
    return named


def _imported(fields: Fields, state: Properties) -> Properties:
    """What is required, or neither absent nor its default."""
    named = {
        name: _each_object(field, state[name], _imported)
        for name, field in fields.items()
        if state.get(name) is not None
        and (field.required or canonical(field, state[name]) != canonical(field, None))
    }
    return {**named, "__defaults": []}


def _typed(field: Field, value: Value) -> Value:
    if field.kind is Kind.OBJECT and isinstance(value, dict):
        return typed(field.members or {}, value)
    if field.kind is Kind.MAP and isinstance(value, dict):
        return {key: _scalar(Kind.TEXT, member) for key, member in value.items()}
    if field.element is not None and isinstance(value, list):
        return [_typed(field.element, element) for element in value]
    return _scalar(field.kind, value)


def _scalar(kind: Kind, value: Value) -> Value:
    if kind is Kind.TEXT and isinstance(value, bool | int | float):
        return str(value).lower()
    if kind is Kind.FLAG and isinstance(value, str) and value in _FLAGS:
        return _FLAGS[value]
    if kind is Kind.NUMBER and isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    return value


def _each_object(field: Field, value: Value, change: Callable[[Fields, Properties], Properties]) -> Value:
    """The value with every object inside it changed."""
    if field.kind is Kind.OBJECT and isinstance(value, dict):
        return change(field.members or {}, value)
    if field.element is not None and isinstance(value, list):
        return [_each_object(field.element, element, change) for element in value]
    return value


def _followed(field: Field, recorded: Value, now: Value) -> Value:
    """The tenant's value as far as the program named it: elements that came in addition are not inputs."""
    if field.kind is Kind.OBJECT and isinstance(recorded, dict):
        return refreshed(field.members or {}, recorded, now)
    if field.element is None or not isinstance(recorded, list):
        return now
    blocks = field.kind is Kind.SET and field.element.kind is Kind.OBJECT
    pairs = _alike(recorded, now) if blocks else zip(recorded, now, strict=False)
    return [_followed(field.element, old, new) for old, new in pairs]


def _alike(before: list[Properties], after: list[Properties]) -> Iterable[tuple[Properties, Properties]]:
    """Pairs of blocks, those first that have most in common; in the order of the earlier ones."""

    def likeness(pair: tuple[int, int]) -> int:
        old, new = before[pair[0]], after[pair[1]]
        return sum(3 if old[name] == new[name] else 1 for name in old if name in new)

    found: dict[int, int] = {}
    for old, new in sorted(product(range(len(before)), range(len(after))), key=likeness, reverse=True):
        if old not in found and new not in found.values():
            found[old] = new
    return [(before[old], after[new]) for old, new in sorted(found.items())]
