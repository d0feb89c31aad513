from collections.abc import Sequence

import pytest

from exchange import directory, groups, members, rooms
from exchange.records import Recipient
from tests.emulated import Emulated
from tests.exchange.test_groups import SETTINGS
from wire import Invalid, NotAuthorised, NotFound, Transient


@pytest.fixture
def group(emulated):
    return groups.create(emulated.exchange, SETTINGS).group.object_id


@pytest.fixture
def everyone(emulated):
    return rooms.list_rooms(emulated.exchange)


def change(
    emulated: Emulated, group: str, *, add: Sequence[Recipient] = (), remove: Sequence[Recipient] = ()
) -> list[Recipient] | None:
    present = members.list_members(emulated.exchange, group)
    assert present is not None
    ids = [one.object_id for one in add]
    members.change(emulated.exchange, group, present=present, add=ids, remove=remove)
    return members.list_members(emulated.exchange, group)


def test_large_changes_are_one_call(emulated, group, everyone):
    assert change(emulated, group, add=everyone) == everyone
    assert change(emulated, group, remove=everyone[:30]) == everyone[30:]
    assert emulated.calls("Update-DistributionGroupMember") == 2
    assert emulated.calls("Add-DistributionGroupMember") == 0


def test_small_changes_touch_only_what_changes(emulated, group, everyone):
    change(emulated, group, add=everyone)
    assert change(emulated, group, remove=everyone[:2]) == everyone[2:]
    assert change(emulated, group, add=everyone[:2]) == everyone
    assert emulated.calls("Update-DistributionGroupMember") == 1
    assert emulated.calls("Add-DistributionGroupMember") == 2
    assert emulated.calls("Remove-DistributionGroupMember") == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("count", [1, 30])
def test_a_change_whose_answer_is_lost_is_made_whole(emulated, group, everyone, when, count):
    for cmdlet in ("Add-DistributionGroupMember", "Update-DistributionGroupMember"):
        emulated.fault(cmdlet, status="reset", when=when)
    assert change(emulated, group, add=everyone[:count]) == everyone[:count]
    emulated.fault("Remove-DistributionGroupMember", status=503, when=when)
    assert change(emulated, group, remove=everyone[:count]) == []


def test_who_is_a_member_already_and_who_is_none_any_more_are_fine(emulated, group, everyone):
    one = everyone[:1]
    for _ in range(2):
        members.change(emulated.exchange, group, present=[], add=[one[0].object_id], remove=[])
    for _ in range(2):
        members.change(emulated.exchange, group, present=one, add=[], remove=one)
    assert members.list_members(emulated.exchange, group) == []


def test_no_group_is_none_and_no_members_is_empty(emulated, group):
    assert members.list_members(emulated.exchange, group) == []
    assert members.list_members(emulated.exchange, "00000000-0000-4000-8000-000000000000") is None


@pytest.mark.parametrize(("status", "error"), [(403, NotAuthorised), (500, Transient)])
def test_members_that_can_not_be_read_are_never_no_members(emulated, group, status, error):
    emulated.fault("Get-DistributionGroupMember", status=status, times=9)
    with pytest.raises(error):
        members.list_members(emulated.exchange, group)


def test_rooms_are_found_by_address_whatever_its_case(emulated, everyone):
    wanted = [room.address for room in reversed(everyone)]
    assert rooms.resolve(emulated.exchange, [one.upper() for one in wanted[:3]]) == everyone[::-1][:3]
    assert rooms.resolve(emulated.exchange, []) == []


def test_many_rooms_are_listed_not_asked_for_one_by_one(emulated, everyone, monkeypatch):
    monkeypatch.setattr(rooms, "MANY", 10)
    before = emulated.calls("Get-Recipient")
    assert rooms.resolve(emulated.exchange, [room.address for room in everyone]) == everyone
    assert emulated.calls("Get-Recipient") == before + 1


def test_addresses_of_nobody_are_all_named(emulated, everyone):
    wanted = [everyone[0].address, "x'o@contoso.example", "y@contoso.example"]
    with pytest.raises(NotFound, match=r"2 of 3 .*x'o@contoso\.example, y@contoso\.example"):
        rooms.resolve(emulated.exchange, wanted)


def test_a_secondary_address_is_told_with_the_primary_one(emulated, everyone):
    room = emulated.tenant.store.get("recipient", everyone[0].object_id)
    room["EmailAddresses"].append("smtp:old.name@contoso.example")
    emulated.tenant.store.put("recipient", everyone[0].object_id, room)
    with pytest.raises(Invalid, match=rf"old\.name@contoso\.example is {everyone[0].address}"):
        rooms.resolve(emulated.exchange, ["old.name@contoso.example"])


def test_dsc_3044_names_with_apostrophes_are_looked_up(emulated, everyone):
    room = emulated.tenant.store.get("recipient", everyone[0].object_id)
    emulated.tenant.store.put("recipient", everyone[0].object_id, {**room, "Name": "O'Hara's"})
    found = directory.find(emulated.exchange, ["O'Hara's", everyone[1].object_id, "nobody"])
    assert set(found) == {"o'hara's", everyone[1].object_id}
    assert found["o'hara's"].address == everyone[0].address


def test_people_are_people(emulated):
    people = directory.user_mailboxes(emulated.exchange, at_most=5)
    assert len(people) == 5
    assert all(isinstance(one, Recipient) and one.type_details == "UserMailbox" for one in people)
    assert people == sorted(people, key=lambda one: one.address)
