"""What settings become."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import permissions
from settings import Settings, SettingsError

ROOMS_CSV = (
    "room_id,email,name,building,level,status\nr1,R1@c.example,A,b,1,active\nr2,r2@c.example,B,b,1,retired\n"
)


def test_only_what_is_required(parse):
    settings = parse()
    assert settings == Settings(
        rooms=("harbour@contoso.example", "opera@contoso.example"),
        permissions=permissions.profile("room-booking"),
        mailbox_access="applicationAccessPolicy",
        room_group_address="placeosroombooking@contoso.example",
        room_group_owner="exchange.admin@contoso.example",
        rotation_anchor=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert settings.member_addresses == settings.rooms


def test_everything(parse):
    settings = parse(
        applicationName="Rooms",
        applicationOwners='["Ada@Contoso.example", "1B2C3D4E-0000-4000-8000-000000000000"]',
        permissions='["User.Read.All", "Calendars.Read"]',
        roomGroupName="Rooms of PlaceOS",
        roomGroupAlias="rooms.placeos",
        deniedMailboxes='["Ada@contoso.example"]',
        rotationPeriodDays="30",
        clock="2026-01-05T08:00:00Z",
        allowRemovals="412",
        protect="false",
        conferenceType="",
        enforcementWaitMinutes="0",
        cloud="china",
        allowUnsupportedCloud="true",
    )
    assert settings.application_name == "Rooms"
    assert settings.application_owners == ("1b2c3d4e-0000-4000-8000-000000000000", "ada@contoso.example")
    assert [permission.name for permission in settings.permissions] == ["Calendars.Read", "User.Read.All"]
    assert (settings.room_group_name, settings.room_group_alias) == ("Rooms of PlaceOS", "rooms.placeos")
    assert settings.denied_mailboxes == ("ada@contoso.example",)
    assert (settings.rotation_period_days, settings.allow_removals, settings.enforcement_wait_minutes) == (
        30,
        412,
        0,
    )
    assert settings.clock == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert settings.protect is False
    assert settings.conference_type is None
    assert (settings.cloud, settings.allow_unsupported_cloud) == ("china", True)


def test_a_settings_object_can_not_be_changed(parse):
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse().protect = False


@given(
    st.permutations(["a@c.example", "b@c.example", "d@c.example"]),
    st.lists(st.sampled_from([str.lower, str.upper, str.title]), min_size=3, max_size=3),
)
def test_order_and_case_of_addresses_never_show(rooms, cases):
    mapping = {
        "rooms": json.dumps([case(room) for case, room in zip(cases, rooms, strict=True)]),
        "mailboxAccess": "applicationAccessPolicy",
        "roomGroupAddress": cases[0]("group@c.example"),
        "roomGroupOwner": cases[1]("admin@c.example"),
        "rotationAnchor": "2026-01-01",
    }
    settings = Settings.parse(mapping, project_root=Path())
    assert settings.member_addresses == ("a@c.example", "b@c.example", "d@c.example")
    assert (settings.room_group_address, settings.room_group_owner) == ("group@c.example", "admin@c.example")


def test_text_and_plain_values_mean_the_same(parse):
    assert parse(protect="false", rotationPeriodDays="60", deniedMailboxes='["x@c.example"]') == parse(
        protect=False, rotationPeriodDays=60, deniedMailboxes=["x@c.example"]
    )


def test_empty_text_and_an_empty_list_mean_not_set(parse):
    assert (
        parse(inventory="", clock="", deniedMailboxes="[]", applicationOwners="", permissions=[]) == parse()
    )


def test_an_inventory_is_read_and_its_active_rooms_are_members(parse, tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "rooms.csv").write_text(ROOMS_CSV)
    settings = parse(rooms=None, inventory="lists/rooms.csv")
    assert settings.inventory is not None
    assert [room.room_id for room in settings.inventory.rooms] == ["r1", "r2"]
    assert settings.member_addresses == ("r1@c.example",)


def test_every_room_mailbox_leaves_the_members_to_the_tenant(parse):
    assert parse(rooms=None, everyRoomMailbox="true").member_addresses is None


@pytest.mark.parametrize("profile", permissions.PROFILES)
def test_a_profile_becomes_its_permissions(parse, profile):
    assert parse(permissionProfile=profile).permissions == permissions.profile(profile)


@pytest.mark.parametrize("anchor", ["2026-01-01", "2026-01-01 00:00:00 +0000 UTC"])
def test_an_unquoted_date_of_a_stack_file_is_that_date(parse, anchor):
    assert parse(rotationAnchor=anchor).rotation_anchor == datetime(2026, 1, 1, tzinfo=UTC)


def test_an_unquoted_moment_of_a_stack_file_is_that_moment(parse):
    expected = datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert parse(clock="2026-01-05 08:00:00 +0000 UTC").clock == expected


def test_an_anchor_may_lie_in_the_future(parse):
    assert parse(rotationAnchor="2099-12-31").rotation_anchor.year == 2099


def test_a_settings_error_is_a_value_error():
    assert issubclass(SettingsError, ValueError)
