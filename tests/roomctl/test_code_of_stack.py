"""What the code says of a stack comes from its settings, whatever a refresh wrote into its state."""

from pathlib import Path
from typing import Any, cast

import pytest

from drift.code import Code, Source
from exchange.admin_api import ExchangeAdmin
from review.types import CLIENT_SECRET, VAULT_SECRET
from roomctl.code_of_stack import _IDENTITY, _IN_VAULT, _STAFF_GROUP, code_of_stack
from roomctl.recorded_stack import RecordedStack
from settings import Settings
from tests.components.recording import KEY_VAULT, STAFF, declare
from tests.emulated import Emulated

NOBODY = cast("ExchangeAdmin", None)
"""Who lists the rooms in the settings asks nobody for them."""
SAID: dict[str, Any] = {
    "rooms": ["opera@contoso.example"], "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": "rooms@contoso.example", "roomGroupOwner": "exchange.admin@contoso.example",
    "rotationAnchor": "2026-01-01",
}  # fmt: skip
WITHOUT_ROOMS = {key: value for key, value in SAID.items() if key != "rooms"}
VAULT = (
    "/subscriptions/33333333-0000-4000-8000-000000000000/resourceGroups/rooms"
    "/providers/Microsoft.KeyVault/vaults/contoso-rooms"
)
STAFF_SAID = {"staff": ["ada@contoso.example"], "staffGroupAddress": "staff@contoso.example"}
MADE_OF_IT = "by-hand@contoso.example"
ADA, BELA = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
SLOT, OTHER_SLOT = "placeos-secret-slot-0", "placeos-secret-slot-1"


def recorded(**outputs: dict[str, Any]) -> RecordedStack:
    """A stack that was brought up, with these outputs, by the ends of the resources' names."""
    groups = [{"objectId": f"{one}-GROUP", "mailboxes": one} for one in ("rooms", "staff")]
    proof = {"applicationObjectId": "A", "appId": "C", "servicePrincipalObjectId": "P", "groups": groups}
    named = {f"placeos-{name.replace('_', '-')}": one for name, one in outputs.items()}
    state = {"placeos-scope-configured-access": proof, **named}
    return RecordedStack("organization/placeos-m365/prod", "prod", {}, frozenset(), (), state)


def code(stack: RecordedStack, **said: Any) -> Code:
    settings = Settings.parse({**SAID, **said}, project_root=Path())
    return code_of_stack(stack, settings, NOBODY)


def test_names_and_addresses_of_groups_are_those_of_the_settings() -> None:
    stack = recorded(rooms_group={"address": MADE_OF_IT}, staff_group={"address": MADE_OF_IT})
    told = [(one.address, one.name, one.alias) for one in code(stack, **STAFF_SAID).groups]
    assert told == [
        ("rooms@contoso.example", "PlaceOS Room Booking", "placeosroombooking"),
        ("staff@contoso.example", "PlaceOS Staff", "placeosstaff"),
    ]
    [_, left] = code(stack).groups
    assert (left.address, left.name) == (MADE_OF_IT, ""), "the settings name it no more"


def test_members_are_named_where_the_settings_name_them() -> None:
    [rooms, staff] = code(recorded(), **STAFF_SAID).groups
    assert (rooms.source, staff.source) == (Source.ROOMS, Source.STAFF)
    said = {**WITHOUT_ROOMS, "inventory": "examples/contoso/rooms.csv"}
    settings = Settings.parse(said, project_root=Path(__file__).parents[2])
    [rooms, _] = code_of_stack(recorded(), settings, NOBODY).groups
    assert rooms.source is Source.INVENTORY


def test_with_every_room_mailbox_the_tenant_names_them(emulated: Emulated) -> None:
    settings = Settings.parse({**WITHOUT_ROOMS, "everyRoomMailbox": True}, project_root=Path())
    [rooms, _] = code_of_stack(recorded(), settings, emulated.exchange).groups
    assert rooms.source is Source.EVERY_ROOM_MAILBOX
    assert rooms.members


@pytest.mark.parametrize(
    ("outputs", "owners"),
    [
        ({"identity": {"owners": [ADA]}}, {ADA}),
        ({"identity": {}}, {ADA, BELA}),
    ],
    ids=["as the last run declared them", "a stack of an older version"],
)
def test_owners_are_those_of_the_last_run_and_of_the_settings(
    outputs: dict[str, Any], owners: set[str]
) -> None:
    refreshed = {"identity_application": {"owners": [ADA, BELA]}}
    stack = recorded(**outputs, **refreshed, identity_service_principal={"owners": [ADA]})
    assert code(stack).owners == owners
    named = "33333333-0000-4000-8000-000000000003"
    assert code(stack, applicationOwners=[named]).owners == {*owners, named}
    assert code(stack, applicationAdministrators=[named]).administrators == {named}


def test_both_slots_and_the_secret_in_the_vault_are_asked_for() -> None:
    stack = recorded(secret_slot_0={"keyId": "x"})
    assert code(stack).unrecorded == {OTHER_SLOT: CLIENT_SECRET}
    assert code(recorded(), keyVault=VAULT).unrecorded == {
        SLOT: CLIENT_SECRET, OTHER_SLOT: CLIENT_SECRET, _IN_VAULT: VAULT_SECRET,
    }  # fmt: skip


def test_the_program_declares_what_is_looked_up_by_its_name() -> None:
    declared = {(one.name, one.type) for one in declare(key_vault=KEY_VAULT, staff=STAFF).declared}
    assert (_IN_VAULT, VAULT_SECRET) in declared
    assert {_IDENTITY, _STAFF_GROUP} <= {name for name, _ in declared}
    assert "owners" in declare().outputs[_IDENTITY]
