"""What is refused, in the words that a person reads: file, row, column, value, reason, fix."""

from pathlib import Path

import pytest

from inventory import InventoryError, read_inventory


def refusals(path: Path) -> list[str]:
    with pytest.raises(InventoryError) as refused:
        read_inventory(path)
    lines = str(refused.value).splitlines()
    assert lines[0].endswith("Nothing was changed.")
    assert len(lines) == 1 + len(refused.value.problems)
    return [line.strip() for line in lines[1:]]


def test_a_date_for_a_level(rooms_csv):
    [line] = refusals(rooms_csv({}, {"level": "02-Mar"}))
    assert line == (
        'rooms.csv row 3, level: "02-Mar" is a date. A spreadsheet probably turned "2-3" into it. '
        "Format the column as text and write 2-3."
    )


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("level", "2-3-2026", 'is a date. A spreadsheet probably turned "2-3" into it'),
        ("building", "02-Mar", "is a date"),
        ("map_id", "02-Mar", "is a date"),
        ("capacity", "12-Oct", 'is a date. A spreadsheet probably turned "10-12" or "12-10" into it'),
        ("room_id", "02-Mar", "is a date"),
        ("room_id", "1.2E+05", 'scientific notation. A spreadsheet probably turned "120000" or "12E4" into'),
        ("capacity", "1.2E+05", "is in scientific notation"),
        ("capacity", "12.0", "has decimals, and a whole number belongs here"),
        ("capacity", "many", "is no whole number. Write a whole number from 0 to 10000."),
        ("capacity", "1²", "is no whole number"),
        ("capacity", "-1", "is outside of 0 to 10000"),
        ("capacity", "45211", "is outside of 0 to 10000"),
        ("name", "=B2", "is a formula, not its result"),
        ("email", "#REF!", "is a spreadsheet's error, not a value"),
        ("email", "a@contoso.example; b@contoso.example", "holds 2 addresses, and one row is one room"),
        ("email", "a@contoso.example / b@contoso.example", "holds 2 addresses"),
        ("email", "Harbour <a@contoso.example>", "it holds more than the bare address"),
        ("email", "mailto:a@contoso.example", "it holds more than the bare address"),
        ("email", "harbour", "an address has exactly one @"),
        ("email", "a@contoso", "its domain has no period"),
        ("email", "a@contoso..example", "its domain has an empty part"),
        ("email", ".a@contoso.example", "begins or ends with a period"),
        ("email", "a b@contoso.example", "has a forbidden character"),
        ("email", "h\u0430rbour@contoso.example", "it holds U+0430 CYRILLIC SMALL LETTER A"),
        ("email", "x" * 65 + "@contoso.example", "has 65 characters, and 64 are allowed"),
        ("type", "rom", "is unknown: the nearest name is room"),
        ("status", "actve", "is unknown: the nearest name is active"),
        ("status", "x", "is unknown: known are active, planned, retired"),
        ("bookable", "x", "is neither yes nor no"),
        ("features", "video; display", "Write video | display."),
        ("name", '"two\nlines"', "holds a line break"),
        ("name", "Har\x1b[31mbour", '"Har\ufffd[31mbour" holds an invisible control character, U+001B'),
        ("name", "Har\tbour", "holds an invisible control character, U+0009"),
        ("name", "Har\u202ebour", "holds an invisible control character, U+202E"),
        ("features", "\x9bvideo", "holds an invisible control character, U+009B"),
        ("features", "x" * 2001, "has 2,001 characters, and 2,000 are allowed"),
        ("name", "x" * 130_000, "has 130,000 characters, and 2,000 are allowed"),
        ("name", "x" * 257, "has 257 characters, and 256 are allowed"),
        ("room_id", "x" * 65, "has 65 characters, and 64 are allowed"),
    ],
)
def test_a_bad_cell(rooms_csv, column, cell, words):
    quoted = f'"{cell}"' if "," in cell else cell
    [line] = refusals(rooms_csv({}, {column: quoted}))
    assert line.startswith(f"rooms.csv row 3, {column}: ")
    assert words in line


@pytest.mark.parametrize("column", ["room_id", "email", "name", "building", "level"])
def test_an_empty_cell_that_is_needed(rooms_csv, column):
    assert refusals(rooms_csv({}, {column: " \u00a0"})) == [
        f"rooms.csv row 3, {column}: the cell is empty. Fill it in."
    ]


@pytest.mark.parametrize("column", ["room_id", "email"])
def test_repetitions_in_any_case(rooms_csv, column):
    value = {"room_id": "R1", "email": "R1@Contoso.Example"}[column]
    [line] = refusals(rooms_csv({}, {}, {column: value}))
    assert line.startswith(f"rooms.csv row 4, {column}: ")
    assert "is in row 2 already" in line


def test_everything_at_once_and_in_the_order_of_the_rows(rooms_csv):
    lines = refusals(rooms_csv({"level": "02-Mar", "status": "on"}, {}, {"email": "no", "room_id": "r2"}))
    assert [line.partition(": ")[0] for line in lines] == [
        "rooms.csv row 2, level",
        "rooms.csv row 2, status",
        "rooms.csv row 4, email",
        "rooms.csv row 4, room_id",
    ]


def test_a_missing_column_names_its_nearest_header(tmp_path):
    path = tmp_path / "rooms.csv"
    path.write_text("room_id,emails,name,building\nr1,r1@contoso.example,Harbour,syd\n", encoding="utf-8")
    email, level = refusals(path)
    assert email == (
        'rooms.csv row 1: the column email is missing, and "emails" is no known header. '
        'Rename "emails" to email if that is meant, or to something less alike.'
    )
    assert level == "rooms.csv row 1: the column level is missing. Add it to the header row."


def test_a_misspelt_optional_header_is_no_foreign_column(rooms_csv):
    path = rooms_csv({"status": "retired"}, {})
    path.write_text(path.read_text(encoding="utf-8").replace("status", "statsu"), encoding="utf-8")
    [line] = refusals(path)
    assert 'the column status is missing, and "statsu" is no known header' in line


def test_a_column_that_is_there_twice(rooms_csv):
    path = rooms_csv({})
    path.write_text(path.read_text(encoding="utf-8").replace("map_id", "Floor"), encoding="utf-8")
    [line] = refusals(path)
    assert '"level" and "Floor" are both headers of level' in line


@pytest.mark.parametrize(
    ("line", "count"),
    [("r2,r2@contoso.example,Harbour,syd", 4), ("r2,r2@c.example,A, B,syd,1,room,1,,,yes,active", 12)],
)
def test_a_ragged_row(rooms_csv, line, count):
    path = rooms_csv({})
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    [refusal] = refusals(path)
    assert f"rooms.csv row 3: the row has {count} cells and the header 11." in refusal


@pytest.mark.parametrize("name", ['"Harbour', '"Har"bour'])
def test_broken_quotes(rooms_csv, name):
    [line] = refusals(rooms_csv({}, {"name": name}, {}))
    assert "rooms.csv row 3: a quotation mark is not closed" in line


def test_a_cell_that_csv_does_not_read_may_be_long_or_not_closed(rooms_csv):
    [line] = refusals(rooms_csv({}, {"name": "x" * 200_000}, {}))
    assert "row 3: a cell has more than 131,072 characters, or a quotation mark is not closed" in line


def test_of_many_problems_twenty_a_file_are_told_and_the_others_counted(rooms_csv, tmp_path):
    (tmp_path / "buildings.csv").write_text("code,name,timezone\nsyd,Sydney,Mars/Base\n")
    with pytest.raises(InventoryError) as refused:
        read_inventory(rooms_csv(*[{"status": "on"}] * 5000))
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("The inventory can't be used: 5,001 problems.")
    assert lines[1].startswith("  buildings.csv row 2")
    assert [line.partition(",")[0] for line in lines[2:-1]] == [
        f"  rooms.csv row {row}" for row in range(2, 22)
    ]
    assert lines[-1] == "  rooms.csv: and 4,980 more."


def test_control_characters_of_a_header_are_not_repeated(rooms_csv):
    path = rooms_csv({})
    path.write_text(path.read_text(encoding="utf-8").replace("email", "e\x1b[31mmails"), encoding="utf-8")
    [line] = refusals(path)
    assert "e\ufffd[31mmails" in line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "rooms.csv: the file is empty"),
        (b"\n\n", "rooms.csv: the file is empty"),
        (b"PK\x03\x04rest of a workbook", "the file is a workbook, not CSV"),
        (b"room_id;email\x00\n", "the file holds NUL characters"),
        (b"room_id;\x81\xfc\n", "line 1 is damaged, or in an unknown encoding"),
        (b"\xff\xfer", "line 1 is damaged, or in an unknown encoding"),
        (b"room_id,email,name,building,level\n", "the file lists no room"),
    ],
)
def test_a_file_without_rooms(tmp_path, content, words):
    path = tmp_path / "rooms.csv"
    path.write_bytes(content)
    [line] = refusals(path)
    assert words in line


def test_a_file_that_is_not_there(tmp_path):
    [line] = refusals(tmp_path / "rooms.csv")
    assert "the file can't be read (No such file or directory)" in line
    assert str(tmp_path) in line


def test_rooms_of_which_none_is_active(rooms_csv):
    [line] = refusals(rooms_csv({"status": "planned"}, {"status": "retired"}))
    assert "none of the 2 rooms is active, so the room group would be empty" in line


def test_a_building_that_is_written_in_two_ways(rooms_csv):
    [line] = refusals(rooms_csv({"building": "syd"}, {"building": "SYD"}))
    assert 'rooms.csv row 3, building: "SYD" is written syd in a row above' in line


def test_files_that_disagree(rooms_csv, tmp_path):
    (tmp_path / "buildings.csv").write_text("code,name,timezone\nsyd,Sydney,Mars/Base\n")
    (tmp_path / "levels.csv").write_text("building,code,name,order\nsyd,1,One,1\n")
    path = rooms_csv({"level": "1"}, {"level": "7"}, {"building": "sid", "level": "1"})
    assert [line.partition(". ")[0] for line in refusals(path)] == [
        'buildings.csv row 2, timezone: "Mars/Base" is no IANA time zone: such names look like Region/City',
        'rooms.csv row 3, level: "7" is not in levels.csv: known are 1',
        'rooms.csv row 4, building: "sid" is not in buildings.csv: the nearest name is syd',
        'rooms.csv row 4, level: "1" is not in levels.csv: it has no level for this building',
    ]


def test_a_neighbour_whose_codes_are_broken_accuses_nobody(rooms_csv, tmp_path):
    (tmp_path / "buildings.csv").write_text("code,name,timezone\n02-Mar,Sydney,Australia/Sydney\n")
    [line] = refusals(rooms_csv({}, {}))
    assert line.startswith('buildings.csv row 2, code: "02-Mar" is a date')


def test_repetitions_in_the_neighbours(rooms_csv, tmp_path):
    (tmp_path / "buildings.csv").write_text(
        "code,name,timezone\nsyd,A,Australia/Sydney\nSYD,B,Australia/Sydney\n"
    )
    (tmp_path / "levels.csv").write_text("building,code,name,order\nsyd,2-3,One,1\nsyd,2-3,Two,2\n")
    lines = refusals(rooms_csv({}))
    assert 'buildings.csv row 3, code: "SYD" is in row 2 already' in lines[0]
    assert 'levels.csv row 3, code: "2-3" is in row 2 already' in lines[1]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Berlin", "is no IANA time zone: it may be Europe/Berlin"),
        ("Europe/Berln", "is no IANA time zone: it may be Europe/Berlin"),
        ("W. Europe Standard Time", "is no IANA time zone"),
        ("../etc/passwd", "is no IANA time zone"),
    ],
)
def test_a_time_zone_that_no_one_knows(rooms_csv, tmp_path, zone, words):
    (tmp_path / "buildings.csv").write_text(f"code,name,timezone\nsyd,Sydney,{zone}\n")
    [line] = refusals(rooms_csv({}))
    assert f'buildings.csv row 2, timezone: "{zone}" {words}' in line
