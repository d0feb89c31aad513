"""The doors of the groups."""

import pytest

from tests.review.stack import ADMIN, UNKNOWN, Stack, clean, reviewed, said


def group(**inputs) -> Stack:
    stack = clean()
    stack["rooms-group"].update(inputs)
    return stack


@pytest.mark.parametrize(
    ("key", "open_", "level", "opens", "shuts"),
    [
        ("hiddenFromAddressLists", False, "low", "is shown in", "is hidden from"),
        ("memberJoin", "Open", "critical", "lets people join", "lets nobody join"),
        ("memberJoin", "ApprovalRequired", "critical", "lets people join", "lets nobody join"),
        ("memberDepart", "Open", "low", "lets members leave", "lets no member leave"),
        ("requireSenderAuthentication", False, "moderate", "takes mail from outside", "takes no mail from"),
    ],
)
def test_a_door(key, open_, level, opens, shuts):
    stack = group(**{key: open_})
    [change] = reviewed(stack).changes
    assert (change.effect, change.area, change.level) == ("gains", "groups", level)
    assert change.what.startswith(f"PlaceOS rooms {opens}")
    assert change.ask == f"Why is this door of the group left open ({key}: {open_})?"
    [shut] = said(clean(), stack)
    assert shut.startswith(f"loses/groups/low: PlaceOS rooms {shuts}")
    unset = clean()
    del unset["rooms-group"][key]
    assert said(unset) == []


def test_a_new_group_with_an_open_door_and_one_whose_door_is_not_known():
    assert "gains/groups/critical: PlaceOS staff lets people join by themselves." in said(
        clean().group("staff", memberJoin="Open")
    )
    assert said(clean().group("staff")) == []
    [change] = reviewed(group(memberJoin=UNKNOWN)).changes
    assert (
        change.ask == "Why is this door of the group left open (memberJoin: what only the update will know)?"
    )


def test_owners():
    gained, lost = reviewed(group(owners=["ada@contoso.example"])).changes
    assert (gained.effect, gained.area, gained.level) == ("gains", "groups", "high")
    assert gained.what == (
        "ada@contoso.example becomes an owner of PlaceOS rooms: an owner adds members, whose mailboxes "
        "PlaceOS can open then."
    )
    assert lost.what == f"{ADMIN} no longer owns PlaceOS rooms."


def test_who_may_mail_all_rooms():
    gained, lost = reviewed(group(allowedSenders=["ada@contoso.example"])).changes
    assert (gained.effect, gained.level) == ("gains", "moderate")
    assert (
        gained.what == "ada@contoso.example may send mail to PlaceOS rooms, and so invite every room at once."
    )
    assert gained.ask == "Why may ada@contoso.example mail all rooms at once?"
    assert (lost.effect, lost.what) == ("loses", f"{ADMIN} may no longer send mail to PlaceOS rooms.")


def test_everybody_may_mail_all_rooms():
    [change] = reviewed(group(allowedSenders=[])).changes
    assert (change.effect, change.level) == ("gains", "moderate")
    assert change.what == "Everybody may send mail to PlaceOS rooms: who does so invites every room at once."
    assert change.ask == "Who needs to mail all rooms at once?"
    assert said(group(allowedSenders=UNKNOWN))[0].startswith(
        "gains/groups/moderate: what only the update will know"
    )


@pytest.mark.parametrize("key", ["name", "alias", "address"])
def test_another_name(key):
    was = clean()["rooms-group"][key]
    assert said(group(**{key: "Räume"})) == [
        f"neither/groups/low: The {key} of the group PlaceOS rooms becomes Räume (was {was})."
    ]
    assert UNKNOWN not in said(group(**{key: UNKNOWN}))[0]


def test_a_group_that_is_made_anew_and_one_that_goes():
    [change] = reviewed(clean(), clean(), "rooms-group").changes
    assert (change.effect, change.area, change.level) == ("neither", "groups", "high")
    assert (change.what, change.ask) == ("rooms-group is made anew.", "What of the members?")
    assert said(clean().without("rooms-group")) == [
        "neither/groups/low: The group PlaceOS rooms is no longer declared."
    ]


def test_a_group_without_a_name_is_called_as_the_code_calls_it():
    assert said(clean().without("rooms-group"), group(name=UNKNOWN)) == [
        "neither/groups/low: The group rooms-group is no longer declared."
    ]
