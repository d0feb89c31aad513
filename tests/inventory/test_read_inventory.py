"""An inventory reads the same however its file was written."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.tenants import read_tenant_file
from inventory import (
    Building,
    Inventory,
    InventoryError,
    Level,
    Room,
    RoomType,
    Status,
    read_inventory,
    read_rooms,
)
from inventory.columns import ROOM_COLUMNS

# Windows-1252 has these, so that each encoding can write each inventory.
LETTERS = "abcxyzABCXYZ0123456789äöüßéñÅ€"
words = st.text(LETTERS, min_size=1, max_size=8)
codes = st.builds("-".join, st.lists(words, min_size=1, max_size=2)).map(lambda code: f"c{code}")
names = st.builds(
    " ".join, st.lists(st.sampled_from(["Häuser", 'the "A"', "a,b", "c;d", "€", "e|f", "x'y"]), min_size=1)
)


@st.composite
def inventories(draw):
    ids = draw(st.lists(codes, min_size=1, max_size=6, unique_by=str.casefold))
    rooms = [
        Room(
            room_id=room_id,
            email=f"room{number}@contoso.example",
            name=draw(names),
            building=draw(st.sampled_from(["syd", "lon"])),
            level=draw(st.sampled_from(["01", "2-3", "G"])),
            type=draw(st.sampled_from(RoomType)),
            capacity=draw(st.none() | st.integers(0, 10_000)),
            features=tuple(sorted(draw(st.sets(words, max_size=3)))),
            map_id=draw(st.just("") | codes),
            bookable=draw(st.booleans()),
            status=Status.ACTIVE if number == 0 else draw(st.sampled_from(Status)),
        )
        for number, room_id in enumerate(ids)
    ]
    return Inventory(rooms=tuple(sorted(rooms, key=lambda room: room.room_id.casefold())))


def cells_of(room: Room, draw: Callable[..., Any]) -> dict[str, str]:
    """The row of a room, with everything in it that doesn't matter drawn."""
    around = st.sampled_from(["", " ", "\u00a0", "  "])
    case = st.sampled_from([str.lower, str.upper, str.title])
    yes, no = draw(
        st.sampled_from([("yes", "no"), ("TRUE", "FALSE"), ("ja", "Nein"), ("1", "0"), ("WAHR", "FALSCH")])
    )
    texts = {
        "room_id": room.room_id,
        "email": draw(case)(room.email),
        "name": room.name,
        "building": room.building,
        "level": room.level,
        "type": draw(case)(room.type),
        "capacity": "" if room.capacity is None else str(room.capacity),
        "features": draw(st.sampled_from(["|", " | "])).join(draw(st.permutations(room.features))),
        "map_id": room.map_id,
        "bookable": yes if room.bookable else no,
        "status": draw(case)(room.status),
    }
    return {column: draw(around) + text + draw(around) for column, text in texts.items()}


@given(inventories(), st.data())
def test_delimiter_encoding_quotes_order_and_case_never_show(tmp_path_factory, inventory, data):
    draw = data.draw
    columns = draw(st.permutations(ROOM_COLUMNS))
    headings = [draw(st.sampled_from([column.name, column.name.upper(), *column.also])) for column in columns]
    rows = [cells_of(room, draw) for room in draw(st.permutations(inventory.rooms))]
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    writer.writerow(headings)
    for row in rows:
        writer.writerow([row[column.name] for column in columns])
        if draw(st.booleans()):
            writer.writerow([])
    path = tmp_path_factory.mktemp("inventory") / "rooms.csv"
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    path.write_bytes(text.getvalue().encode(encoding))
    read = read_inventory(path)
    assert read.rooms == inventory.rooms
    assert all("Windows-1252" in warning for warning in read.warnings)
    assert not read.warnings or encoding == "cp1252"


def test_windows_1252_is_read_with_a_warning_that_shows_a_line(rooms_csv):
    path = rooms_csv({}, {"name": "Zürich"})
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    read = read_inventory(path)
    assert [room.name for room in read.rooms] == ["Harbour", "Zürich"]
    [warning] = read.warnings
    assert "rooms.csv isn't UTF-8 and was read as Windows-1252; line 3 became" in warning
    assert "Zürich" in warning


def test_defaults_of_columns_that_are_empty_or_not_there(tmp_path):
    path = tmp_path / "rooms.csv"
    path.write_text(
        "room_id,email,name,building,level,status\nr1,r1@c.example,Harbour,syd,1,\n", encoding="utf-8"
    )
    assert read_rooms(path) == (
        Room(room_id="r1", email="r1@c.example", name="Harbour", building="syd", level="1"),
    )


def test_a_foreign_column_is_named_and_left_alone(tmp_path):
    path = tmp_path / "rooms.csv"
    path.write_text(
        "room_id,email,name,building,level,Cost centre\nr1,r1@c.example,H,syd,1,=A1\n", encoding="utf-8"
    )
    assert read_inventory(path).warnings == ("rooms.csv: nothing reads the columns Cost centre.",)


def test_of_many_columns_that_nothing_reads_ten_are_named(tmp_path):
    path = tmp_path / "rooms.csv"
    others = ",".join(f"extra {number}" for number in range(500))
    path.write_text(f"room_id,email,name,building,level,{others}\nr1,r1@c.example,A,b,1{',' * 500}\n")
    [warning] = read_inventory(path).warnings
    assert warning.endswith("extra 8, extra 9 and 490 more.")


def test_a_line_that_names_the_separator_counts_as_a_row(rooms_csv):
    path = rooms_csv({"level": "02-Mar"})
    path.write_text("sep=,\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InventoryError, match="row 3, level"):
        read_inventory(path)


def test_invisible_characters_are_taken_away(rooms_csv):
    [room] = read_rooms(rooms_csv({"room_id": "\u200br1\ufeff", "name": "Har\u200bbour\u00a01\u200d"}))
    assert (room.room_id, room.name) == ("r1", "Harbour 1")


def test_only_active_rooms_are_members(rooms_csv):
    path = rooms_csv(
        {"status": "planned"}, {"status": "retired"}, {"bookable": "no"}, {"email": "A@Contoso.example"}
    )
    assert read_inventory(path).member_addresses() == ("a@contoso.example", "r3@contoso.example")


def test_neighbours_are_read_and_give_codes_their_spelling(rooms_csv, tmp_path):
    (tmp_path / "buildings.csv").write_text(
        'code;name;timezone;region;address\nSYD;Sydney;Australia/Sydney;APAC;"1; Macquarie Street"\n'
    )
    (tmp_path / "levels.csv").write_text(
        "building\tcode\tname\torder\tmap_url\nsyd\tg\tGround\t0\t\nsyd\tB1\tCellar\t-1\tb1.svg\n"
    )
    read = read_inventory(rooms_csv({"level": "G"}))
    assert read.buildings == (
        Building(
            code="SYD",
            name="Sydney",
            timezone="Australia/Sydney",
            region="APAC",
            address="1; Macquarie Street",
        ),
    )
    assert read.levels == (
        Level(building="SYD", code="B1", name="Cellar", order=-1, map_url="b1.svg"),
        Level(building="SYD", code="g", name="Ground", order=0),
    )
    assert [(room.building, room.level) for room in read.rooms] == [("SYD", "g")]


def test_the_examples_are_the_emulated_tenants_rooms():
    tenant = read_tenant_file()
    read = read_inventory(Path(__file__).parents[2] / "examples" / "contoso" / "rooms.csv")
    rooms = [
        (building.code, level, name, seats)
        for building in tenant.buildings
        for level, rooms in building.levels.items()
        for name, seats in rooms.items()
    ]
    assert len(rooms) == 48
    assert sorted((room.building, room.level, room.name, room.capacity) for room in read.rooms) == sorted(
        rooms
    )
    assert read.member_addresses() == tuple(
        sorted(f"{building}-{level}-{name}@{tenant.domain}".lower() for building, level, name, _ in rooms)
    )
    assert {(one.code, one.name, one.timezone, one.address) for one in read.buildings} == {
        (one.code, one.name, one.timezone, one.address) for one in tenant.buildings
    }
    assert {(level.building, level.code) for level in read.levels} == {room[:2] for room in rooms}
    assert not read.warnings
