import pytest

from emulator.exchange.cmdlets import CMDLETS, documented
from emulator.exchange.routes import routes


def test_an_unknown_cmdlet_is_not_recognized(exchange):
    refusal = exchange.refused("Get-Nonsense")
    assert refusal.type == "CommandNotFoundException"
    assert "The term 'Get-Nonsense' is not recognized as the name of a cmdlet" in refusal.text


@pytest.mark.parametrize("cmdlet", ["New-ManagementRole", "Set-Mailbox"])
def test_a_cmdlet_that_is_not_modelled_says_so(exchange, cmdlet):
    answer = exchange.post(cmdlet)
    assert answer.status_code == 501
    assert cmdlet in answer.json()["error"]["message"]


def test_an_unknown_parameter_is_named(exchange):
    refusal = exchange.refused("Get-Mailbox", Identty="x")
    assert refusal.type == "ParameterBindingException"
    assert refusal.text == "A parameter cannot be found that matches parameter name 'Identty'."


def test_a_parameter_that_is_not_modelled_says_so(exchange):
    answer = exchange.post("Get-Mailbox", {"Anr": "x"})
    assert answer.status_code == 501
    assert "Get-Mailbox -Anr" in answer.json()["error"]["message"]


def test_common_parameters_are_let_pass(exchange):
    assert exchange.run("Get-OrganizationConfig", ErrorAction="Stop", WarningAction="Continue")


@pytest.mark.parametrize("given", [{}, {"Identity": None}, {"Identity": ""}])
def test_a_mandatory_parameter_that_is_missing_or_empty_is_named(exchange, given):
    refusal = exchange.refused("Remove-DistributionGroup", **given)
    assert refusal.text.endswith("missing mandatory parameters: Identity.")


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "named"),
    [
        ("Get-Mailbox", {"ResultSize": "many"}, "ResultSize"),
        ("Get-Mailbox", {"ResultSize": 0}, "ResultSize"),
        ("Get-Mailbox", {"Identity": ["a", "b"]}, "Identity"),
        ("Remove-DistributionGroup", {"Identity": "Rooms", "Confirm": "false"}, "Confirm"),
        ("New-DistributionGroup", {"Name": "G", "Type": "Dynamic"}, "Type"),
        ("Update-DistributionGroupMember", {"Identity": "Rooms", "Members": [1]}, "Members"),
        ("Set-DistributionGroup", {"Identity": "Rooms", "ManagedBy": {"Add": ["x"]}}, "ManagedBy"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(exchange, cmdlet, parameters, named):
    refusal = exchange.refused(cmdlet, **parameters)
    assert refusal.type == "ParameterBindingException"
    assert f"parameter '{named}'" in refusal.text


def test_a_failed_cmdlet_changes_nothing(exchange):
    before = exchange.tenant.store.all("accessPolicy")
    app = exchange.app_id("Reader")
    exchange.refused(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess",
        AppId=[app, app],
        PolicyScopeGroupId="Rooms",
    )
    assert exchange.tenant.store.all("accessPolicy") == before


def test_every_modelled_cmdlet_and_parameter_is_a_documented_one(tenant):
    assert routes(tenant)
    for cmdlet in CMDLETS.values():
        assert cmdlet.summary
        assert {name.lower() for name in cmdlet.parameters} <= documented()[cmdlet.name.lower()], cmdlet.name
