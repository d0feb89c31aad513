"""A superseded policy goes only once Graph enforces what takes its place: nobody is ever unwatched."""

from contextlib import suppress
from typing import Any

import pytest

from emulator.clock import parse_stamp
from emulator.exchange.enforcement import REMOVAL_DELAY
from exchange.access_policies import AccessPoliciesProvider
from exchange.configured_access import ConfiguredAccessProvider
from exchange.provider import Stopped
from tests.exchange.providers.conftest import AS_ADMINISTRATOR, Tenant, stopped

POLICIES: Any = AccessPoliciesProvider()


def updated(tenant: Tenant, before: dict[str, Any], *groups: str, **changed: Any) -> dict[str, Any]:
    return dict(POLICIES.update("id", before, tenant.policy_inputs(*groups, **changed)).outs or {})


def opened(tenant: Tenant) -> bool:
    """Whether, after the first policy came into force, Graph enforces none for a moment."""
    delay = tenant.tenant.tenant.policy_delay
    spans = []
    for policy in tenant.store.all("accessPolicy"):
        if policy["AppId"] == tenant.app_id:
            begins = parse_stamp(policy["_created"]) + delay
            removed = policy.get("_removed")
            spans.append((begins, parse_stamp(removed) + min(delay, REMOVAL_DELAY) if removed else None))
    spans.sort(key=lambda span: span[0])
    covered = spans[0][1]
    for begins, ends in spans[1:]:
        if covered is not None and begins > covered:
            return True
        covered = None if covered is None or ends is None else max(covered, ends)
    return covered is not None


@pytest.fixture
def other(tenant: Tenant) -> str:
    """Another group: the same rooms but for the first, and two more."""
    return tenant.another_group("other-rooms", dict(list(tenant.rooms(8).items())[1:]))


@pytest.fixture
def consented(tenant: Tenant, scope: dict[str, Any]) -> dict[str, Any]:
    """A scope that is long in force, of an application that may read calendars."""
    tenant.graph_enforces_after(1 / 3)
    tenant.grant("Calendars.ReadWrite")
    tenant.hours_pass(13)
    return scope


def test_a_replacement_adds_first_waits_for_graph_and_removes_last(tenant, consented, other, group):
    before = tenant.now()
    after = updated(tenant, consented, other)
    assert tenant.writes(before) == [
        "New-ApplicationAccessPolicy", "addPassword", "removePassword", "Remove-ApplicationAccessPolicy",
    ]  # fmt: skip
    assert after["groupObjectIds"] == [other] == tenant.policies()
    assert tenant.secrets() == []
    assert not opened(tenant)


def test_both_stay_when_graph_takes_longer_and_the_proof_says_waiting(tenant, consented, other, group, rooms):
    inputs = tenant.policy_inputs(other)
    tenant.graph_enforces_after(1)
    both = updated(tenant, consented, other)
    assert both["groupObjectIds"] == [other, group]
    assert POLICIES.diff("id", both, inputs).changes, "the next run comes back to it"
    said = stopped(tenant.prove, tenant.proof_inputs(both, dict(list(tenant.rooms(8).items())[1:])))
    assert said.startswith("WAITING for Microsoft Graph to enforce the new access policy")
    assert tenant.secrets() == []

    tenant.hours_pass(2)
    done = updated(tenant, both, other)
    assert done["groupObjectIds"] == [other]
    assert not POLICIES.diff("id", done, inputs).changes
    assert not opened(tenant)


def test_reverting_a_replacement_leaves_the_first_policy_where_it_was(tenant, consented, other, group):
    both = updated(tenant, consented, other, waitMinutes=1)
    before = tenant.now()
    after = updated(tenant, both, group)
    assert after["groupObjectIds"] == [group] == tenant.policies()
    assert after["policyIds"] == consented["policyIds"]
    assert tenant.writes(before) == ["Remove-ApplicationAccessPolicy"]
    assert not opened(tenant)


def test_a_policy_older_than_the_longest_delay_needs_no_witness(tenant, scope, other, group):
    both = updated(tenant, scope, other)
    tenant.hours_pass(12.1)
    before = tenant.now()
    assert updated(tenant, both, other)["groupObjectIds"] == [other]
    assert "addPassword" not in tenant.writes(before)


def test_not_before_consent_though_nobody_could_use_the_gap(tenant, scope, other, group):
    """Graph refuses for a while after a policy went, which a later proof would take for the new one."""
    tenant.hours_pass(1)
    before = tenant.now()
    assert set(updated(tenant, scope, other)["groupObjectIds"]) == {group, other}
    assert tenant.writes(before) == ["New-ApplicationAccessPolicy"]
    assert not opened(tenant)


def test_not_when_a_crash_lost_the_age_of_the_new_policy(tenant, consented, other, group):
    tenant.exchange.run("Get-ApplicationAccessPolicy")  # a token that lasts
    tenant.fault("Get-ApplicationAccessPolicy", status=500, skip=1, times=20)
    stopped(POLICIES.update, "id", consented, tenant.policy_inputs(other))
    tenant.tenant.faults.clear()
    assert set(tenant.policies()) == {group, other}
    assert set(updated(tenant, consented, other, waitMinutes=5)["groupObjectIds"]) == {group, other}
    assert not opened(tenant)


def test_not_when_graph_enforces_nothing_yet(tenant, scope, other, group):
    """Its witness can be read then, and so can everybody else."""
    tenant.graph_enforces_after(6)
    tenant.grant("Calendars.ReadWrite")
    assert set(updated(tenant, scope, other)["groupObjectIds"]) == {group, other}
    assert not opened(tenant)


def test_not_when_a_nested_group_could_have_opened_the_witness(tenant, consented, other, group):
    """Policies honour nested groups: the witness is in the superseded scope without being its member."""
    rooms = tenant.rooms(8)
    nested = tenant.another_group("nested", rooms)
    tenant.exchange.run("Add-DistributionGroupMember", Identity=group, Member=nested, **AS_ADMINISTRATOR)
    assert set(updated(tenant, consented, other)["groupObjectIds"]) == {group, other}
    assert not opened(tenant)


def test_not_when_no_mailbox_could_bear_witness(tenant, consented, group, rooms):
    same = tenant.another_group("same-rooms", rooms)
    before = tenant.now()
    assert set(updated(tenant, consented, same)["groupObjectIds"]) == {group, same}
    assert "addPassword" not in tenant.writes(before)


def test_not_when_another_policy_that_stays_could_have_opened_the_witness(tenant, consented, other, group):
    twin = tenant.another_group("twin-rooms", dict(list(tenant.rooms(8).items())[1:]))
    tenant.policy_by_hand(twin)
    tenant.hours_pass(13)
    before = {**consented, "since": {twin: consented["since"][group]}}
    tenant.graph_enforces_after(6)
    assert set(updated(tenant, before, twin, other)["groupObjectIds"]) == {group, other, twin}
    assert tenant.policies() == [group, twin, other]


def test_not_when_an_accepted_policy_could_have_opened_the_witness(tenant, consented, other, group):
    identity = tenant.policy_by_hand(tenant.another_group("theirs", tenant.rooms(8)))
    tenant.hours_pass(13)
    tenant.graph_enforces_after(6)
    assert set(updated(tenant, consented, other, accepted=[identity])["groupObjectIds"]) == {group, other}


def test_not_when_the_new_policy_went_while_graph_was_asked(tenant, consented, other, group, monkeypatch):
    def removed_meanwhile(*_: Any) -> bool:
        identity = next(
            one["Identity"] for one in tenant.store.all("accessPolicy") if other in one["Identity"]
        )
        tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=identity, Confirm=False)
        return True

    monkeypatch.setattr("exchange.access_policies.may_go", removed_meanwhile)
    after = updated(tenant, consented, other)
    assert after["groupObjectIds"] == [group] == tenant.policies()
    assert POLICIES.diff("id", after, tenant.policy_inputs(other)).changes


@pytest.mark.parametrize(
    "fault",
    [
        {"cmdlet": "New-ApplicationAccessPolicy"},
        {"path": "addPassword"},
        {"path": "/events"},
        {"path": "removePassword"},
        {"cmdlet": "Remove-ApplicationAccessPolicy"},
        {"cmdlet": "Get-DistributionGroupMember"},
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_died_at_any_call_opens_nothing_and_the_next_one_ends_it(
    tenant, consented, other, fault, when
):
    tenant.fault(**fault, status=500, when=when, times=20)
    with suppress(Stopped):  # what was done all the same is looked up within the same run
        updated(tenant, consented, other)
    assert tenant.policies()
    tenant.tenant.faults.clear()
    after = updated(tenant, consented, other)
    assert after["groupObjectIds"] == [other] == tenant.policies()
    assert tenant.secrets() == []
    assert not opened(tenant)


def test_a_restricting_policy_of_somebody_else_is_shown_and_goes_when_ours_is_in_force(
    tenant, consented, other, group, rooms
):
    tenant.policy_by_hand(other)
    read = POLICIES.read("id", consented).outs
    assert read["groupObjectIds"] == [group, other]
    assert POLICIES.diff("id", read, tenant.policy_inputs(group)).changes
    proof: Any = ConfiguredAccessProvider().read("id", tenant.proof_inputs(consented, rooms)).outs
    assert [one for one in proof["findings"] if other in one]
    assert updated(tenant, read, group)["groupObjectIds"] == [group] == tenant.policies()
    assert not opened(tenant)
