"""The names of this stack's groups must be free; an existing staff group must fit an access policy."""

import pytest

from exchange import groups
from exchange.groups import GroupSettings
from tests.prerequisites.conftest import MARK, PERSON

OWNER = "exchange.admin@contoso.example"


@pytest.fixture
def taken(emulated):
    """A group that has the alias and address of the room group, with these notes."""

    def make(mark: str, alias: str = "placeosroombooking", address: str = "placeosroombooking") -> str:
        wanted = GroupSettings(
            name="Made by hand",
            alias=alias,
            address=f"{address}@contoso.example",
            owners=(OWNER,),
            accepted_senders=(OWNER,),
            mark=mark,
        )
        return groups.create(emulated.exchange, wanted).group.object_id

    return make


def test_a_group_of_somebody_else_is_told_with_the_way_to_hand_it_over(lacking, taken):
    taken("made by hand")
    [problem] = lacking()
    assert problem.key == "roomGroupAddress"
    assert f"-Notes '{MARK}'" in problem.reason


def test_a_group_of_this_stack_is_taken_over(lacking, taken):
    taken(MARK)
    assert lacking() == []


def test_an_alias_already_taken(lacking, taken):
    taken("made by hand", address="elsewhere")
    [problem] = lacking()
    assert (problem.key, problem.value) == ("roomGroupAlias", "placeosroombooking")
    assert "elsewhere@contoso.example" in problem.reason


def test_a_name_already_taken(lacking, taken, emulated):
    taken("made by hand", alias="elsewhere", address="elsewhere")
    [problem] = lacking(roomGroupName="Made by hand")
    assert (problem.key, problem.value) == ("roomGroupName", "Made by hand")
    assert "elsewhere@contoso.example" in problem.reason


def test_an_address_of_a_mailbox(lacking):
    [problem] = lacking(roomGroupAddress="reception@contoso.example", roomGroupAlias="placeos")
    assert "SharedMailbox" in problem.reason


def test_a_group_synchronised_from_on_premises(lacking):
    [problem] = lacking(roomGroupAddress="finance@contoso.example", roomGroupAlias="placeos")
    assert "synchronised from on premises" in problem.reason


def test_a_synchronised_group_may_be_the_staff_group_because_nothing_of_it_is_changed(lacking):
    assert lacking(staffGroup="finance@contoso.example") == []


@pytest.mark.parametrize(
    ("group", "said"),
    [("nobody@contoso.example", "no group has this address"), (PERSON, "no group has this address")],
)
def test_a_staff_group_that_is_none(lacking, group, said):
    [problem] = lacking(staffGroup=group)
    assert (problem.key, problem.value) == ("staffGroup", group)
    assert said in problem.reason


def test_a_staff_group_that_no_policy_takes(lacking, emulated):
    emulated.exchange.run(
        "New-DistributionGroup", Name="Team", Alias="team", Type="Distribution", ManagedBy=[OWNER],
        PrimarySmtpAddress="team@contoso.example",
    )  # fmt: skip
    [problem] = lacking(staffGroup="team@contoso.example")
    assert "MailUniversalDistributionGroup" in problem.reason


def test_a_denied_mailbox_that_is_in_the_staff_group(lacking):
    [problem] = lacking(staffGroup="finance@contoso.example", deniedMailboxes=[PERSON])
    assert (problem.key, problem.value) == ("deniedMailboxes", PERSON)
    assert "finance@contoso.example" in problem.reason


def test_a_denied_mailbox_that_a_nested_group_holds(lacking, emulated, taken):
    outer = taken("x", alias="outer", address="outer")
    emulated.exchange.run(
        "Add-DistributionGroupMember", Identity=outer, Member="finance@contoso.example",
        BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    [problem] = lacking(staffGroup="outer@contoso.example", deniedMailboxes=[PERSON])
    assert problem.key == "deniedMailboxes"


def recorded(alias="placeosroombooking", address="placeosroombooking", name="PlaceOS Room Booking"):
    return {
        "placeos": {},
        "placeos-rooms-group": {"alias": alias, "address": f"{address}@contoso.example", "name": name},
    }


def test_another_address_of_this_stack_s_own_group(lacking, taken):
    """Its alias and name are its own, not somebody else's."""
    taken(MARK)
    assert lacking(recorded(), roomGroupAddress="rooms@contoso.example", roomGroupName="Made by hand") == []


def test_another_address_that_somebody_else_has(lacking, taken):
    taken(MARK)
    [problem] = lacking(recorded(), roomGroupAddress="reception@contoso.example")
    assert problem.key == "roomGroupAddress"
