"""The proof that Exchange is configured: whatever is not as the code says stops the run and is drift."""

from collections.abc import Callable
from typing import Any

import pytest

from exchange.configured_access import ConfiguredAccessProvider
from tests.exchange.providers.conftest import ADDRESS, AS_ADMINISTRATOR, PERMISSIONS, Tenant, stopped

PROVIDER: Any = ConfiguredAccessProvider()
PERSON = "ada.ashby@contoso.example"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MAIL_SEND = "b633e1c5-b582-4048-a93e-9f11b44c7e96"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"


@pytest.fixture
def inputs(tenant: Tenant, scope: dict[str, Any], rooms: dict[str, str]) -> dict[str, Any]:
    return tenant.proof_inputs(scope, rooms)


def findings(outputs: dict[str, Any]) -> list[str]:
    """What a refresh finds."""
    return list((PROVIDER.read("id", outputs).outs or {})["findings"])


def test_it_says_what_it_asked_and_what_was_answered(tenant, inputs, rooms):
    made = PROVIDER.create(inputs)
    outputs = made.outs
    assert outputs["allowed"] == sorted(rooms)[:2]
    assert len(outputs["denied"]) == 2
    assert not set(outputs["denied"]) & set(rooms)
    assert outputs["result"] == {
        "rooms": 6,
        "policies": 1,
        "allowed": outputs["allowed"],
        "refused": outputs["denied"],
        "since": outputs["result"]["since"],
    }
    assert outputs["result"]["since"].endswith("Z")
    read = PROVIDER.read(made.id, outputs).outs
    assert read == outputs
    assert not PROVIDER.diff(made.id, read, inputs).changes


def test_it_changes_nothing(tenant, inputs):
    before = tenant.now()
    outputs = PROVIDER.create(inputs).outs
    PROVIDER.read("id", outputs)
    PROVIDER.update("id", outputs, inputs)
    PROVIDER.delete("id", outputs)
    assert tenant.writes(before) == []


def foreign_group(tenant: Tenant) -> str:
    return tenant.another_group("foreign", {"lena.jensen@contoso.example": ""})


def extra_member(tenant: Tenant, address: str = PERSON) -> None:
    tenant.exchange.run("Add-DistributionGroupMember", Identity=ADDRESS, Member=address, **AS_ADMINISTRATOR)


def lost_member(tenant: Tenant) -> None:
    tenant.exchange.run(
        "Remove-DistributionGroupMember",
        Identity=ADDRESS, Member=next(iter(tenant.rooms())), Confirm=False, **AS_ADMINISTRATOR,
    )  # fmt: skip


def lost_policy(tenant: Tenant) -> None:
    [identity] = [
        one["Identity"] for one in tenant.store.all("accessPolicy") if one["AppId"] == tenant.app_id
    ]
    tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=identity, Confirm=False)


DEVIATIONS: dict[str, tuple[Callable[[Tenant], Any], str]] = {
    "a policy for every application": (
        lambda tenant: tenant.policy_by_hand(foreign_group(tenant), app_id="*"),
        "to every application",
    ),
    "a denying policy for every application": (
        lambda tenant: tenant.policy_by_hand(foreign_group(tenant), app_id="*", right="DenyAccess"),
        "DenyAccess policy",
    ),
    "a denying policy": (
        lambda tenant: tenant.policy_by_hand(foreign_group(tenant), right="DenyAccess"),
        "names this application",
    ),
    "no policy": (lost_policy, "no RestrictAccess policy binds the application to group"),
    "a member too many": (extra_member, "the group's 7 members are not the 6 of the inventory"),
    "a nested group": (
        lambda tenant: extra_member(tenant, "finance@contoso.example"),
        "the group's 7 members are not the 6 of the inventory",
    ),
    "a member too few": (lost_member, "the group's 5 members are not the 6 of the inventory"),
    "a Graph permission too many": (
        lambda tenant: tenant.grant(role=MAIL_SEND),
        "Mail.Send of Microsoft Graph is granted",
    ),
    "a permission on Exchange itself": (
        lambda tenant: tenant.grant(resource=EXCHANGE, role=FULL_ACCESS),
        "full_access_as_app of Office 365 Exchange Online is granted",
    ),
}


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_whatever_is_not_as_the_code_says_stops_the_run_and_is_drift(tenant, inputs, deviation):
    outputs = PROVIDER.create(inputs).outs
    deviate, expected = DEVIATIONS[deviation]
    deviate(tenant)

    said = stopped(PROVIDER.create, inputs)
    assert said.startswith(
        "Exchange does not limit the application as the code says, so nothing more was granted or "
    )
    assert expected in said
    assert expected in stopped(PROVIDER.update, "id", outputs, inputs)

    read = PROVIDER.read("id", outputs).outs
    assert any(expected in one for one in read["findings"])
    assert PROVIDER.diff("id", read, inputs).changes


def test_what_the_code_grants_is_no_finding(tenant, inputs):
    tenant.grant(*PERMISSIONS)
    assert findings(PROVIDER.create(inputs).outs) == []


def test_a_second_policy_of_the_application_waits_and_is_drift(tenant, inputs):
    outputs = PROVIDER.create(inputs).outs
    identity = tenant.policy_by_hand(foreign_group(tenant))
    assert stopped(PROVIDER.create, inputs).startswith("WAITING for Microsoft Graph to enforce")
    assert findings(outputs) == [f"policy {identity} is not the code's"]


def test_several_findings_are_all_told(tenant, inputs):
    extra_member(tenant)
    lost_policy(tenant)
    said = stopped(PROVIDER.create, inputs)
    assert "7 members" in said
    assert "no RestrictAccess policy" in said


def test_an_exchange_that_grants_what_must_be_refused_is_not_believed_to_be_configured(tenant, inputs):
    outputs = PROVIDER.create(inputs).outs
    liar = {"value": [{"AppId": tenant.app_id, "AccessCheckResult": "Granted"}]}
    tenant.fault("Test-ApplicationAccessPolicy", status=200, body=liar, times=4)
    said = stopped(PROVIDER.create, inputs)
    for mailbox in outputs["denied"]:
        assert f"Exchange answers granted for {mailbox}, denied is expected" in said


@pytest.mark.parametrize("answer", ["Denied", "", "Perhaps", True])
def test_an_exchange_that_refuses_a_room_or_says_neither_is_a_finding(tenant, inputs, answer):
    odd = {"value": [{"AppId": tenant.app_id, "AccessCheckResult": answer}]}
    tenant.fault("Test-ApplicationAccessPolicy", status=200, body=odd, times=4)
    assert "granted is expected" in stopped(PROVIDER.create, inputs)


def test_an_answer_about_another_application_is_an_error(tenant, inputs):
    odd = {"value": [{"AppId": "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "AccessCheckResult": "Denied"}]}
    tenant.fault("Test-ApplicationAccessPolicy", status=200, body=odd, times=4)
    assert "asked about app" in stopped(PROVIDER.create, inputs)


@pytest.mark.parametrize(
    "fault",
    [
        {"cmdlet": "Get-ApplicationAccessPolicy"},
        {"cmdlet": "Get-DistributionGroupMember"},
        {"cmdlet": "Test-ApplicationAccessPolicy"},
        {"cmdlet": "Get-Mailbox"},
        {"path": "/appRoleAssignments"},
        {"path": "/directoryRoles"},
    ],
)
@pytest.mark.parametrize("status", [403, 500])
def test_what_could_not_be_looked_at_is_never_as_expected(tenant, inputs, fault, status):
    tenant.fault(**fault, status=status, times=40)
    stopped(PROVIDER.create, inputs)
    tenant.tenant.faults.clear()
    outputs = PROVIDER.create(inputs).outs
    tenant.fault(**fault, status=status, times=40)
    if fault.get("cmdlet") != "Get-Mailbox":  # a kept sample is not chosen again
        stopped(PROVIDER.read, "id", outputs)


def test_a_mailbox_that_must_be_refused_and_is_a_member_is_a_finding(tenant, inputs, rooms):
    room = next(iter(rooms))
    said = stopped(PROVIDER.create, {**inputs, "deniedMailboxes": [room]})
    assert f"{room} must be refused and is a member of a group that a policy names" in said
    assert f"Exchange answers granted for {room}, denied is expected" in said


def test_a_mailbox_that_must_be_refused_and_does_not_exist_is_a_finding(tenant, inputs):
    said = stopped(PROVIDER.create, {**inputs, "deniedMailboxes": ["nobody@contoso.example"]})
    assert "no such mailbox for nobody@contoso.example" in said


def test_administrators_are_never_chosen(tenant, inputs):
    """Their mailboxes were reported to be refused whatever the policies say."""
    [role] = [one for one in tenant.store.all("directoryRole") if one["displayName"] == "Directory Readers"]
    people = [one for one in tenant.store.all("recipient") if one["RecipientTypeDetails"] == "UserMailbox"]
    admins = [one["ExternalDirectoryObjectId"] for one in people[:40]]
    tenant.store.put("directoryRole", role["id"], role | {"members": admins})
    chosen = PROVIDER.create(inputs).outs["denied"]
    assert len(chosen) == 2
    assert not {tenant.recipient(one)["ExternalDirectoryObjectId"] for one in chosen} & set(admins)


def test_nobody_to_choose_is_told_with_the_setting(tenant, inputs):
    for one in tenant.store.all("recipient"):
        if one["RecipientTypeDetails"] == "UserMailbox":
            tenant.store.put("recipient", one["ExternalDirectoryObjectId"], one | {"IsDirSynced": True})
    assert "set deniedMailboxes" in stopped(PROVIDER.create, inputs)
    outputs = PROVIDER.create({**inputs, "deniedMailboxes": [PERSON]}).outs
    assert outputs["denied"] == [PERSON]


def test_the_sample_is_kept_while_it_serves(tenant, inputs):
    outputs = PROVIDER.create(inputs).outs
    kept = {**outputs, "denied": ["lena.jensen@contoso.example"]}
    assert PROVIDER.update("id", kept, inputs).outs["denied"] == ["lena.jensen@contoso.example"]


def leaves(tenant: Tenant, address: str) -> None:
    id_ = tenant.recipient(address)["ExternalDirectoryObjectId"]
    tenant.store.delete("recipient", id_)
    tenant.store.delete("user", id_)


def becomes_administrator(tenant: Tenant, address: str) -> None:
    role = tenant.store.all("directoryRole")[0]
    members = [*role["members"], tenant.recipient(address)["ExternalDirectoryObjectId"]]
    tenant.store.put("directoryRole", role["id"], role | {"members": members})


@pytest.mark.parametrize("happens", [leaves, becomes_administrator])
def test_somebody_who_serves_no_more_is_no_drift_and_others_are_chosen(tenant, inputs, happens):
    outputs = PROVIDER.create(inputs).outs
    happens(tenant, outputs["denied"][0])
    assert findings(outputs) == []
    again = PROVIDER.update("id", outputs, inputs).outs["denied"]
    assert len(again) == 2
    assert outputs["denied"][0] not in again


@pytest.mark.parametrize("key", PROVIDER.compared)
def test_whatever_the_proof_hangs_on_asks_it_again(tenant, inputs, key):
    outputs = PROVIDER.create(inputs).outs
    differing = PROVIDER.diff("id", outputs, {**inputs, key: ["another"]})
    assert differing.changes
    assert not differing.replaces


def test_a_permission_more_asks_again_before_it_is_consented_to(tenant, inputs):
    outputs = PROVIDER.create(inputs).outs
    more = {**inputs, "permissions": sorted([*PERMISSIONS, "User.Read.All"])}
    assert PROVIDER.diff("id", outputs, more).changes
    before = tenant.now()
    PROVIDER.update("id", outputs, more)
    assert tenant.cmdlets(before).count("Test-ApplicationAccessPolicy") == 4
    extra_member(tenant)
    stopped(PROVIDER.update, "id", outputs, more)


def test_an_application_removed_by_hand_is_drift_and_no_failure(tenant, inputs):
    """A refresh that failed here could never find that the application has to be made again."""
    outputs = PROVIDER.create(inputs).outs
    tenant.graph.delete(f"/v1.0/applications/{tenant.application['id']}")
    [gone] = findings(outputs)
    assert "service principal" in gone
    assert "gone" in gone


def test_a_group_removed_by_hand_is_drift_and_no_failure(tenant, inputs, group):
    outputs = PROVIDER.create(inputs).outs
    tenant.exchange.run("Remove-DistributionGroup", Identity=group, Confirm=False, **AS_ADMINISTRATOR)
    assert any("0 members" in one for one in findings(outputs))


def test_a_person_whom_both_the_group_and_the_inventory_hold_is_a_finding(tenant, scope, rooms):
    """Added by hand and then listed, so that the members show no difference."""
    extra_member(tenant)
    inputs = tenant.proof_inputs(scope, {**rooms, PERSON: "Ada"})
    assert f"{PERSON} is a UserMailbox, and no room" in stopped(PROVIDER.create, inputs)
