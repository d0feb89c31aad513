"""What differs between state and inputs, told as the engine shows it.

As in the Terraform bridge, the state (not the old inputs) is compared with the new inputs. Sets have no
order, lists do. An input left out means its default, or "keep what the tenant has" where it is computed.
"""

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from emulator.azuread_plugin.resource import Field, Fields, Kind, Resource
from emulator.plugin.wire import Properties, Unknown, Value

How = Literal["ADD", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Change:
    """One place that differs: the input it belongs to, its path inside the resource, and how."""

    name: str
    path: str
    how: How
    replaces: bool


def canonical(field: Field, value: Value) -> Value:
    """A form in which equal means "no difference": defaults filled in, sets sorted and free of doubles."""
    if isinstance(value, Unknown):
        return value
    if field.kind is Kind.MAP:
        return value or {}
    if field.kind is Kind.OBJECT:
        members = field.members or {}
        return {name: canonical(member, (value or {}).get(name)) for name, member in members.items()}
    if field.element is None:
        return field.absent if value is None else value
    elements = [canonical(field.element, element) for element in value or []]
    if field.kind is Kind.LIST:
        return elements
    return [unique for _, unique in sorted({_key(element): element for element in elements}.items())]


def differ(field: Field, old: Value, new: Value) -> bool:
    """Whether these are two values; an unknown is never the same as anything."""
    return _key(canonical(field, old)) != _key(canonical(field, new)) or holds_unknown(new)


def changed(resource: Resource, name: str, state: Properties, inputs: Properties) -> bool:
    """Whether this input asks for something else than the state has."""
    field = resource.fields[name]
    if field.computed and inputs.get(name) in (None, []):
        return False
    return differ(field, state.get(name), inputs.get(name))


def changes(
    resource: Resource, state: Properties, inputs: Properties, ignored: Container[str] = ()
) -> list[Change]:
    """Every difference, by path; `ignored` names whole inputs."""
    found: list[Change] = []
    for name, field in resource.fields.items():
        if name in ignored or not changed(resource, name, state, inputs):
            continue
        old, new = state.get(name), inputs.get(name)
        if new is None:
            new = field.default
        leaves = list(_paths(field, name, old, new)) or [(name, _how(old, new))]
        found += [Change(name, path, how, field.replaces) for path, how in leaves]
    return found + [
        Change(output, output, "UPDATE", replaces=False) for output in unsettled(resource, state, inputs)
    ]


def unsettled(resource: Resource, state: Properties, inputs: Properties) -> list[str]:
    """The outputs that only the update will tell, because what they follow from changes."""
    follows = resource.unsettles.items()
    return [output for output, path in follows if _differs_at(resource.fields, path, state, inputs)]


def holds_unknown(value: Value) -> bool:
    """Whether something inside is still to be told."""
    if isinstance(value, dict):
        return any(holds_unknown(member) for member in value.values())
    if isinstance(value, list):
        return any(holds_unknown(element) for element in value)
    return isinstance(value, Unknown)


def _differs_at(fields: Fields, path: str, old: Properties, new: Properties) -> bool:
    name, _, inner = path.partition(".")
    field, before, after = fields[name], old.get(name), new.get(name)
    if inner and not isinstance(after, Unknown):
        return _differs_at(field.members or {}, inner, before or {}, after or {})
    return differ(field, before, after)


def _key(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _how(old: Value, new: Value) -> How:
    if new in (None, []):
        return "DELETE"
    return "ADD" if old in (None, [], {}) else "UPDATE"


def _paths(field: Field, path: str, old: Value, new: Value) -> Iterator[tuple[str, How]]:
    """The leaves that differ, in the engine's PropertyPath syntax."""
    if not differ(field, old, new):
        return
    if field.kind is Kind.MAP:
        old, new = old or {}, new or {}
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            member = (field.members or {}).get(name, Field())
            yield from _paths(member, _joined(path, name), old.get(name), new.get(name))
    elif field.element is not None and isinstance(old, list) and isinstance(new, list) and old and new:
        if field.kind is Kind.SET and field.element.kind is Kind.TEXT and holds_unknown(new):
            yield path, "UPDATE"  # no place in a set can be told before every element is known
            return
        for index, (before, after) in enumerate(_pairs(field, field.element, old, new)):
            yield from _paths(field.element, f"{path}[{index}]", before, after)
    else:
        yield path, _how(old, new)


def _pairs(field: Field, element: Field, old: list[Value], new: list[Value]) -> Iterator[tuple[Value, Value]]:
    """Elements place by place; a set's members that both sides have are left out, wherever they stand."""
    both: set[str] = set()
    if field.kind is Kind.SET:
        both = {_key(canonical(element, member)) for member in old}
        both &= {_key(canonical(element, member)) for member in new}
    for pair in zip_longest(old, new):
        before, after = (None if _key(canonical(element, side)) in both else side for side in pair)
        yield before, after


def _joined(path: str, name: str) -> str:
    if re.fullmatch(r"\w+", name):
        return f"{path}.{name}"
    return path + '["' + name.replace("\\", "\\\\").replace('"', '\\"') + '"]'
