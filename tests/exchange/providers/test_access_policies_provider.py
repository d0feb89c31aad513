"""One application's access policies: added, adopted, repaired, kept; nobody else's touched."""

from typing import Any

import pytest

from exchange.access_policies import AccessPoliciesProvider
from tests.exchange.providers.conftest import ADDRESS, MARK, Tenant, refreshed, stopped

PROVIDER: Any = AccessPoliciesProvider()


def bystanders(tenant: Tenant) -> list[dict[str, Any]]:
    """Every policy of other applications."""
    return [one for one in tenant.store.all("accessPolicy") if one["AppId"] != tenant.app_id]


def test_dsc_2998_in_a_tenant_without_policies_it_is_made_and_stays_equal(tenant, group):
    for one in tenant.store.all("accessPolicy"):
        tenant.store.delete("accessPolicy", one["Identity"])
    inputs = tenant.policy_inputs(group)
    made = PROVIDER.create(inputs)
    assert made.outs["policyIds"][0].endswith(group)
    outputs = refreshed(PROVIDER, made.id, made.outs)
    assert outputs == made.outs
    before = tenant.now()
    assert not PROVIDER.diff(made.id, outputs, inputs).changes
    assert PROVIDER.update(made.id, outputs, inputs).outs == outputs
    assert tenant.writes(before) == []


def test_dsc_2998_no_policy_left_in_the_tenant_is_gone_and_no_failure(tenant, group, scope):
    for one in tenant.store.all("accessPolicy"):
        tenant.store.delete("accessPolicy", one["Identity"])
    assert PROVIDER.read("id", scope).id == ""


def test_a_policy_that_can_not_be_looked_for_is_never_gone(tenant, scope):
    tenant.fault("Get-ApplicationAccessPolicy", status=404, body={}, times=20)
    assert "nothing was looked up" in stopped(PROVIDER.read, "id", scope)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_create_that_died_is_adopted_and_there_is_one_policy(tenant, group, when):
    tenant.fault("New-ApplicationAccessPolicy", status=500, when=when, times=2)
    tenant.fault("Get-ApplicationAccessPolicy", status=500, times=20)
    stopped(PROVIDER.create, tenant.policy_inputs(group))
    tenant.tenant.faults.clear()
    assert PROVIDER.create(tenant.policy_inputs(group)).outs["groupObjectIds"] == [group]
    assert tenant.policies() == [group]


def test_dsc_4244_ids_are_compared_whatever_their_case(tenant, group, scope):
    [policy] = [one for one in tenant.store.all("accessPolicy") if one["AppId"] == tenant.app_id]
    shouted = {**policy, "AppId": policy["AppId"].upper(), "AccessRight": "restrictaccess"}
    tenant.store.put("accessPolicy", policy["Identity"], shouted)
    outputs = refreshed(PROVIDER, "id", scope)
    assert not PROVIDER.diff("id", outputs, tenant.policy_inputs(group)).changes


def test_a_changed_description_is_drift_and_is_repaired_in_place(tenant, group, scope):
    identity = scope["policyIds"][0]
    tenant.exchange.run("Set-ApplicationAccessPolicy", Identity=identity, Description="changed by hand")
    outputs = refreshed(PROVIDER, "id", scope)
    assert outputs["descriptions"] == ["changed by hand"]
    inputs = tenant.policy_inputs(group)
    assert PROVIDER.diff("id", outputs, inputs).changes
    before = tenant.now()
    repaired = PROVIDER.update("id", outputs, inputs).outs
    assert tenant.writes(before) == ["Set-ApplicationAccessPolicy"]
    assert repaired == scope == refreshed(PROVIDER, "id", repaired)


def test_removed_by_hand_it_is_gone_and_an_update_puts_it_back(tenant, group, scope):
    tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=scope["policyIds"][0], Confirm=False)
    found = PROVIDER.read("id", scope)
    assert (found.id, found.outs) == ("", {})
    again = PROVIDER.update("id", scope, tenant.policy_inputs(group)).outs
    assert again["policyIds"] == scope["policyIds"]
    assert again["since"][group] >= scope["since"][group], "it is not in force since the old one's time"
    assert tenant.policies() == [group]


def test_a_policy_put_back_is_as_young_as_it_is(tenant, group, scope):
    tenant.hours_pass(24)
    tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=scope["policyIds"][0], Confirm=False)
    again = PROVIDER.update("id", scope, tenant.policy_inputs(group)).outs
    assert again["since"][group] > scope["since"][group]


def test_every_other_applications_policies_are_left_as_they_are(tenant, group, scope):
    before = bystanders(tenant)
    assert before
    other = tenant.another_group("other", {})
    tenant.policy_by_hand(other, app_id="*")
    tenant.policy_by_hand(other, app_id="6ba7b810-9dad-41d1-80b4-00c04fd430c8")
    there = bystanders(tenant)
    tenant.hours_pass(24)
    PROVIDER.update("id", {**scope, "since": {}}, tenant.policy_inputs(group))
    PROVIDER.update("id", scope, tenant.policy_inputs(other))
    PROVIDER.delete("id", scope)
    assert bystanders(tenant) == there


@pytest.mark.parametrize("right", ["DenyAccess"])
def test_a_denying_policy_is_never_removed(tenant, group, scope, right):
    other = tenant.another_group("other", {})
    tenant.policy_by_hand(other, right=right)
    tenant.hours_pass(24)
    outputs = refreshed(PROVIDER, "id", scope)
    assert outputs["groupObjectIds"] == [group]
    PROVIDER.update("id", outputs, tenant.policy_inputs(group))
    assert tenant.policies(right) == [other]


def test_a_denying_policy_in_the_place_of_ours_is_told_with_the_command(tenant, group):
    """The right is no part of a policy's identity, so Exchange can't hold both."""
    identity = tenant.policy_by_hand(group, right="DenyAccess")
    said = stopped(PROVIDER.create, tenant.policy_inputs(group))
    assert "DenyAccess" in said
    assert f"Remove-ApplicationAccessPolicy -Identity '{identity}'" in said
    assert tenant.policies() == []


def test_a_policy_of_ours_without_our_mark_is_refused_with_the_command(tenant, group):
    identity = tenant.policy_by_hand(group)
    said = stopped(PROVIDER.create, tenant.policy_inputs(group))
    assert f"Set-ApplicationAccessPolicy -Identity '{identity}' -Description 'Rooms. {MARK}'" in said


def test_several_groups_are_several_policies_in_the_codes_order(tenant, group):
    other = tenant.another_group("other", tenant.rooms(2))
    inputs = tenant.policy_inputs(other, group)
    made = PROVIDER.create(inputs)
    assert made.outs["groupObjectIds"] == [other, group]
    assert not PROVIDER.diff(made.id, refreshed(PROVIDER, made.id, made.outs), inputs).changes


def test_an_application_is_never_restricted_to_nothing(tenant, scope):
    [failure] = PROVIDER.check(scope, tenant.policy_inputs()).failures
    assert failure.property == ""
    assert "at least one group" in failure.reason


def test_nothing_that_changes_is_ever_replaced(tenant, scope):
    for key in PROVIDER.compared:
        differing = PROVIDER.diff("id", scope, {**scope, key: ["another"]})
        assert differing.changes
        assert not differing.replaces


def test_a_tenant_whose_policies_are_full_says_so(tenant, group):
    other = tenant.another_group("other", {})
    identity = tenant.policy_by_hand(other, app_id="6ba7b810-9dad-41d1-80b4-00c04fd430c8")
    full = tenant.store.get("accessPolicy", identity)
    tenant.store.put("accessPolicy", identity, {**full, "Description": "x" * 40_000})
    said = stopped(PROVIDER.create, tenant.policy_inputs(group))
    assert "The total size of App Access Policies exceeded the limit" in said
    assert tenant.policies() == []


def test_a_group_that_exchange_does_not_know_yet_is_waited_for(tenant, group):
    reason = f"Ex6F9304|Microsoft.Exchange.ManagementObjectNotFoundException|{ADDRESS} couldn't be found"
    missing = {"error": {"code": "NotFound", "details": [{"message": reason}]}}
    tenant.fault("New-ApplicationAccessPolicy", status=404, body=missing, times=3)
    assert PROVIDER.create(tenant.policy_inputs(group)).outs["groupObjectIds"] == [group]


def test_an_exchange_that_says_yes_and_does_nothing_is_not_believed(tenant, group):
    tenant.fault("New-ApplicationAccessPolicy", status=200, body={"value": []}, times=99)
    assert "does not list it" in stopped(PROVIDER.create, tenant.policy_inputs(group))


def test_deleting_keeps_the_policy_and_the_tenant_goes_on_refusing(tenant, group, scope):
    before = tenant.now()
    PROVIDER.delete("id", scope)
    assert tenant.writes(before) == []
    [answer] = tenant.exchange.run(
        "Test-ApplicationAccessPolicy", Identity="ada.ashby@contoso.example", AppId=tenant.app_id
    )
    assert answer["AccessCheckResult"] == "Denied"


def test_what_destroy_kept_is_adopted_by_the_next_up(tenant, group, scope):
    PROVIDER.delete("id", scope)
    before = tenant.now()
    again = PROVIDER.create(tenant.policy_inputs(group)).outs
    assert again["policyIds"] == scope["policyIds"]
    assert tenant.policies() == [group]
    assert "Remove-ApplicationAccessPolicy" not in tenant.writes(before)


def test_the_policy_is_there_before_anything_else_of_the_application(tenant, group, scope):
    assert tenant.writes()[-1] == "New-ApplicationAccessPolicy"
    assert tenant.secrets() == []
    assert not tenant.graph.list(f"/v1.0/servicePrincipals/{tenant.principal['id']}/appRoleAssignments")


def test_the_policy_of_another_application_is_of_its_own_age(tenant, scope, group):
    """A run that took another application was killed before its record: the age of the first one's stays."""
    tenant.hours_pass(13)
    other = tenant.policy_inputs(
        group, appId=tenant.graph.post("/v1.0/applications", {"displayName": "B"})["appId"]
    )
    PROVIDER.update("id", scope, other)
    assert PROVIDER.update("id", scope, other).outs["since"][group] > scope["since"][group]


def test_a_policy_that_is_accepted_no_more_is_superseded(tenant, scope, group):
    identity = tenant.policy_by_hand(tenant.another_group("theirs", {"bela.bauer@contoso.example": ""}))
    accepting = tenant.policy_inputs(group, accepted=[identity])
    kept = PROVIDER.update("id", scope, accepting).outs
    assert not PROVIDER.diff("id", kept, accepting).changes
    tenant.hours_pass(13)
    assert PROVIDER.diff("id", kept, tenant.policy_inputs(group)).changes
    assert PROVIDER.update("id", kept, tenant.policy_inputs(group)).outs["policyIds"] == scope["policyIds"]
    assert tenant.policies() == [group]


def test_the_policy_of_a_group_of_ours_is_ours_though_it_is_accepted(tenant, group, scope, rooms):
    accepting = tenant.policy_inputs(group, accepted=scope["policyIds"])
    assert PROVIDER.create(accepting).outs["groupObjectIds"] == [group]
    accepted = {"acceptedPermissions": [], "acceptedPolicies": scope["policyIds"]}
    assert tenant.prove(tenant.proof_inputs(scope, rooms, existing=accepted))["findings"] == []


def test_the_policies_of_the_application_before_are_kept_and_named(tenant, group, capfd):
    outputs = PROVIDER.create(tenant.policy_inputs(group)).outs
    before = outputs["appId"]
    other = tenant.graph.post("/v1.0/applications", {"displayName": "Another"})
    PROVIDER.update("id", outputs, tenant.policy_inputs(group, appId=other["appId"]))
    assert tenant.policies() == [group]
    assert f"access policies of application {before}, which limit it still" in capfd.readouterr().err
