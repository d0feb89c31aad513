"""What is refused, in the words that a person reads."""

import pytest

from settings import SettingsError


@pytest.mark.parametrize(
    ("key", "value", "shown", "words"),
    [
        ("applicationName", "", "", "it is empty"),
        ("applicationName", " PlaceOS", " PlaceOS", "spaces at its ends"),
        ("applicationName", "Place\nOS", "Place\nOS", "line breaks"),
        ("applicationName", "x" * 257, "x" * 257, "257 characters, and 256 are allowed"),
        ("applicationOwners", ["ada"], "ada", "neither an object id nor a user principal name"),
        ("applicationAdministrators", ["ada@contoso.example"], "ada@contoso.example", "it is no object id"),
        ("permissionProfile", "roombooking", "roombooking", "the nearest name is room-booking"),
        ("consent", "person", "person", "it is unknown"),
        ("permissions", ["User.Read.Al"], "User.Read.Al", "the nearest names are User.Read.All"),
        ("permissions", ["Contacts.Read.All"], "Contacts.Read.All", "write Contacts.Read"),
        ("permissions", ["Calendars.ReadWrite.All"], "Calendars.ReadWrite.All", "work hours and locations"),
        ("permissions", ["Calendars.Read.All"], "Calendars.Read.All", "work hours and locations"),
        ("permissions", ["User.Read.All"], "User.Read.All", "no permission among them reads calendars"),
        ("rooms", ["harbour"], "harbour", "an address has exactly one @"),
        ("rooms", ["a@c.example, b@c.example"], "a@c.example, b@c.example", "more than one address"),
        ("rooms", ["a@c.example", "A@C.Example"], "A@C.Example", "it is in the list twice"),
        ("rooms", "a@c.example", "a@c.example", "it is no list"),
        ("rooms", '{"a": 1}', '{"a": 1}', "it is no list"),
        ("rooms", [1], "[1]", "something else than texts"),
        ("everyRoomMailbox", "yes", "yes", "neither true nor false"),
        ("mailboxAccess", "rbac", "rbac", "is not in this version yet"),
        ("mailboxAccess", "accessPolicy", "accessPolicy", "the nearest name is applicationAccessPolicy"),
        ("roomGroupName", "x" * 65, "x" * 65, "65 characters, and 64 are allowed"),
        ("roomGroupAlias", "", "", "Exchange allows letters, digits"),
        ("roomGroupAlias", "place os", "place os", "Exchange allows letters, digits"),
        ("roomGroupAlias", "räume", "räume", "Exchange allows letters, digits"),
        ("roomGroupAlias", "rooms.", "rooms.", "periods between them"),
        ("roomGroupAlias", "x" * 65, "x" * 65, "an alias has 64"),
        ("roomGroupAddress", "rooms@contoso", "rooms@contoso", "its domain has no period"),
        ("roomGroupOwner", "the admin", "the admin", "an address has exactly one @"),
        ("deniedMailboxes", ["ceo"], "ceo", "an address has exactly one @"),
        ("rotationPeriodDays", "6", "6", "below 7 days a failed scheduled run"),
        ("rotationPeriodDays", "366", "366", "outlives the 24 months"),
        ("rotationPeriodDays", "90.5", "90.5", "it is no whole number"),
        ("rotationPeriodDays", "٩٠", "٩٠", "it is no whole number"),
        ("rotationAnchor", "1.1.2026", "1.1.2026", "it is no date"),
        ("rotationAnchor", "2026-02-30", "2026-02-30", "there is no such day"),
        ("rotationAnchor", "2026-01-01 08:00:00 +0000 UTC", "2026-01-01", "a time of day"),
        ("clock", "2026-01-05T08:00:00+01:00", "2026-01-05T08:00:00+01:00", "doesn't end in Z"),
        ("rotationAnchor", "1999-12-31", "1999-12-31", "not within 2000-01-01 to 2099-12-31"),
        ("rotationAnchor", "2100-01-01", "2100-01-01", "not within 2000-01-01 to 2099-12-31"),
        ("clock", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "not within 2000-01-01 to 2099-12-31"),
        ("clock", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "not within 2000-01-01 to 2099-12-31"),
        ("clock", "todayZ", "todayZ", "no moment in time"),
        ("allowRemovals", "-1", "-1", "the number of rooms that may leave"),
        ("protect", "no", "no", "neither true nor false"),
        ("conferenceType", "teams", "teams", "it is unknown"),
        ("enforcementWaitMinutes", "721", "721", "at most 12 hours"),
        ("cloud", "germany", "germany", "it is unknown"),
        ("cloud", "china", "china", "PlaceOS's own Graph client knows only the public cloud's hosts"),
    ],
)
def test_a_bad_value(refusals, key, value, shown, words):
    [problem] = refusals(**{key: value})
    assert problem.key == key
    assert problem.value is not None
    assert shown in problem.value
    assert words in problem.reason
    assert problem.fix


@pytest.mark.parametrize("key", ["mailboxAccess", "roomGroupAddress", "roomGroupOwner", "rotationAnchor"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_required_key_that_is_not_set(refusals, key, value):
    [problem] = refusals(**{key: value})
    assert (problem.key, problem.value) == (key, None)
    assert f"pulumi config set {key} " in problem.fix


def test_an_unknown_key_names_the_nearest(refusals):
    [problem] = refusals(roomGroupAdress="x@c.example")
    assert problem.key == "roomGroupAdress"
    assert "there is no such setting; the nearest names are roomGroupAddress" in problem.reason
    assert problem.fix == "pulumi config rm roomGroupAdress"


def test_no_rooms_at_all(refusals):
    [problem] = refusals(rooms=None)
    assert "nothing says which rooms PlaceOS may reach" in problem.reason


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"everyRoomMailbox": "true"}, ["everyRoomMailbox"]),
        ({"inventory": "rooms.csv"}, ["rooms"]),
        ({"inventory": "rooms.csv", "everyRoomMailbox": True}, ["rooms", "everyRoomMailbox"]),
    ],
)
def test_rooms_in_more_than_one_way(refusals, tmp_path, changes, keys):
    (tmp_path / "rooms.csv").write_text("room_id,email,name,building,level\nr1,r1@c.example,A,b,1\n")
    problems = refusals(**changes)
    assert [problem.key for problem in problems] == keys
    assert all("already which rooms PlaceOS may reach" in problem.reason for problem in problems)


def test_a_list_of_rooms_that_is_broken_is_a_way_all_the_same(refusals):
    assert [problem.key for problem in refusals(inventory="lost.csv", everyRoomMailbox="true")] == [
        "inventory",
        "rooms",
        "everyRoomMailbox",
    ]


def test_a_profile_and_a_list_of_permissions(refusals):
    [problem] = refusals(permissionProfile="engine-2020", permissions=["Calendars.Read"])
    assert problem.key == "permissions"
    assert "the profile engine-2020 says already" in problem.reason


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"roomGroupAddress": "OPERA@contoso.example"}, "roomGroupAddress", "is the address of a room"),
        ({"roomGroupOwner": "Opera@contoso.example"}, "roomGroupOwner", "it is a room"),
        ({"roomGroupOwner": "placeosroombooking@contoso.example"}, "roomGroupOwner", "can't own itself"),
        ({"deniedMailboxes": ["Opera@contoso.example"]}, "deniedMailboxes", "it is a room too"),
        ({"deniedMailboxes": ["exchange.admin@contoso.example"]}, "deniedMailboxes", "it is the group owner"),
        ({"deniedMailboxes": ["placeosroombooking@contoso.example"]}, "deniedMailboxes", "not a mailbox"),
    ],
)
def test_one_mailbox_in_two_parts(refusals, changes, key, words):
    [problem] = refusals(**changes)
    assert problem.key == key
    assert words in problem.reason


def test_the_rooms_of_an_inventory_count_as_well(refusals, tmp_path):
    (tmp_path / "rooms.csv").write_text("room_id,email,name,building,level\nr1,CEO@c.example,A,b,1\n")
    [problem] = refusals(rooms=None, inventory="rooms.csv", deniedMailboxes=["ceo@c.example"])
    assert problem.key == "deniedMailboxes"


def test_problems_of_the_inventory_are_told_with_the_others(parse, tmp_path):
    (tmp_path / "rooms.csv").write_text(
        "room_id,email,name,building,level\nr1,r1@c.example,A,b,02-Mar\nr1,no,B,b,1\n"
    )
    with pytest.raises(SettingsError) as error:
        parse(rooms=None, inventory="rooms.csv", protect="maybe", mailboxAccess=None)
    assert str(error.value) == (
        "3 settings can't be used. Nothing was changed.\n"
        "\n"
        "  mailboxAccess: not set\n"
        "    why  you must choose how the application is kept to the rooms: nothing else closes the tenant\n"
        "    fix  set it, for example: pulumi config set mailboxAccess applicationAccessPolicy\n"
        "\n"
        '  protect: "maybe"\n'
        "    why  it is neither true nor false\n"
        "    fix  write true or false\n"
        "\n"
        '  inventory: "rooms.csv"\n'
        '    why  rooms.csv row 2, level: "02-Mar" is a date. A spreadsheet probably turned "2-3" into it. '
        "Format the column as text and write 2-3.\n"
        '         rooms.csv row 3, email: "no" is no email address: an address has exactly one @. '
        "Write the room mailbox's primary address.\n"
        '         rooms.csv row 3, room_id: "r1" is in row 2 already. '
        "Remove one of the two rows, or correct its room_id.\n"
        "    fix  correct the files, or the path (relative to Pulumi.yaml)\n"
        "\n"
        "Each setting with its meaning and default: Pulumi.yaml, and the settings table in README.md.\n"
        "This stack's values: pulumi config, and the stack's own Pulumi.<stack>.yaml."
    )


def test_several_bad_items_of_one_list(refusals):
    assert [problem.value for problem in refusals(rooms=["a", "b@c.example", "d"])] == ["a", "d"]


def test_a_long_value_is_shown_by_its_beginning_and_length(parse):
    with pytest.raises(SettingsError) as error:
        parse(applicationName="x" * 280_000)
    assert f'"{"x" * 100}…" (280,000 characters)' in str(error.value)
    assert len(str(error.value)) < 1000


def test_of_many_bad_items_ten_are_told_and_the_others_counted(parse):
    with pytest.raises(SettingsError) as error:
        parse(rooms=[f"room{number}" for number in range(20_000)], protect="maybe")
    told = str(error.value)
    assert [problem.value for problem in error.value.problems if problem.key == "rooms"] == [
        f"room{number}" for number in range(10)
    ]
    assert "\n  rooms: and 19,990 more\n" in told
    assert "\n  protect: " in told
    assert told.startswith("2 settings can't be used.")


@pytest.mark.parametrize("value", ["[" * 5000, "[" * 5000 + "]" * 5000])
@pytest.mark.parametrize("secret_keys", [(), ("rooms",)])
def test_lists_within_lists_are_refused(parse, value, secret_keys):
    with pytest.raises(SettingsError, match="it holds lists within lists"):
        parse(rooms=value, secret_keys=secret_keys)


HOSTILE = "a\x1b[2Jb\r\nc\u202ed\x9b"


@pytest.mark.parametrize(
    "changes",
    [
        {"applicationName": HOSTILE},
        {"rooms": [HOSTILE]},
        {"permissions": [HOSTILE]},
        {"cloud": HOSTILE},
        {"rotationAnchor": HOSTILE},
        {"inventory": HOSTILE, "rooms": None},
        {HOSTILE: "x"},
    ],
)
def test_a_terminal_obeys_nothing_of_what_is_told(parse, changes):
    with pytest.raises(SettingsError) as error:
        parse(**changes)
    told = str(error.value)
    assert all(letter == "\n" or letter.isprintable() for letter in told), told
    assert r"a\x1b[2Jb" in told
    assert r"\u202e" in told


def test_a_terminal_obeys_nothing_of_the_inventory_either(parse, tmp_path):
    (tmp_path / "rooms.csv").write_text(
        f"room_id,email,na\x1bme,building,level\nr1,{HOSTILE.splitlines()[0]},A\x07,b,1\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError) as error:
        parse(rooms=None, inventory="rooms.csv")
    told = str(error.value)
    assert all(letter == "\n" or letter.isprintable() for letter in told), told
