"""The staff group of somebody else: looked up, compared, never changed."""

from typing import Any

import pytest

from exchange.existing_group import ExistingGroupProvider
from tests.exchange.providers.conftest import AS_ADMINISTRATOR, OWNER, refreshed, stopped

PROVIDER: Any = ExistingGroupProvider()
TEAM = "travel-desk-mailboxes@contoso.example"
INPUTS = {"address": TEAM, "recipientType": "MailUniversalSecurityGroup"}


@pytest.fixture
def group(tenant) -> str:
    return str(tenant.recipient(TEAM)["ExternalDirectoryObjectId"])


def test_it_is_found_by_its_address_and_nothing_is_changed(tenant, group):
    before = tenant.now()
    made = PROVIDER.create(INPUTS)
    assert made.id == group
    outputs = refreshed(PROVIDER, made.id, made.outs)
    assert not PROVIDER.diff(made.id, outputs, INPUTS).changes
    PROVIDER.delete(made.id, outputs)
    assert tenant.writes(before) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [("nobody@contoso.example", "does not exist"), ("ada.ashby@contoso.example", "does not exist")],
)
def test_what_is_no_group_stops_the_run(tenant, address, said):
    assert f"staffGroup {address} {said}" in stopped(PROVIDER.create, {**INPUTS, "address": address})


def test_a_distribution_list_stops_the_run(tenant):
    tenant.alter(TEAM, RecipientTypeDetails="MailUniversalDistributionGroup")
    assert "is a MailUniversalDistributionGroup" in stopped(PROVIDER.create, INPUTS)


def test_a_group_that_is_gone_is_drift(tenant, group):
    tenant.exchange.run("Remove-DistributionGroup", Identity=group, Confirm=False, **AS_ADMINISTRATOR)
    assert PROVIDER.read(group, INPUTS).id == ""


def test_another_address_is_drift(tenant, group):
    tenant.exchange.run(
        "Set-DistributionGroup",
        Identity=group, PrimarySmtpAddress="team@contoso.example", **AS_ADMINISTRATOR,
    )  # fmt: skip
    assert PROVIDER.diff(group, refreshed(PROVIDER, group, INPUTS), INPUTS).changes


def test_another_group_under_the_address_is_never_taken_for_it(tenant, group):
    tenant.exchange.run("Remove-DistributionGroup", Identity=group, Confirm=False, **AS_ADMINISTRATOR)
    tenant.exchange.run(
        "New-DistributionGroup",
        Name="Another", Alias="another", Type="Security", ManagedBy=[OWNER], PrimarySmtpAddress=TEAM,
    )  # fmt: skip
    said = stopped(PROVIDER.update, group, INPUTS, INPUTS)
    assert f"staffGroup {TEAM} is another group now" in said
    assert "Nothing was changed" in said
