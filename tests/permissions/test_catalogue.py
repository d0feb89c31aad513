"""The catalogue's data, and how it answers names that it doesn't have."""

import json
import re
from pathlib import Path

import pytest

import permissions
from permissions import UnknownPermissionError

CATALOGUE = json.loads(Path(permissions.__file__).with_name("catalogue.json").read_text(encoding="utf-8"))

# Microsoft's own ids (microsoftgraph/microsoft-graph-devx-content, permissions-descriptions.json), the same
# in every tenant. Written down a second time on purpose: a wrong id grants the wrong right.
IDS = {
    "Calendars.Read": "798ee544-9d2d-430c-a058-570e29e34338",
    "Calendars.ReadWrite": "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
    "Contacts.Read": "089fe4d0-434a-44c5-8827-41ba8a0b17f5",
    "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
    "Place.Read.All": "913b9306-0ce1-42b8-9137-6a7df690a760",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadBasic.All": "97235f07-e226-4f63-ace3-39588e11d3a1",
}
LOOK_ALIKE_IDS = {
    "Calendars.Read.All": "470229df-a15a-4b08-9d95-8c534862b362",
    "Calendars.ReadBasic": None,
    "Calendars.ReadBasic.All": "8ba4a692-bc31-4128-9094-475872af8a53",
    "Calendars.ReadWrite.All": "d91697b0-a708-4c11-a712-8fb2dc081aa2",
    "Contacts.Read.All": None,
    "Contacts.ReadWrite": "6918b873-d17a-4dc1-b314-35f528134491",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "Place.ReadWrite.All": "f1f5e9aa-ad18-4b97-883e-6aa7e95b7a5f",
    "User.Read": None,
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
}


def test_every_id_is_microsofts():
    assert {name: permissions.find(name).id for name in permissions.names()} == IDS
    assert {entry["name"]: entry["id"] for entry in CATALOGUE["lookAlikes"]} == LOOK_ALIKE_IDS
    assert permissions.GRAPH_APP_ID == "00000003-0000-0000-c000-000000000000"


def test_names_and_ids_occur_once_and_in_order():
    entries = CATALOGUE["permissions"] + CATALOGUE["lookAlikes"]
    ids = [entry["id"] for entry in entries if entry["id"]]
    assert len(ids) == len(set(ids))
    assert len({entry["name"] for entry in entries}) == len(entries)
    for names in (permissions.names(), [entry["name"] for entry in CATALOGUE["lookAlikes"]]):
        assert list(names) == sorted(names)


def test_profiles_hold_what_placeos_asks_for():
    assert permissions.PROFILES == {
        "engine-2020": (
            "Calendars.ReadWrite",
            "Contacts.Read",
            "Group.Read.All",
            "Place.Read.All",
            "User.Read.All",
        ),
        "room-booking": ("Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"),
    }
    for name, wanted in permissions.PROFILES.items():
        assert tuple(permission.name for permission in permissions.profile(name)) == wanted


@pytest.mark.parametrize("name", IDS)
def test_no_permission_opens_mailboxes_that_no_policy_narrows(name):
    permission = permissions.find(name)
    assert permission.mailbox == permission.scoped_by_policy
    assert permission.mailbox == name.startswith(("Calendars.", "Contacts.", "Mail."))


@pytest.mark.parametrize("name", IDS)
def test_every_permission_says_what_it_opens_and_who_needs_it(name):
    permission = permissions.find(name)
    assert re.fullmatch(r"[A-Z][^.]*\.", permission.opens)
    assert permission.needed_by
    assert all(need.source.startswith("https://") and need.call for need in permission.needed_by)


@pytest.mark.parametrize("name", LOOK_ALIKE_IDS)
def test_a_look_alike_is_refused_with_what_to_write_instead(name):
    with pytest.raises(UnknownPermissionError) as refused:
        permissions.find(name)
    instead = next(entry["instead"] for entry in CATALOGUE["lookAlikes"] if entry["name"] == name)
    assert instead
    for other in instead:
        assert permissions.why_not(other) is None
        assert other in str(refused.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Contacts.Read.All", "Microsoft Graph has no such permission, although the older PlaceOS document"),
        ("Calendars.ReadWrite.All", "work hours and locations"),
        ("Calendars.Read.All", "work hours and locations"),
        ("Calendars.ReadBasic.All", "no application access policy narrows it"),
        ("calendars.readwrite", "the nearest names are Calendars.ReadWrite"),
        ("User.Read.Al", "the nearest names are User.Read.All"),
        ("Sites.FullControl.All", "isn't among the permissions that PlaceOS needs"),
    ],
)
def test_the_reason_tells_names_apart(name, words):
    assert words in str(permissions.why_not(name))


def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(UnknownPermissionError, match="the nearest name is room-booking"):
        permissions.profile("roombooking")
