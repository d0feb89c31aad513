import json
from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as some

from emulator.plugin import wire
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import UNKNOWN, Secret

SIGNATURE = "4dabf18193072939515e22adb298388d"
NAMES = some.text(min_size=1).filter(lambda name: name != SIGNATURE)
SCALARS = (
    some.none()
    | some.booleans()
    | some.text()
    | some.integers(-(2**53), 2**53)
    | some.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
    | some.just(UNKNOWN)
)
VALUES = some.recursive(
    SCALARS, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(NAMES, inner, max_size=4)
)


@given(VALUES)
def test_what_is_sent_comes_back(value: Any) -> None:
    def exactly(anything: Any) -> str:  # for 1, 1.0 and True are equal
        return json.dumps(anything, sort_keys=True, default=repr)

    assert exactly(wire.from_wire(wire.to_wire(value))) == exactly(value)


@given(VALUES)
def test_a_secret_is_marked_for_the_engine_and_read_as_its_value(value: Any) -> None:
    marked = wire.to_wire(Secret(value))
    assert marked.struct_value.fields[SIGNATURE].string_value == "1b47061264138c4ac30d75fd1eb44270"
    assert marked.struct_value.fields["value"] == wire.to_wire(value)
    assert wire.from_wire(marked) == value


@given(VALUES)
def test_bare_leaves_no_null_and_no_note_of_the_engine_in_any_object(value: Any) -> None:
    def objects(inside: Any) -> list[dict[str, Any]]:
        if isinstance(inside, dict):
            return [inside, *(found for member in inside.values() for found in objects(member))]
        return [found for member in inside for found in objects(member)] if isinstance(inside, list) else []

    bare = wire.bare({"value": value, "__defaults": [], "gone": None})
    for found in objects(bare):
        assert None not in found.values()
        assert not [name for name in found if name.startswith("__")]


@pytest.mark.parametrize(
    "marker",
    [
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ],
)
def test_an_unknown_of_every_type_is_unknown(marker: str) -> None:
    assert wire.from_wire(struct_pb2.Value(string_value=marker)) is UNKNOWN


def test_an_asset_is_refused() -> None:
    asset = wire.to_wire({SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "logo"})
    with pytest.raises(PluginError, match="asset"):
        wire.from_wire(asset)


def test_a_secret_does_not_show_what_it_holds() -> None:
    assert "hush" not in repr(Secret("hush"))
