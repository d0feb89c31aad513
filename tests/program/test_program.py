"""From the stack's configuration to the component's arguments, and to PlaceOS's settings."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azuread as azuread
import pytest

import program
from components import RoomCalendarAccess, RoomCalendarAccessArgs
from components.secret_slots import Secret
from graph.containment import Containment
from recorded_state import Recorded
from settings import Settings
from tests.components.recording import ARGUMENTS, DEPLOYER, KEY_VAULT, SECRET, TENANT, recording, run

ADA = "33333333-0000-4000-8000-000000000000"
OWNER = "44444444-0000-4000-8000-000000000000"
STATE = "pulumi:pulumi:readStackResourceOutputs"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
GOOD = {
    "rooms": ["opera@contoso.example", "harbour@contoso.example"],
    "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": "placeosroombooking@contoso.example",
    "roomGroupOwner": "exchange.admin@contoso.example",
    "rotationAnchor": "2026-01-01",
}
EMPTY: dict[str, dict[str, Any]] = {
    STATE: {"outputs": {}},
    "azuread:index/getUsers:getUsers": {"objectIds": [ADA]},
}


def settings(**changes):
    mapping = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return Settings.parse(mapping, project_root=Path(program.__file__).parent)


def arguments(stack="unit", **changes) -> RoomCalendarAccessArgs:
    chosen = settings(clock=f"{NOW:%Y-%m-%dT%H:%M:%SZ}", **changes)
    made = []
    with recording(answers=EMPTY, stack=stack):
        run(lambda: made.append(program.arguments(chosen, {}, program.secret_slots(chosen, {}))))
    return made[0]


def test_the_deployer_is_always_an_owner():
    assert arguments()["application_owners"] == [DEPLOYER]


def test_owners_given_by_name_are_looked_up():
    owners = arguments(applicationOwners=["ada@contoso.example", OWNER])["application_owners"]
    assert owners == sorted([ADA, OWNER, DEPLOYER])


ADDED = "33333333-0000-4000-8000-00000000000a"


@pytest.mark.parametrize(
    ("recorded", "owners"),
    [
        ({"": [DEPLOYER], "-application": [DEPLOYER, ADDED]}, [DEPLOYER]),
        ({"": [OWNER], "-application": [OWNER, ADDED, DEPLOYER]}, [OWNER]),
        ({"-application": [OWNER]}, [OWNER]),
    ],
    ids=["its own deployer", "somebody who only previews", "a stack of an older version"],
)
def test_an_owner_whom_a_refresh_took_over_is_none(recorded: dict[str, list[str]], owners: list[str]):
    state = {f"placeos-identity{place}": {"owners": ids} for place, ids in recorded.items()}
    made: list[Any] = []
    with recording(answers=EMPTY):
        run(
            lambda: made.extend(
                program.arguments(settings(), state, ARGUMENTS["secret_slots"])["application_owners"]
            )
        )
    assert made == owners


def test_rooms_given_by_address_have_no_names():
    assert arguments()["rooms"] == {"harbour@contoso.example": "", "opera@contoso.example": ""}


def test_rooms_of_the_inventory_have_names_and_only_active_ones_are_members(tmp_path):
    table = tmp_path / "rooms.csv"
    table.write_text(
        "room_id,email,name,building,level,status\n"
        "1,harbour@contoso.example,Harbour,syd,01,active\n"
        "2,opera@contoso.example,Opera,syd,01,retired\n",
        encoding="utf-8",
    )
    (tmp_path / "buildings.csv").write_text("code,name,timezone\nsyd,Sydney,Australia/Sydney\n")
    (tmp_path / "levels.csv").write_text("building,code,name,order\nsyd,01,Level 1,1\n")
    assert arguments(rooms=None, inventory=str(table))["rooms"] == {"harbour@contoso.example": "Harbour"}


def test_every_room_mailbox_is_asked_of_the_tenant(emulated, monkeypatch):
    monkeypatch.setattr(program, "current_exchange", lambda: emulated.exchange)
    rooms = arguments(rooms=None, everyRoomMailbox=True)["rooms"]
    assert len(rooms) == 48
    assert rooms["syd-01-harbour@contoso.example"]


def test_the_permissions_are_those_of_the_profile():
    granted = arguments()["permissions"]
    assert granted == ["Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"]


def test_the_mark_is_short_and_every_stack_has_its_own():
    marks = [arguments(stack=stack)["mark"] for stack in ("prod", "prod", "test")]
    assert re.fullmatch(r"plc:[0-9a-f]{8}", marks[0])
    assert marks[0] == marks[1] != marks[2]


def test_a_vault_is_handed_on_and_none_is_none():
    id_ = (
        "/subscriptions/33333333-0000-4000-8000-000000000000/resourceGroups/rooms"
        "/providers/Microsoft.KeyVault/vaults/contoso-rooms"
    )
    assert arguments(keyVault=id_)["key_vault"] == KEY_VAULT
    assert arguments()["key_vault"] is None


def test_every_argument_is_given():
    assert set(arguments()) == set(ARGUMENTS)


def test_a_fresh_stack_plans_from_the_calendar():
    slots = arguments()["secret_slots"]
    assert [secret.number for secret in slots.secrets] == [0, 1]
    assert slots.current == 1
    assert slots.next_rotation == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=360)


def test_the_plan_starts_from_the_secrets_in_the_state():
    recorded = {
        f"urn:pulumi:unit::placeos-m365::x::placeos-secret-slot-{slot}": {
            "type": PASSWORD,
            "outputs": {"endDate": end, "rotateWhenChanged": {"number": number}},
        }
        for slot, end, number in ((0, "2027-03-27T00:00:00Z", "8"), (1, "2026-12-27T00:00:00Z", "7"))
    }
    another = {"urn:pulumi:unit::placeos-m365::x::other": {"type": "azuread:index/user:User", "outputs": {}}}
    chosen = settings(clock="2026-11-21T08:00:00Z")
    made = []
    with recording(answers={STATE: {"outputs": {**recorded, **another}}}):
        run(lambda: made.append(program.secret_slots(chosen, program.recorded_stack())))
    [slots] = made
    assert slots.secrets == (
        Secret(8, datetime(2027, 3, 27, tzinfo=UTC)),
        Secret(7, datetime(2026, 12, 27, tzinfo=UTC)),
    )
    assert slots.current == 0


APPLICATION = "azuread:index/getApplication:getApplication"
RECORDED = {
    "placeos-identity-application": {"objectId": "application"},
    "placeos-secret-slot-0": {"keyId": "a"},
    "placeos-secret-slot-1": {"keyId": "b"},
}


def still_there(recorded: dict[str, dict[str, Any]], notes: str) -> list[str]:
    made: list[str] = []
    with recording(answers={APPLICATION: {"notes": notes}}):
        run(lambda: made.extend(program.still_there(recorded)))
    return made


def test_a_contained_application_ends_the_program_in_one_message(caplog):
    mark = Containment("2026-11-21T08:00:00Z", "application 1")
    for recorded in (RECORDED, {"placeos-scope-configured-access": {"applicationObjectId": "application"}}):
        notes = {APPLICATION: {"notes": f"Ours. {mark}"}}
        with recording(answers=notes), pytest.raises(SystemExit), program.told():
            program.still_there(recorded)
        assert (
            "contained since 2026-11-21T08:00:00Z by application 1; run roomctl resume --stack unit"
            in caplog.text
        )
        caplog.clear()


def test_secrets_that_were_removed_are_planned_anew():
    assert still_there(RECORDED, "Ours.") == list(RECORDED)
    left = still_there(RECORDED, "Ours. Client secrets removed: b, c.")
    assert left == ["placeos-identity-application", "placeos-secret-slot-0"]


def test_without_a_recorded_application_nothing_is_asked():
    with recording(answers={}):
        assert program.still_there({"placeos": {}}) == {"placeos": {}}


def test_an_application_that_is_gone_is_not_contained(monkeypatch):
    def gone(**_: Any) -> None:
        raise Exception(  # noqa: TRY002 - what the SDK raises
            "invoke of azuread:index/getApplication:getApplication failed: returned an error: Application "
            'with object ID "application" was not found'
        )

    monkeypatch.setattr(azuread, "get_application", gone)
    assert program.still_there(RECORDED) == RECORDED


def test_what_is_pasted_into_placeos_is_secret_as_a_whole():
    def declare():
        access = RoomCalendarAccess("placeos", ARGUMENTS)
        holder = pulumi.ComponentResource("tests:index:Holder", "holder")
        holder.register_outputs({"config": program.calendar_config(settings(), access)})

    with recording() as recorded:
        run(declare)
    told = recorded.outputs["holder"]["config"]
    assert SECRET in told.values()
    assert told["value"]["calendar_config"] == {
        "tenant": TENANT,
        "client_id": "client",
        "client_secret": "hunter2",
        "conference_type": "teamsForBusiness",
    }


def test_every_wrong_setting_is_told_once_and_the_program_ends(monkeypatch, caplog):
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"placeos-m365:mailboxAccess": "rbac"}))
    with recording(), pytest.raises(SystemExit) as ended, program.told():
        program.read_settings()
    assert ended.value.code == 32, "what Pulumi takes for: the reason has been told"
    assert "rbac" in caplog.text
    assert "roomGroupAddress" in caplog.text


def test_good_settings_are_read_from_the_program_s_configuration(monkeypatch):
    config = {
        f"placeos-m365:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in GOOD.items()
    }
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))
    with recording():
        read = program.read_settings()
    assert read.rooms == ("harbour@contoso.example", "opera@contoso.example")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (91, None),
        (120, "in less than 60 days"),
        (165, "in less than 30 days"),
        (166, "in less than 14 days"),
        (179, "in less than 7 days"),
    ],
)
def test_every_run_says_how_soon_the_secret_before_the_current_one_ends(caplog, day, said):
    anchor = datetime(2026, 1, 1, tzinfo=UTC)
    now = anchor + timedelta(days=day)
    chosen = settings(clock=f"{now:%Y-%m-%dT%H:%M:%SZ}", rotationAnchor="2026-01-01")
    recorded = {
        f"placeos-secret-slot-{slot}": {
            "endDate": f"{anchor + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}",
            "rotateWhenChanged": {"number": number},
        }
        for slot, (days, number) in enumerate([(180, "1"), (270, "2")])
    }
    with recording(), caplog.at_level("INFO"):
        run(lambda: program.warn_of_ends(chosen, recorded, program.secret_slots(chosen, recorded)))
    told = [text for text in caplog.messages if "before the current one" in text]
    assert [said in text for text in told] == ([True] if said else [])
    assert all("2026-06-30" in text and "roomctl handover" in text for text in told)


def test_whoever_leaves_the_consent_to_a_person_is_told_what_becomes_of_the_code_s(caplog):
    given: Recorded = {"placeos-consent-Place.Read.All": {}, "placeos-consent-Calendars.ReadWrite": {}}
    by_person: Recorded = {"placeos-consent-by-person": {}}
    for consent, recorded in (("code", given), ("manual", by_person), ("manual", given)):
        assert "consented to" not in caplog.text
        with recording():
            run(partial(program.warn_of_consents, settings(consent=consent), recorded))
    assert "consented to Calendars.ReadWrite, Place.Read.All by code" in caplog.text
    assert "roomctl consent --stack unit" in caplog.text


def test_the_secret_that_nobody_was_given_ends_unmentioned(caplog):
    """The first run makes two, and hands one out."""
    chosen = settings(clock="2026-03-30T00:00:00Z", rotationAnchor="2026-01-01")
    recorded = {
        f"placeos-secret-slot-{slot}": {"endDate": end, "rotateWhenChanged": {"number": str(slot)}}
        for slot, end in enumerate(["2026-04-01T00:00:00Z", "2026-06-30T00:00:00Z"])
    }
    with recording(), caplog.at_level("INFO"):
        run(lambda: program.warn_of_ends(chosen, recorded, program.secret_slots(chosen, recorded)))
    assert "before the current one" not in caplog.text


def test_a_stack_that_gives_azuread_another_identity_ends_before_anything_is_made(monkeypatch, caplog):
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azuread:clientSecret": "hunter2"}))
    with recording(), pytest.raises(SystemExit), program.told():
        program.read_settings()
    assert "azuread:clientSecret (not what ARM_CLIENT_SECRET says)" in caplog.text
    assert "hunter2" not in caplog.text
