"""The room group: missing, equal, changed field by field, removed, adopted, refused."""

from contextlib import suppress
from typing import Any

import pytest

from exchange.provider import Stopped
from exchange.security_group import SecurityGroupProvider
from tests.exchange.providers.conftest import (
    ADDRESS,
    AS_ADMINISTRATOR,
    GROUP,
    MARK,
    OWNER,
    refreshed,
    stopped,
)

PROVIDER: Any = SecurityGroupProvider()


def by_hand(tenant, group: str, cmdlet: str = "Set-DistributionGroup", **parameters: Any) -> None:
    tenant.exchange.run(cmdlet, Identity=group, **parameters, **AS_ADMINISTRATOR)


def managed(outputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in outputs.items() if key != "adopted"}


def test_missing_it_is_made_and_equal_it_stays(tenant):
    made = PROVIDER.create(dict(GROUP))
    assert managed(made.outs) == GROUP
    before = tenant.now()
    outputs = refreshed(PROVIDER, made.id, made.outs)
    assert not PROVIDER.diff(made.id, outputs, GROUP).changes
    assert managed(PROVIDER.update(made.id, outputs, GROUP).outs) == GROUP
    assert tenant.writes(before) == []


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("name", {"Name": "Rooms of ours"}),
        ("alias", {"Alias": "rooms-of-ours"}),
        ("address", {"PrimarySmtpAddress": "rooms-of-ours@contoso.example"}),
        ("owners", {"ManagedBy": ["ada.ashby@contoso.example"]}),
        ("owners", {"ManagedBy": [OWNER, "ada.ashby@contoso.example"]}),
        ("allowedSenders", {"AcceptMessagesOnlyFromSendersOrMembers": ["ada.ashby@contoso.example"]}),
        ("allowedSenders", {"AcceptMessagesOnlyFromSendersOrMembers": []}),
        ("hiddenFromAddressLists", {"HiddenFromAddressListsEnabled": False}),
        ("memberJoin", {"MemberJoinRestriction": "ApprovalRequired"}),
        ("memberDepart", {"MemberDepartRestriction": "ApprovalRequired"}),
        ("requireSenderAuthentication", {"RequireSenderAuthenticationEnabled": False}),
        ("mark", {"cmdlet": "Set-Group", "Notes": "somebody wrote over it"}),
    ],
)
def test_each_managed_field_changed_in_the_tenant_is_drift_and_is_repaired(tenant, group, key, change):
    by_hand(tenant, group, **change)
    outputs = refreshed(PROVIDER, group, GROUP)
    assert {name for name in GROUP if outputs[name] != GROUP[name]} == {key}
    assert PROVIDER.diff(group, outputs, GROUP).changes
    assert managed(PROVIDER.update(group, outputs, GROUP).outs) == GROUP
    assert managed(refreshed(PROVIDER, group, GROUP)) == GROUP


@pytest.mark.parametrize("key", PROVIDER.compared)
def test_each_input_changed_in_the_code_is_an_update_never_a_replacement(key):
    differing = PROVIDER.diff("id", GROUP, {**GROUP, key: "another"})
    assert differing.changes
    assert not differing.replaces


def test_a_group_that_was_there_is_adopted_and_stays_so(tenant):
    made, again = PROVIDER.create(dict(GROUP)), PROVIDER.create(dict(GROUP))
    assert [one.outs["adopted"] for one in (made, again)] == [False, True]
    kept = PROVIDER.update(made.id, made.outs, {**GROUP, "name": "Another"})
    assert kept.outs["adopted"] is False
    assert refreshed(PROVIDER, made.id, kept.outs)["adopted"] is False


def test_every_input_is_compared():
    assert set(PROVIDER.compared) == set(GROUP)


def test_order_and_case_of_owners_never_show(tenant):
    owners = sorted([OWNER, "global.admin@contoso.example"])
    inputs = {**GROUP, "owners": owners, "allowedSenders": owners}
    group = PROVIDER.create(inputs).id
    by_hand(tenant, group, ManagedBy=[one.upper() for one in reversed(owners)])
    assert not PROVIDER.diff(group, refreshed(PROVIDER, group, inputs), inputs).changes


def test_removed_by_hand_it_is_gone(tenant, group):
    by_hand(tenant, group, "Remove-DistributionGroup", Confirm=False)
    for _ in range(2):
        found = PROVIDER.read(group, GROUP)
        assert (found.id, found.outs) == ("", {})
        found.outs["__provider"] = "the host writes into the outputs"
    assert "pulumi up --refresh" in stopped(PROVIDER.update, group, GROUP, {**GROUP, "name": "Other"})


def test_renamed_by_hand_it_is_still_ours(tenant, group):
    by_hand(
        tenant, group, PrimarySmtpAddress="elsewhere@contoso.example", Name="Elsewhere", Alias="elsewhere"
    )
    assert refreshed(PROVIDER, group, GROUP)["address"] == "elsewhere@contoso.example"
    assert PROVIDER.update(group, GROUP, GROUP).outs["address"] == ADDRESS


def test_a_group_of_another_id_at_our_address_is_not_ours(tenant, group):
    by_hand(tenant, group, "Remove-DistributionGroup", Confirm=False)
    impostor = tenant.make_group()
    assert impostor != group
    assert PROVIDER.read(group, GROUP).id == ""


@pytest.mark.parametrize(
    "cmdlet", ["New-DistributionGroup", "Set-DistributionGroup", "Get-DistributionGroup"]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_died_between_two_calls_is_finished_by_the_next(tenant, cmdlet, when):
    tenant.fault(cmdlet, status=500, when=when, times=20)
    with suppress(Stopped):  # a lost answer of New- is looked up within the same run
        PROVIDER.create(GROUP)
    tenant.tenant.faults.clear()
    assert managed(PROVIDER.create(GROUP).outs) == GROUP
    named = [one for one in tenant.store.all("recipient") if one["Alias"] == GROUP["alias"]]
    assert len(named) == 1


def test_what_destroy_kept_is_adopted_by_the_next_up(tenant, group, rooms):
    tenant.fill(group, rooms)
    PROVIDER.delete(group, GROUP)
    by_hand(tenant, group, HiddenFromAddressListsEnabled=False)
    adopted = PROVIDER.create(GROUP)
    assert (adopted.id, managed(adopted.outs)) == (group, GROUP)
    assert len(tenant.recipient(ADDRESS)["Members"]) == len(rooms)


def test_a_group_without_our_mark_is_refused_with_the_command_that_hands_it_over(tenant):
    tenant.make_group(mark="plc:another0")
    before = tenant.recipient(ADDRESS)
    said = stopped(PROVIDER.create, GROUP)
    assert f"Set-Group -Identity {ADDRESS} -Notes '{MARK}' -BypassSecurityGroupManagerCheck" in said
    assert tenant.recipient(ADDRESS) == before
    by_hand(tenant, ADDRESS, "Set-Group", Notes=MARK)
    assert managed(PROVIDER.create(GROUP).outs) == GROUP


def test_notes_that_people_keep_stay(tenant):
    tenant.make_group()
    by_hand(tenant, ADDRESS, "Set-Group", Notes="Ask Ada first")
    group = tenant.recipient(ADDRESS)["ExternalDirectoryObjectId"]
    PROVIDER.update(group, {**GROUP, "mark": ""}, GROUP)
    assert tenant.recipient(ADDRESS)["Notes"] == f"Ask Ada first\n{MARK}"
    PROVIDER.update(group, GROUP, {**GROUP, "name": "Rooms"})
    assert tenant.recipient(ADDRESS)["Notes"] == f"Ask Ada first\n{MARK}"


@pytest.mark.parametrize("marked", [False, True])
def test_dsc_3237_a_distribution_list_of_that_address_is_refused(tenant, marked):
    tenant.exchange.run(
        "New-DistributionGroup",
        Name="List", Alias="list", PrimarySmtpAddress=ADDRESS, ManagedBy=[OWNER], Notes=MARK * marked,
    )  # fmt: skip
    before = tenant.recipient(ADDRESS)
    said = stopped(PROVIDER.create, GROUP)
    assert "MailUniversalDistributionGroup" in said
    assert "mail-enabled security group" in said
    assert tenant.recipient(ADDRESS) == before


def test_dsc_3237_a_microsoft_365_group_of_that_address_is_refused(tenant):
    whole = tenant.recipient("reception@contoso.example")
    id_ = "0f0f0f0f-0000-4000-8000-000000000001"
    unified = {
        **whole, "ExternalDirectoryObjectId": id_, "Guid": id_, "Name": "Team", "Identity": "Team",
        "Alias": "team", "DisplayName": "Team", "PrimarySmtpAddress": ADDRESS, "UserPrincipalName": "",
        "EmailAddresses": [f"SMTP:{ADDRESS}"], "DistinguishedName": "CN=Team",
        "RecipientType": "MailUniversalDistributionGroup", "RecipientTypeDetails": "GroupMailbox",
    }  # fmt: skip
    tenant.store.put("recipient", id_, unified)
    assert "Choose another" in stopped(PROVIDER.create, GROUP)
    assert tenant.store.get("recipient", id_) == unified


def test_a_synchronised_group_is_refused(tenant):
    inputs = {**GROUP, "address": "finance@contoso.example", "alias": "finance", "name": "Finance"}
    before = tenant.recipient("finance@contoso.example")
    assert "synchronised from on premises" in stopped(PROVIDER.create, inputs)
    assert tenant.recipient("finance@contoso.example") == before


@pytest.mark.parametrize("taken", [{"alias": "finance"}, {"name": "Finance"}])
def test_dsc_3741_a_name_or_alias_that_another_group_has_is_told(tenant, taken):
    said = stopped(PROVIDER.create, {**GROUP, **taken})
    assert "Choose another name, alias or address" in said


def test_an_address_that_is_somebodys_secondary_one_is_refused(tenant):
    tenant.alter(
        "finance@contoso.example", EmailAddresses=["SMTP:finance@contoso.example", f"smtp:{ADDRESS}"]
    )
    assert ADDRESS in stopped(PROVIDER.create, GROUP)


def test_dsc_3044_names_with_apostrophes(tenant):
    inputs = {**GROUP, "name": "O'Hara's rooms", "alias": "o'hara"}
    made = PROVIDER.create(inputs)
    assert managed(refreshed(PROVIDER, made.id, inputs)) == inputs
    assert PROVIDER.create(inputs).id == made.id


def test_the_tenants_naming_policy_does_not_show(tenant):
    head = tenant.store.get("tenant", "tenant")
    tenant.store.put("tenant", "tenant", head | {"distributionGroupNamingPolicy": "GRP_<GroupName>"})
    assert managed(PROVIDER.create(GROUP).outs) == GROUP


def test_locked_before_its_first_member(tenant, group, rooms):
    tenant.fill(group, rooms)
    done = tenant.cmdlets()
    locked = [name for name in done if name.startswith(("New-", "Set-", "Update-", "Add-"))]
    assert locked == ["New-DistributionGroup", "Set-DistributionGroup", "Update-DistributionGroupMember"]
    shown = tenant.recipient(ADDRESS)
    assert shown["HiddenFromAddressListsEnabled"]
    assert (shown["MemberJoinRestriction"], shown["MemberDepartRestriction"]) == ("Closed", "Closed")
    owner = tenant.recipient(OWNER)["ExternalDirectoryObjectId"]
    assert shown["ManagedBy"] == shown["AcceptMessagesOnlyFromSendersOrMembers"] == [owner]


def test_a_lock_that_is_not_seen_to_hold_is_an_error(tenant, group):
    """A server that says yes and does nothing: the group is never taken for locked."""
    by_hand(tenant, group, HiddenFromAddressListsEnabled=False)
    tenant.fault("Set-DistributionGroup", status=200, body={"value": []}, times=9)
    said = stopped(PROVIDER.update, group, {**GROUP, "hiddenFromAddressLists": False}, GROUP)
    assert "HiddenFromAddressListsEnabled" in said


def test_deleting_keeps_the_group(tenant, group):
    before = tenant.now()
    PROVIDER.delete(group, GROUP)
    assert tenant.writes(before) == []
