import pytest

from exchange import groups, policies, rooms
from exchange.admin_api import ExchangeAdmin
from exchange.records import AccessPolicy
from tests.emulated import Emulated
from tests.exchange.test_groups import SETTINGS
from tests.fake_service import APP, MISSING, records, refusal
from wire import AlreadyExists, Invalid, NotAuthorised, NotFound, NotReady

OURS = "plc:1a2b3c4d"


@pytest.fixture
def group(emulated):
    return groups.create(emulated.exchange, SETTINGS).group.object_id


def ours(emulated: Emulated) -> list[AccessPolicy]:
    return [policy for policy in policies.list_policies(emulated.exchange) if policy.app_id == APP]


def test_a_policy_is_made_described_and_removed(emulated, group):
    made = policies.add(emulated.exchange, APP.upper(), group, OURS)[group]
    assert (made.app_id, made.group_object_id, made.access_right) == (APP, group, "RestrictAccess")
    assert ours(emulated) == [made]
    policies.describe(emulated.exchange, made.identity, "plc:other")
    assert [one.description for one in ours(emulated)] == ["plc:other"]
    policies.remove(emulated.exchange, made.identity)
    policies.remove(emulated.exchange, made.identity)
    assert ours(emulated) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_create_whose_answer_is_lost_is_looked_up(emulated, group, when):
    emulated.fault("New-ApplicationAccessPolicy", status="reset", when=when)
    made = policies.add(emulated.exchange, APP, group, OURS)[group]
    assert ours(emulated) == [made]
    assert emulated.calls("New-ApplicationAccessPolicy") == (1 if when == "after" else 2)


def test_a_policy_under_another_mark_is_never_taken_over(emulated, group):
    policies.add(emulated.exchange, APP, group, "somebody's")
    with pytest.raises(AlreadyExists, match="somebody's"):
        policies.add(emulated.exchange, APP, group, OURS)
    assert [one.description for one in ours(emulated)] == ["somebody's"]


def test_a_group_that_is_not_there_is_told(emulated):
    with pytest.raises(NotFound):
        policies.add(emulated.exchange, APP, "00000000-0000-4000-8000-000000000000", OURS)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_removal_whose_answer_is_lost_is_made_whole(emulated, group, when):
    made = policies.add(emulated.exchange, APP, group, OURS)[group]
    emulated.fault("Remove-ApplicationAccessPolicy", status=500, when=when)
    policies.remove(emulated.exchange, made.identity)
    assert ours(emulated) == []


def test_exchange_is_asked_what_the_app_may_open(emulated, group):
    policies.add(emulated.exchange, APP, group, OURS)
    room = rooms.list_rooms(emulated.exchange)[0]
    emulated.exchange.run(
        "Add-DistributionGroupMember",
        Identity=group,
        Member=room.object_id,
        BypassSecurityGroupManagerCheck=True,
    )
    assert policies.access(emulated.exchange, APP, room.address) == "granted"
    assert policies.access(emulated.exchange, APP, "ada.ashby@contoso.example") == "denied"


@pytest.mark.parametrize("status", [400, 404])
def test_dsc_687_dsc_2998_prowler_12149_a_tenant_without_policies_has_none(deployer, script, status):
    text = "Der Vorgang konnte nicht ausgeführt werden: 'OU=contoso\\*' nicht gefunden."
    script.then(refusal(MISSING, text, status))
    assert policies.list_policies(ExchangeAdmin(deployer)) == []


def test_policies_that_may_not_be_read_are_never_no_policies(emulated):
    emulated.fault("Get-ApplicationAccessPolicy", status=403, body={})
    with pytest.raises(NotAuthorised):
        policies.list_policies(emulated.exchange)


@pytest.mark.parametrize("result", [True, None, "Perhaps"])
def test_an_answer_that_is_neither_word_is_unknown(deployer, script, result):
    script.then(records({"AppId": APP, "AccessCheckResult": result}))
    assert policies.access(ExchangeAdmin(deployer), APP, "room@x") == "unknown"


def test_an_answer_about_another_app_is_an_error(deployer, script):
    script.then(records({"AppId": "another", "AccessCheckResult": "Denied"}))
    with pytest.raises(Invalid, match="got app 'another'"):
        policies.access(ExchangeAdmin(deployer), APP, "room@x")


def test_a_policy_that_is_accepted_but_never_listed_is_not_ready(deployer, script):
    script.then(records({"Identity": "x"}), *[refusal(MISSING, "none")] * 9)
    with pytest.raises(NotReady, match="does not list it yet"):
        policies.add(ExchangeAdmin(deployer), APP, "group", OURS)
