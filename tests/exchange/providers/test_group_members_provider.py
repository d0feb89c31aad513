"""The room group's members: any order, small and large changes, the brake, and who may not be one."""

from typing import Any

import pytest

from emulator.conditions import Conditions
from exchange.group_members import GroupMembersProvider
from tests.exchange.providers.conftest import ADDRESS, AS_ADMINISTRATOR, members_of, refreshed, stopped

PROVIDER: Any = GroupMembersProvider()
PERSON = "ada.ashby@contoso.example"


def inside(tenant) -> set[str]:
    ids = tenant.recipient(ADDRESS)["Members"]
    return {tenant.store.get("recipient", id_)["PrimarySmtpAddress"] for id_ in ids}


def by_hand(tenant, group: str, cmdlet: str, member: str) -> None:
    tenant.exchange.run(cmdlet, Identity=group, Member=member, Confirm=False, **AS_ADMINISTRATOR)


def few(rooms: dict[str, str], count: int) -> dict[str, str]:
    return dict(list(rooms.items())[:count])


def test_an_empty_group_is_filled_and_stays_equal(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    assert inside(tenant) == set(rooms)
    assert refreshed(PROVIDER, group, outputs) == outputs == members_of(group, rooms)
    before = tenant.now()
    assert not PROVIDER.diff(group, outputs, members_of(group, rooms)).changes
    PROVIDER.update(group, outputs, members_of(group, rooms))
    assert tenant.writes(before) == []


def test_order_case_and_a_rooms_new_name_never_show(tenant, group, rooms):
    tenant.fill(group, rooms)
    stored = tenant.recipient(ADDRESS)
    tenant.alter(ADDRESS, Members=list(reversed(stored["Members"])))
    first = next(iter(rooms))
    id_ = tenant.recipient(first)["ExternalDirectoryObjectId"]
    tenant.alter(first, PrimarySmtpAddress=first.upper(), DisplayName="Renamed")
    outputs = refreshed(PROVIDER, group, members_of(group, rooms))
    shuffled = {**dict(reversed(rooms.items())), first: "Its new name"}
    assert not PROVIDER.diff(group, outputs, members_of(group, shuffled)).changes
    assert tenant.store.get("recipient", id_)["DisplayName"] == "Renamed"


def test_one_room_added_to_many_is_one_call_of_its_own(tenant, group):
    many = tenant.rooms()
    last = list(many)[-1]
    outputs = tenant.fill(group, few(many, len(many) - 1))
    before = tenant.now()
    PROVIDER.update(group, outputs, members_of(group, many))
    assert tenant.writes(before) == ["Add-DistributionGroupMember"]
    assert last in inside(tenant)
    assert len(tenant.cmdlets(before)) <= 3


def test_a_large_change_is_one_call(tenant, group):
    many = tenant.rooms()
    outputs = tenant.fill(group, few(many, 2))
    before = tenant.now()
    PROVIDER.update(group, outputs, members_of(group, many))
    assert tenant.writes(before) == ["Update-DistributionGroupMember"]
    assert inside(tenant) == set(many)


@pytest.mark.parametrize(
    ("had", "has", "allowed", "passes"),
    [
        (20, 15, 0, True),
        (20, 14, 0, False),
        (20, 14, 6, True),
        (20, 14, 5, False),
        (20, 14, 7, False),
        (48, 0, 48, True),
        (200, 190, 0, True),
        (200, 189, 0, False),
        (200, 189, 11, True),
        (6, 48, 0, True),
    ],
)
def test_the_brake_at_preview_counts_what_the_code_takes_out(had, has, allowed, passes):
    rooms = {f"room{number}@contoso.example": f"Room {number}" for number in range(200)}
    found = PROVIDER.check(members_of("id", few(rooms, had)), members_of("id", few(rooms, has), allowed))
    assert [failure.property for failure in found.failures] == [""] * (not passes)
    if not passes:
        [failure] = found.failures
        assert f"{had - has} of {had} rooms would leave the group" in failure.reason
        assert f"allowRemovals {had - has}" in failure.reason
        assert f"<{sorted(set(few(rooms, had)) - set(few(rooms, has)))[0]}>" in failure.reason


def test_a_first_run_has_no_brake_at_preview():
    assert not PROVIDER.check({}, members_of("id", {})).failures


@pytest.mark.parametrize("allowed", [0, 41, 43])
def test_the_brake_of_an_adopted_group_counts_what_is_really_there(tenant, group, allowed):
    many = tenant.rooms()
    tenant.fill(group, many)
    before = tenant.now()
    said = stopped(PROVIDER.create, members_of(group, few(many, 6), allowed))
    assert "42 of 48 rooms would leave the group" in said
    assert "allowRemovals 42" in said
    assert tenant.writes(before) == []
    PROVIDER.create(members_of(group, few(many, 6), 42))
    assert inside(tenant) == set(few(many, 6))


def test_the_brake_of_an_update_counts_what_is_really_there(tenant, group):
    many = tenant.rooms()
    recorded = tenant.fill(group, few(many, 6))
    ids = [tenant.recipient(address)["ExternalDirectoryObjectId"] for address in many]
    tenant.alter(ADDRESS, Members=ids)
    before = tenant.now()
    assert "42 of 48" in stopped(PROVIDER.update, group, recorded, members_of(group, few(many, 6)))
    assert tenant.writes(before) == []
    PROVIDER.update(group, recorded, members_of(group, few(many, 6), 42))
    assert inside(tenant) == set(few(many, 6))


@pytest.mark.parametrize("by_hand_too", ["Add-DistributionGroupMember", "Remove-DistributionGroupMember"])
def test_a_number_that_the_preview_asked_for_is_not_refused_for_a_change_by_hand(tenant, group, by_hand_too):
    """The preview counts the code's removals, the update the tenant's: neither may refuse the other's."""
    many = tenant.rooms()
    recorded = tenant.fill(group, many)
    added = by_hand_too.startswith("Add")
    by_hand(tenant, group, by_hand_too, PERSON if added else list(many)[-1])
    wanted = members_of(group, few(many, 8), 40)
    assert not PROVIDER.check(recorded, wanted).failures
    PROVIDER.update(group, recorded, wanted)
    assert inside(tenant) == set(few(many, 8))


def test_a_member_added_by_hand_is_drift_and_is_removed(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    by_hand(tenant, group, "Add-DistributionGroupMember", PERSON)
    found = refreshed(PROVIDER, group, outputs)
    assert found["members"] == {**rooms, PERSON: "Ada Ashby"}
    assert PROVIDER.diff(group, found, members_of(group, rooms)).changes
    PROVIDER.update(group, found, members_of(group, rooms))
    assert inside(tenant) == set(rooms)


def test_a_member_removed_by_hand_is_drift_and_comes_back(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    by_hand(tenant, group, "Remove-DistributionGroupMember", next(iter(rooms)))
    found = refreshed(PROVIDER, group, outputs)
    assert PROVIDER.diff(group, found, members_of(group, rooms)).changes
    PROVIDER.update(group, found, members_of(group, rooms))
    assert inside(tenant) == set(rooms)


def test_a_nested_group_is_drift_and_is_removed(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    by_hand(tenant, group, "Add-DistributionGroupMember", "finance@contoso.example")
    found = refreshed(PROVIDER, group, outputs)
    assert set(found["members"]) - set(rooms) == {"finance@contoso.example"}
    PROVIDER.update(group, found, members_of(group, rooms))
    assert inside(tenant) == set(rooms)


def test_dsc_6426_members_without_a_mailbox_are_drift_and_all_are_removed(tenant, group, rooms):
    """They have no address; two of them must not pass for one."""
    outputs = tenant.fill(group, rooms)
    for address in ("ada.ashby@contoso.example", "bela.bauer@contoso.example"):
        by_hand(tenant, group, "Add-DistributionGroupMember", address)
        tenant.alter(address, PrimarySmtpAddress="", RecipientType="User", RecipientTypeDetails="User")
    found = refreshed(PROVIDER, group, outputs)
    assert len(set(found["members"]) - set(rooms)) == 2
    PROVIDER.update(group, found, members_of(group, rooms))
    assert inside(tenant) == set(rooms)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nobody@contoso.example", "nobody@contoso.example"),
        ("old.name@contoso.example", "secondary"),
        (PERSON, "is no room, workspace or equipment mailbox"),
        ("reception@contoso.example", "is no room, workspace or equipment mailbox"),
        ("finance@contoso.example", "is no room, workspace or equipment mailbox"),
    ],
)
def test_what_is_no_room_is_refused_before_any_change(tenant, group, rooms, address, said):
    outputs = tenant.fill(group, few(rooms, 4))
    second = list(rooms)[1]
    proxies = [*tenant.recipient(second)["EmailAddresses"], "smtp:old.name@contoso.example"]
    tenant.alter(second, EmailAddresses=proxies)
    before = tenant.now()
    wanted = members_of(group, {**few(rooms, 3), list(rooms)[5]: "", address: ""})
    message = stopped(PROVIDER.update, group, outputs, wanted)
    assert said in message
    assert address in message
    assert tenant.writes(before) == []


def test_a_person_whom_somebody_added_by_hand_is_refused_in_the_inventory_too(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    by_hand(tenant, group, "Add-DistributionGroupMember", PERSON)
    said = stopped(PROVIDER.update, group, outputs, members_of(group, {**rooms, PERSON: "Ada"}))
    assert f"{PERSON} is a UserMailbox, and no room" in said


def test_equipment_is_welcome(tenant, group, rooms):
    first = next(iter(rooms))
    tenant.alter(first, RecipientTypeDetails="EquipmentMailbox")
    tenant.fill(group, rooms)
    assert inside(tenant) == set(rooms)


def test_dsc_3044_rooms_with_apostrophes(tenant, group, rooms):
    first = next(iter(rooms))
    address = "o'hara@contoso.example"
    tenant.alter(first, PrimarySmtpAddress=address, EmailAddresses=[f"SMTP:{address}"], DisplayName="O'Hara")
    wanted = {address: "O'Hara", list(rooms)[1]: ""}
    tenant.fill(group, wanted)
    assert inside(tenant) == set(wanted)


def test_the_group_gone_is_gone_and_is_told(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    tenant.exchange.run("Remove-DistributionGroup", Identity=group, Confirm=False, **AS_ADMINISTRATOR)
    found = PROVIDER.read(group, outputs)
    assert (found.id, found.outs) == ("", {})
    assert "Run pulumi up --refresh" in stopped(PROVIDER.update, group, outputs, members_of(group, rooms))
    assert "Run pulumi up --refresh" in stopped(PROVIDER.create, members_of(group, rooms))


def test_a_group_made_a_moment_ago_is_waited_for_and_not_taken_for_gone(tenant, rooms):
    tenant.tenant.tenant.hold(Conditions(replication={"group": 3}))
    try:
        group = tenant.make_group()
        assert tenant.fill(group, rooms)["members"] == rooms
        assert tenant.restrict(group)["groupObjectIds"] == [group]
    finally:
        tenant.tenant.tenant.hold_nothing()


def crowded(tenant, count: int) -> dict[str, str]:
    """So many more rooms in the group, put there directly."""
    pattern = tenant.recipient(next(iter(tenant.rooms())))
    ids, made = [], {}
    with tenant.store.transaction():
        for number in range(count):
            id_, address = f"00000000-0000-4000-8000-{number:012}", f"room-{number}@contoso.example"
            tenant.store.put(
                "recipient",
                id_,
                pattern
                | {"ExternalDirectoryObjectId": id_, "Guid": id_, "PrimarySmtpAddress": address}
                | {"Name": f"Room {number}", "DisplayName": f"Room {number}", "Alias": f"room-{number}"}
                | {"EmailAddresses": [f"SMTP:{address}"], "Identity": f"Room {number}"},
            )
            ids.append(id_)
            made[address] = f"Room {number}"
        tenant.alter(ADDRESS, Members=ids)
    return made


def test_many_members_come_page_by_page_and_a_lost_page_is_an_error(tenant, group):
    many = crowded(tenant, 2300)
    recorded = members_of(group, many)
    before = tenant.now()
    assert refreshed(PROVIDER, group, recorded) == recorded
    assert tenant.cmdlets(before) == ["Get-DistributionGroupMember"] * 3

    tenant.fault("Get-DistributionGroupMember", status=500, skip=1, times=20)
    stopped(PROVIDER.read, group, recorded)
    before = tenant.now()
    stopped(PROVIDER.update, group, recorded, members_of(group, few(many, 2299)))
    assert tenant.writes(before) == []


@pytest.mark.parametrize("cmdlet", ["Add-DistributionGroupMember", "Update-DistributionGroupMember"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_died_in_the_middle_is_finished_by_the_next(tenant, group, cmdlet, when):
    many = tenant.rooms()
    has, wanted = (few(many, 3), few(many, 9)) if cmdlet.startswith("Add") else ({}, many)
    outputs = tenant.fill(group, has) if has else members_of(group, {})
    tenant.fault(cmdlet, status=500, when=when, times=20)
    stopped(PROVIDER.update, group, outputs, members_of(group, wanted))
    tenant.tenant.faults.clear()
    PROVIDER.update(group, outputs, members_of(group, wanted))
    assert inside(tenant) == set(wanted)


def test_a_group_that_was_made_anew_is_a_change(rooms):
    outputs = members_of("one", rooms)
    assert PROVIDER.diff("one", outputs, members_of("two", rooms)).changes


def test_deleting_keeps_the_members(tenant, group, rooms):
    outputs = tenant.fill(group, rooms)
    PROVIDER.delete(group, outputs)
    assert inside(tenant) == set(rooms)
