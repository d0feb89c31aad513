"""What a create or an update aims at, and how Terraform's types record what came of it.

The rules are those of PlanResourceChange and normalizeNullValues in terraform-plugin-sdk:
https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/grpc_provider.go
"""

from emulator.azuread_plugin.diff import differ, holds_unknown, unsettled
from emulator.azuread_plugin.resource import Field, Fields, Kind, Resource
from emulator.plugin.wire import UNKNOWN, Properties, Value


def planned_create(resource: Resource, inputs: Properties) -> Properties:
    """What a preview knows of a resource that is to be made: inputs, and what only the create will tell."""
    aim = planned(resource.fields, None, inputs)
    return {**dict.fromkeys(("id", *resource.outputs), UNKNOWN), **aim}


def planned_update(resource: Resource, state: Properties, inputs: Properties) -> Properties:
    """What a preview knows of a resource after its update."""
    aim = planned(resource.fields, state, inputs)
    return {**state, **aim, **dict.fromkeys(unsettled(resource, state, inputs), UNKNOWN)}


def planned(fields: Fields, state: Properties | None, inputs: Properties) -> Properties:
    """The inputs as they shall stand in the state; `state` is None for a resource that is to be made."""
    return {
        name: _planned(field, (state or {}).get(name), inputs.get(name), making=state is None)
        for name, field in fields.items()
    }


def recorded(fields: Fields, told: Properties, aim: Properties) -> Properties:
    """The state after a create or an update: as the tenant told it, but sets as they were asked for.

    What stands in a set and was not asked for shows at the next refresh.
    """
    kept = {name: _recorded(field, told.get(name), aim.get(name)) for name, field in fields.items()}
    return in_order(fields, told | kept)


def in_order(fields: Fields, state: Properties) -> Properties:
    """The state with sets sorted, at every depth, as Terraform's values are.

    https://github.com/zclconf/go-cty/blob/main/cty/set_internals.go
    """
    return state | {
        name: _in_order(field, state[name]) for name, field in fields.items() if state.get(name) is not None
    }


def _planned(field: Field, old: Value, new: Value, making: bool) -> Value:
    if _of_texts(field) and holds_unknown(new):
        return UNKNOWN
    if new in (None, []):
        return _left_out(field, old, making)
    if field.kind is Kind.OBJECT and isinstance(new, dict):
        return {
            name: _planned(member, _inside(old, name, member), new.get(name), making)
            for name, member in (field.members or {}).items()
        }
    if field.element is None or not isinstance(new, list):
        return new
    if field.kind is Kind.SET:
        return _in_order(field, [_whole(field.element, element) for element in new])
    before = (old or []) + [None] * len(new)
    return [_planned(field.element, *pair, making) for pair in zip(before, new, strict=False)]


def _of_texts(field: Field) -> bool:
    return field.kind is Kind.SET and field.element is not None and field.element.kind is Kind.TEXT


def _inside(block: Properties | None, name: str, member: Field) -> Value:
    """What a block has under the name; a list that it lacks is empty there, not null."""
    value = (block or {}).get(name)
    return [] if block is not None and value is None and member.element is not None else value


def _left_out(field: Field, old: Value, making: bool) -> Value:
    """A list of texts that never was is null, an emptied one is empty; a list of blocks is never null."""
    if field.computed:
        return UNKNOWN if making else old
    if old is not None and not differ(field, old, None):
        return old
    if field.element is None:
        return field.default
    return None if old is None and field.element.kind is not Kind.OBJECT else []


def _whole(field: Field, value: Value) -> Value:
    """An element of a set has every member: what was left out is not null there."""
    if field.kind is Kind.OBJECT and isinstance(value, dict):
        return {name: _whole(member, value.get(name)) for name, member in (field.members or {}).items()}
    if field.element is not None and isinstance(value, list):
        return [_whole(field.element, element) for element in value]
    return field.absent if value is None else value


def _recorded(field: Field, told: Value, aim: Value) -> Value:
    if holds_unknown(aim):
        return told
    if field.element is not None and aim in (None, []) and not told:
        return aim
    if aim is None or field.kind is Kind.SET:
        return told if aim is None else aim
    if field.kind is Kind.OBJECT and isinstance(told, dict):
        return recorded(field.members or {}, told, aim)
    if field.kind is Kind.LIST and field.element is not None and len(told or []) == len(aim):
        return [_recorded(field.element, *pair) for pair in zip(told, aim, strict=True)]
    return told


def _in_order(field: Field, value: Value) -> Value:
    if field.kind is Kind.OBJECT and isinstance(value, dict):
        return in_order(field.members or {}, value)
    if field.element is None or not isinstance(value, list):
        return value
    elements = [_in_order(field.element, element) for element in value]
    if field.kind is not Kind.SET:
        return elements
    return [unique for _, unique in sorted({_place(element): element for element in elements}.items())]


def _place(value: Value) -> str:
    if isinstance(value, dict):
        return f"<{''.join(_place(value[name]) + ';' for name in sorted(value))}>"
    if isinstance(value, list):
        return f"[{''.join(_place(element) + ';' for element in value)}]"
    return {True: "T", False: "F", None: "~", UNKNOWN: "?"}.get(value, f'"{value}"')
