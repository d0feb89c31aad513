"""The proof with people beside the rooms, and of an application that was there before."""

from typing import Any

import pytest

from exchange.configured_access import ConfiguredAccessProvider
from exchange.group_members import GroupMembersProvider
from tests.exchange.providers.conftest import AS_ADMINISTRATOR, members_of, scope_group, stopped

PROVIDER: Any = ConfiguredAccessProvider()
TEAM = "travel-desk-mailboxes@contoso.example"
IVO, ADA = "ivo.ito@contoso.example", "ada.ashby@contoso.example"


@pytest.fixture
def rooms(tenant) -> dict[str, str]:
    return dict(list(tenant.rooms().items())[:6])


@pytest.fixture
def team(tenant) -> str:
    return str(tenant.recipient(TEAM)["ExternalDirectoryObjectId"])


@pytest.fixture
def inputs(tenant, rooms, team) -> dict[str, Any]:
    group = tenant.make_group()
    tenant.fill(group, rooms)
    scope = tenant.restrict(group, team)
    groups = [scope_group(group, rooms), scope_group(team, None, "staff")]
    return {**tenant.proof_inputs(scope, rooms), "groups": groups}


def test_a_member_of_the_staff_group_is_asked_for_too(tenant, inputs, rooms):
    outputs = PROVIDER.create(inputs).outs
    assert outputs["allowed"] == [*sorted(rooms)[:2], IVO]
    assert outputs["result"]["rooms"] == 6
    assert outputs["result"]["staff"] == 2
    assert outputs["findings"] == []


def test_who_somebody_else_adds_to_the_staff_group_is_no_finding_and_no_proof(tenant, inputs):
    tenant.exchange.run("Add-DistributionGroupMember", Identity=TEAM, Member=ADA, **AS_ADMINISTRATOR)
    outputs = PROVIDER.create(inputs).outs
    assert ADA not in outputs["denied"]
    assert PROVIDER.read("id", outputs).outs["findings"] == []


def test_whom_a_nested_group_brings_is_no_proof_either(tenant, inputs):
    tenant.exchange.run(
        "Add-DistributionGroupMember", Identity=TEAM, Member="finance@contoso.example", **AS_ADMINISTRATOR
    )
    outputs = PROVIDER.create(inputs).outs
    assert ADA not in outputs["denied"], "Finance holds Ada"
    assert outputs["result"]["staff"] == 6, "Ivo, Jun, Finance, and its three"


def test_a_missing_staff_policy_is_a_finding(tenant, inputs, team):
    [identity] = [
        one["Identity"]
        for one in tenant.store.all("accessPolicy")
        if one["AppId"] == tenant.app_id and team in one["Identity"]
    ]
    tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=identity, Confirm=False)
    assert f"no RestrictAccess policy binds the application to group {team}" in stopped(
        PROVIDER.create, inputs
    )


def test_a_room_among_staff_that_is_named_by_address_is_refused(tenant, rooms):
    group = tenant.make_group()
    first = next(iter(rooms))
    outputs = dict(members_of(group, {ADA: ""}), mailboxes="staff", groupAdopted=False)
    members: Any = GroupMembersProvider()
    made = members.create(outputs).outs
    said = stopped(members.update, group, made, {**outputs, "members": {ADA: "", first: ""}})
    assert f"{first} is a RoomMailbox, and no person's or shared mailbox" in said
    assert "correct staff" in said


def test_many_people_leave_only_when_their_own_setting_says_so(tenant):
    people = {f"person-{number}@contoso.example": "" for number in range(10)}
    members: Any = GroupMembersProvider()
    olds = dict(members_of("id", people), mailboxes="staff")
    [failure] = members.check(olds, {**olds, "members": {}}).failures
    assert "10 of 10 people would leave the group" in failure.reason
    assert "pulumi config set allowStaffRemovals 10" in failure.reason


@pytest.fixture
def existing(inputs) -> dict[str, Any]:
    return {**inputs, "existing": {"acceptedPermissions": [], "acceptedPolicies": []}}


def test_consent_of_an_existing_application_waits_while_somebody_holds_a_credential(tenant, existing):
    path = f"/v1.0/applications/{tenant.application['id']}/addPassword"
    tenant.graph.post(path, {"passwordCredential": {"displayName": "theirs"}})
    said = stopped(PROVIDER.create, existing)
    assert said.startswith("WAITING for the access policy to be surely in force before consent")
    assert "somebody holds 1 credential of the existing application" in said
    tenant.hours_pass(12)
    assert PROVIDER.create(existing).outs["findings"] == []


def test_consent_that_nobody_can_use_waits_for_nothing(tenant, existing):
    assert PROVIDER.create(existing).outs["findings"] == []


def test_what_is_consented_already_waits_for_nothing(tenant, existing):
    path = f"/v1.0/applications/{tenant.application['id']}/addPassword"
    tenant.graph.post(path, {"passwordCredential": {"displayName": "theirs"}})
    tenant.grant(*existing["permissions"])
    assert PROVIDER.create(existing).outs["findings"] == []


@pytest.mark.parametrize(("permission", "finding"), [("Mail.Send", True), ("Group.Read.All", False)])
def test_an_existing_application_may_hold_what_opens_no_mailbox(tenant, existing, permission, finding):
    tenant.grant(permission)
    if finding:
        assert "Mail.Send of Microsoft Graph is granted" in stopped(PROVIDER.create, existing)
        existing["existing"]["acceptedPermissions"] = [permission]
    assert PROVIDER.create(existing).outs["findings"] == []


def test_a_role_in_exchange_that_an_existing_application_is_given_later_is_drift(tenant, existing):
    """RBAC for Applications: no access policy limits it."""
    outputs = PROVIDER.create(existing).outs
    role = "Application Calendars.Read"
    assigned = {"Name": "by-hand", "Role": role, "RoleAssigneeType": "ServicePrincipal"}
    assigned["RoleAssigneeName"] = existing["servicePrincipalObjectId"]
    tenant.store.put("managementRoleAssignment", "by-hand", assigned)
    [finding] = PROVIDER.read("id", outputs).outs["findings"]
    assert f"the role {role} on every mailbox in Exchange" in finding
    accepted = {
        **outputs,
        "existing": {"acceptedPermissions": [f"{role} on every mailbox"], "acceptedPolicies": []},
    }
    assert PROVIDER.read("id", accepted).outs["findings"] == []


def test_an_accepted_policy_is_no_finding_and_is_never_removed(tenant, existing):
    other = tenant.another_group("theirs", {"bela.bauer@contoso.example": ""})
    identity = tenant.policy_by_hand(other)
    assert "WAITING" in stopped(PROVIDER.create, existing)
    existing["existing"]["acceptedPolicies"] = [identity]
    assert PROVIDER.create(existing).outs["findings"] == []


@pytest.mark.parametrize("right", ["RestrictAccess", "DenyAccess"])
def test_whom_an_accepted_policy_opens_or_closes_is_no_proof(tenant, existing, right):
    people = PROVIDER.create(existing).outs["denied"]
    identity = tenant.policy_by_hand(tenant.another_group("theirs", dict.fromkeys(people, "")), right=right)
    existing["existing"]["acceptedPolicies"] = [identity]
    assert not set(people) & set(PROVIDER.create(existing).outs["denied"])
    assert f"{people[0]} must be refused and is a member of a group that a policy names" in stopped(
        PROVIDER.create, {**existing, "deniedMailboxes": people[:1]}
    )


def test_a_consent_that_is_kept_and_was_taken_away_is_a_finding(tenant, existing):
    existing["existing"]["acceptedPermissions"] = ["Calendars.ReadWrite"]
    assert "Calendars.ReadWrite is in acceptedPermissions and not granted" in stopped(
        PROVIDER.create, existing
    )
    tenant.grant("Calendars.ReadWrite")
    assert PROVIDER.create(existing).outs["findings"] == []
