"""Rooms, staff, the owner and the mailboxes that must be refused, before anything is made."""

import pytest

from tests.prerequisites.conftest import GOOD, OTHER_ROOM, PERSON, ROOM
from wire import NotAuthorised


def alter(emulated, address: str, **properties):
    [kept] = [one for one in emulated.tenant.store.all("recipient") if one["PrimarySmtpAddress"] == address]
    emulated.tenant.store.put("recipient", kept["ExternalDirectoryObjectId"], kept | properties)


def test_what_the_tenant_has_is_no_problem(lacking):
    assert lacking(deniedMailboxes=[PERSON], staff=["bela.bauer@contoso.example"],
                   staffGroupAddress="placeosstaff@contoso.example") == []  # fmt: skip


@pytest.mark.parametrize("key", ["rooms", "staff", "deniedMailboxes", "roomGroupOwner"])
def test_an_address_that_nobody_has(lacking, key):
    nobody = "nobody@contoso.example"
    changes = {key: nobody if key == "roomGroupOwner" else [nobody]}
    if key == "staff":
        changes["staffGroupAddress"] = "placeosstaff@contoso.example"
    [problem] = lacking(**changes)
    assert (problem.key, problem.value) == (key, nobody)
    assert "nobody" in problem.reason
    assert problem.fix


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("UserMailbox", "is a UserMailbox, and no room, workspace or equipment mailbox"),
        ("SharedMailbox", "is a SharedMailbox"),
        ("MailUser", "still on premises"),
        ("MailContact", "not in Exchange Online"),
    ],
)
def test_a_room_that_is_none(lacking, emulated, kind, said):
    alter(emulated, ROOM, RecipientTypeDetails=kind)
    [problem] = lacking()
    assert (problem.key, problem.value) == ("rooms", ROOM)
    assert said in problem.reason


def test_a_room_that_is_still_on_premises_has_a_way_out_of_its_own(lacking, emulated):
    alter(emulated, ROOM, RecipientTypeDetails="MailUser")
    [problem] = lacking()
    assert problem.fix.startswith("migrate the mailbox to Exchange Online first")


def test_a_secondary_address_is_told_with_the_primary_one(lacking, emulated):
    alter(emulated, ROOM, EmailAddresses=[f"SMTP:{ROOM}", "smtp:old@contoso.example"])
    [problem] = lacking(rooms=["old@contoso.example"])
    assert problem.reason == f"is a secondary address of {ROOM}"
    assert problem.fix == f"write {ROOM}"


def test_rooms_of_an_inventory_are_told_with_their_rows(lacking, tmp_path):
    table = tmp_path / "räume.csv"
    table.write_text(
        "room_id,email,name,building,level,status\n"
        f"1,{ROOM},Harbour,syd,01,active\n"
        "2,gone@contoso.example,Gone,syd,01,active\n"
        f"3,{PERSON},Ada,syd,01,active\n"
        "4,planned@contoso.example,Planned,syd,01,planned\n",
        encoding="utf-8",
    )
    (tmp_path / "buildings.csv").write_text("code,name,timezone\nsyd,Sydney,Australia/Sydney\n")
    (tmp_path / "levels.csv").write_text("building,code,name,order\nsyd,01,Level 1,1\n")
    [problem] = lacking(rooms=None, inventory=str(table))
    assert problem.key == "inventory"
    first, second = problem.reason.splitlines()
    assert first.startswith('räume.csv row 3, email: "gone@contoso.example" nobody in the tenant has')
    assert second.startswith(f'räume.csv row 4, email: "{PERSON}" is a UserMailbox')


def test_a_person_who_is_no_mailbox_of_staff(lacking):
    [problem] = lacking(staff=["finance@contoso.example"], staffGroupAddress="placeosstaff@contoso.example")
    assert "MailUniversalSecurityGroup" in problem.reason


def test_an_owner_that_is_a_room_or_a_group(lacking):
    for owner in ("syd-01-quay@contoso.example", "finance@contoso.example"):
        [problem] = lacking(roomGroupOwner=owner)
        assert problem.key == "roomGroupOwner"


def test_an_administrator_proves_nothing(lacking):
    [problem] = lacking(deniedMailboxes=["global.admin@contoso.example"])
    assert "administrator" in problem.reason


def test_everything_is_told_at_once(lacking):
    problems = lacking(
        rooms=["nobody@contoso.example", PERSON, OTHER_ROOM],
        roomGroupOwner="noone@contoso.example",
        deniedMailboxes=["global.admin@contoso.example"],
        roomGroupAddress="reception@contoso.example",
        applicationName="Travel Desk",
    )
    assert [problem.key for problem in problems] == [
        "applicationName", "rooms", "rooms", "roomGroupAddress", "roomGroupOwner", "deniedMailboxes",
    ]  # fmt: skip


def test_a_thousand_rooms_are_no_call_each(lacking, emulated):
    rooms = [one["PrimarySmtpAddress"] for one in emulated.tenant.store.all("recipient")
             if one["RecipientTypeDetails"] == "RoomMailbox"]  # fmt: skip
    many = [f"nobody-{number}@contoso.example" for number in range(40)]
    problems = lacking(rooms=[*rooms, *many])
    assert len(problems) == 40
    assert emulated.calls("Get-Recipient") == 3


def test_could_not_look_is_never_nothing_there(lacking, emulated):
    emulated.fault("Get-Recipient", status=403, times=9)
    with pytest.raises(NotAuthorised):
        lacking()


def test_the_good_settings_name_only_what_is_there(lacking):
    assert lacking(**GOOD) == []


def test_an_owner_by_a_secondary_address(lacking, emulated):
    """Exchange shows the primary one, so that the group would never be as wanted."""
    [person] = [one for one in emulated.tenant.store.all("recipient") if one["PrimarySmtpAddress"] == PERSON]
    more = {"EmailAddresses": [*person["EmailAddresses"], "smtp:other@contoso.example"]}
    emulated.tenant.store.put("recipient", person["Guid"], person | more)
    [problem] = lacking(roomGroupOwner="other@contoso.example")
    assert problem.fix == f"write {PERSON}"


def test_a_guest_owns_no_group(lacking, emulated):
    [person] = [one for one in emulated.tenant.store.all("recipient") if one["PrimarySmtpAddress"] == PERSON]
    emulated.tenant.store.put("recipient", person["Guid"], person | {"RecipientTypeDetails": "GuestMailUser"})
    [problem] = lacking(roomGroupOwner=PERSON)
    assert "GuestMailUser" in problem.reason
