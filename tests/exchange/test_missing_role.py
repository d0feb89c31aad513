"""Which right a refused cmdlet is told to lack: the heart of `rights.py` for Exchange."""

import pytest

from exchange.judgement import judge
from rights import RIGHTS, On
from wire import NotAuthorised
from wire.answers import Answer


def refused(operation: str, status: int, reason: str) -> NotAuthorised:
    document = {"error": {"details": [{"message": f"Ex1|Some.Exception|{reason}"}]}} if reason else {}
    error = judge(operation, Answer(status, {}, "", document))
    assert type(error) is NotAuthorised
    return error


@pytest.mark.parametrize(
    ("operation", "role"),
    [
        ("New-ApplicationAccessPolicy", "Organization Configuration"),
        ("Remove-ApplicationAccessPolicy x", "Organization Configuration"),
        ("Get-ApplicationAccessPolicy", "View-Only Configuration"),
        ("Test-ApplicationAccessPolicy ada@contoso.example", "View-Only Configuration"),
        ("Get-OrganizationConfig", "View-Only Configuration"),
        ("Set-DistributionGroup x", "Distribution Groups"),
        ("Update-DistributionGroupMember x", "Distribution Groups"),
        ("Set-Group x", "Distribution Groups"),
        ("Get-DistributionGroup x", "View-Only Recipients"),
        ("Get-Recipient", "View-Only Recipients"),
        ("New-RoleGroup", "Role Management"),
        ("Get-RecipientPermission", "View-Only Recipients"),
        ("Get-MailboxFolderPermission x", "View-Only Recipients"),
        ("Get-RoleGroup x", "View-Only Configuration"),
        ("Get-ServicePrincipal", "View-Only Configuration"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_cmdlet_names_its_role(operation, role, status):
    assert role in refused(operation, status, "").advice
    assert "Exchange.ManageAsApp" in refused(operation, status, "isn't supported in this scenario").advice


@pytest.mark.parametrize(
    "reason",
    [
        "A parameter cannot be found that matches parameter name 'Type'.",
        "This operation can only be performed by a manager of the group.",
    ],
)
def test_what_only_one_role_brings_names_that_role(reason):
    assert "Security Group Creation and Membership" in refused("New-DistributionGroup", 400, reason).advice


def test_a_cmdlet_that_no_row_knows_names_no_role():
    assert "such as" not in refused("Enable-Something", 403, "").advice


def test_every_exchange_role_of_the_table_is_told_by_some_refusal():
    asked = ["New-ApplicationAccessPolicy", "Get-ApplicationAccessPolicy", "Set-Group", "Get-Recipient"]
    told = " ".join(refused(cmdlet, 403, "").advice for cmdlet in asked)
    told += refused(
        "New-DistributionGroup", 400, "A parameter cannot be found that matches parameter name"
    ).advice
    assert not [one.name for one in RIGHTS if one.on is On.EXCHANGE_ROLE and one.name not in told]
