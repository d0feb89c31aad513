"""Property values between the engine's protobuf and Python.

Markers are those of Pulumi's property protocol:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/constants.go
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from google.protobuf import struct_pb2

from emulator.plugin.errors import PluginError

Value: TypeAlias = Any  # JSON, UNKNOWN or a Secret around either
Properties: TypeAlias = dict[str, Value]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the marker of a secret, not one
_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class Unknown:
    """The type of UNKNOWN: a value that only the update will tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that the engine encrypts in state and hides on screens."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(…)"


def from_wire(value: struct_pb2.Value) -> Value:
    """The Python value; whole numbers as int, secrets as what they hold (this plugin asks for none)."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _from_struct(value.struct_value)
    if kind == "list_value":
        return [from_wire(element) for element in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return value.bool_value if kind == "bool_value" else None


def _from_struct(struct: struct_pb2.Struct) -> Value:
    if _SIGNATURE not in struct.fields:
        return properties(struct)
    if struct.fields[_SIGNATURE].string_value != _SECRET:
        message = "an input is an asset, an archive or a resource reference; no input of a stand-in takes one"
        raise PluginError(message)
    return from_wire(struct.fields["value"])


def to_wire(value: Value) -> struct_pb2.Value:
    """The protobuf value."""
    made = struct_pb2.Value()
    match value:
        case None:
            made.null_value = struct_pb2.NULL_VALUE
        case Unknown():
            made.string_value = _UNKNOWN_TEXT
        case Secret():
            made.struct_value.CopyFrom(to_struct({_SIGNATURE: _SECRET, "value": value.value}))
        case bool():
            made.bool_value = value
        case int() | float():
            made.number_value = value
        case str():
            made.string_value = value
        case Mapping():
            made.struct_value.CopyFrom(to_struct(value))
        case _:
            made.list_value.CopyFrom(struct_pb2.ListValue(values=[to_wire(element) for element in value]))
    return made


def properties(struct: struct_pb2.Struct) -> Properties:
    """A resource's properties out of a request."""
    return {name: from_wire(value) for name, value in struct.fields.items()}


def to_struct(values: Mapping[str, Value]) -> struct_pb2.Struct:
    """A resource's properties for an answer."""
    return struct_pb2.Struct(fields={name: to_wire(value) for name, value in values.items()})


def bare(value: Value) -> Value:
    """Without nulls and the engine's own `__` keys, at every depth."""
    if isinstance(value, dict):
        return {
            name: bare(member)
            for name, member in value.items()
            if member is not None and not name.startswith("__")
        }
    return [bare(element) for element in value] if isinstance(value, list) else value
