"""Only what no earlier run has looked up is looked up."""

from typing import Any

import pytest

from prerequisites import NewNames
from settings.application_rules import NEW_APPLICATION
from tests.prerequisites.conftest import OTHER_ROOM, PERSON, ROOM, settings

STAFF = {"staff": [PERSON], "staffGroupAddress": "placeosstaff@contoso.example"}
RECORDED: dict[str, dict[str, Any]] = {
    "placeos": {},
    "placeos-identity-application": {"clientId": "client", "displayName": NEW_APPLICATION},
    "placeos-rooms-group": {
        "address": "placeosroombooking@contoso.example",
        "alias": "PlaceOSRoomBooking",
        "name": "PlaceOS Room Booking",
        "owners": ["exchange.admin@contoso.example"],
    },
    "placeos-rooms-members": {"members": {ROOM: "Harbour", OTHER_ROOM: "Opera"}},
    "placeos-staff-group": {
        "address": "placeosstaff@contoso.example",
        "alias": "placeosstaff",
        "name": "PlaceOS Staff",
        "owners": ["exchange.admin@contoso.example"],
    },
    "placeos-staff-members": {"members": {PERSON: ""}},
    "placeos-scope-configured-access": {"appId": "client", "deniedMailboxes": ["bela.bauer@contoso.example"]},
}


def new(recorded=RECORDED, **changes):
    return NewNames.of(settings(**changes), recorded, "placeos")


def test_on_the_first_run_everything_is_new():
    first = new({}, **STAFF)
    assert first.rooms == (ROOM, OTHER_ROOM)
    assert first.staff == (PERSON,)
    assert len(first.own_groups) == 2
    assert first.application


def test_what_an_earlier_run_looked_up_is_not_new():
    assert not new(**STAFF, deniedMailboxes=["bela.bauer@contoso.example"])


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"rooms": [ROOM, "quay@contoso.example"]}, "rooms", ("quay@contoso.example",)),
        ({"roomGroupOwner": "global.admin@contoso.example"}, "owners", ("global.admin@contoso.example",)),
        ({"deniedMailboxes": ["chidi.costa@contoso.example"]}, "denied", ("chidi.costa@contoso.example",)),
        ({"staffGroup": "team@contoso.example"}, "staff_groups", ("team@contoso.example",)),
        ({"applicationClientId": "00000000-0000-4000-8000-000000000000"}, "application", True),
    ],
)
def test_only_what_changed_is_new(changes, key, expected):
    found = new(**changes)
    assert {name for name, value in vars(found).items() if value} - {"own_client_id"} == {key}
    assert getattr(found, key) == expected


def test_another_alias_is_looked_up_with_its_group():
    [group] = new(roomGroupAlias="another").own_groups
    assert (group.address, group.alias) == ("placeosroombooking@contoso.example", "another")


def test_an_existing_staff_group_is_known_once_it_was_looked_up():
    recorded = {**RECORDED, "placeos-staff-team@contoso.example": {"address": "team@contoso.example"}}
    assert not new(recorded, staffGroup="team@contoso.example")


def test_a_new_application_in_place_of_an_existing_one_is_looked_up():
    client_id = "00000000-0000-4000-8000-000000000000"
    recorded = {name: one for name, one in RECORDED.items() if name != "placeos-identity-application"}
    recorded["placeos-scope-configured-access"] = {"appId": client_id}
    assert not new(recorded, applicationClientId=client_id)
    assert new(recorded).application


def test_this_stack_s_own_application_is_no_existing_one():
    own = {**RECORDED, "placeos-identity-application": {"clientId": "00000000-0000-4000-8000-000000000000"}}
    assert new(own, applicationClientId="00000000-0000-4000-8000-000000000000").own_application


def test_another_name_of_the_application_is_looked_up():
    assert new(applicationName="Rooms").application


def test_aliases_that_two_groups_exchange_are_looked_up():
    exchanged = new(**STAFF, roomGroupAlias="placeosstaff", staffGroupAlias="PlaceOSRoomBooking").own_groups
    assert [group.was for group in exchanged] == [
        "placeosroombooking@contoso.example",
        "placeosstaff@contoso.example",
    ]


@pytest.mark.parametrize("damaged", [None, "", f"{ROOM} {OTHER_ROOM}", 7])
def test_a_damaged_record_makes_everything_new_and_is_no_fault_of_ours(damaged):
    broken = {
        **RECORDED,
        "placeos-rooms-group": {"address": damaged, "owners": damaged},
        "placeos-staff-group": {},
        "placeos-rooms-members": {"members": damaged},
    }
    found = new(broken)
    assert found.rooms == (ROOM, OTHER_ROOM)
    assert found.owners == ("exchange.admin@contoso.example",)
    assert len(found.own_groups) == 1
