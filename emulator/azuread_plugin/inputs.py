"""The inputs that the engine records: as checked, as refreshed from the tenant, as imported."""

from collections.abc import Callable, Mapping

from emulator.azuread_plugin.diff import canonical
from emulator.azuread_plugin.resource import Field, Kind
from emulator.azuread_plugin.wire import Properties, Value

Fields = Mapping[str, Field]


def with_defaults(fields: Fields, given: Properties) -> Properties:
    """The inputs with defaults filled in; `__defaults` names them, in every object, as the bridge does."""
    named = {
        name: _each_object(fields[name], value, with_defaults)
        for name, value in given.items()
        if value is not None and name in fields
    }
    defaults = {
        name: field.default
        for name, field in fields.items()
        if name not in named and field.default is not None
    }
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


def imported(fields: Fields, state: Properties) -> Properties:
    """Inputs that would make this state: what is required, or neither absent nor its default."""
    named = {
        name: _each_object(field, state[name], imported)
        for name, field in fields.items()
        if state.get(name) is not None
        and (field.required or canonical(field, state[name]) != canonical(field, None))
    }
    return {**named, "__defaults": []}


def _each_object(field: Field, value: Value, change: Callable[[Fields, Properties], Properties]) -> Value:
    """The value with every object inside it changed."""
    if field.kind is Kind.OBJECT and isinstance(value, dict):
        return change(field.members or {}, value)
    if field.element is not None and isinstance(value, list):
        return [_each_object(field.element, element, change) for element in value]
    return value


def _followed(field: Field, recorded: Value, now: Value) -> Value:
    """The tenant's value, written as the program wrote it as far as both agree."""
    if canonical(field, recorded) == canonical(field, now):
        return recorded
    if field.kind is Kind.OBJECT and isinstance(recorded, dict):
        return refreshed(field.members or {}, recorded, now)
    element = field.element
    if element is None or not isinstance(recorded, list):
        return now
    if field.kind is Kind.LIST:
        pairs = [_followed(element, *pair) for pair in zip(recorded, now, strict=False)]
        return pairs + [_each_object(element, new, imported) for new in now[len(recorded) :]]
    before = [canonical(element, old) for old in recorded]
    after = [canonical(element, new) for new in now]
    kept = [old for old, form in zip(recorded, before, strict=True) if form in after]
    return kept + [
        _each_object(element, new, imported)
        for new, form in zip(now, after, strict=True)
        if form not in before
    ]
