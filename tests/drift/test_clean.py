"""What is as the code says is clean, and what could not be looked at never is."""

from tests.drift.made import Made


def test_a_tenant_that_is_as_the_code_says_is_clean(made: Made) -> None:
    told = made.reported()
    assert [one.what for one in told.findings] == []
    assert [(one.about, one.reason) for one in told.unseen] == []
    assert told.exit_code == 0
    assert told.reach
    assert (told.reach.can, told.reach.should, told.reach.everything) == (48, 48, False)


def test_an_application_that_is_gone_is_one_finding(made: Made) -> None:
    made.graph.delete(made.application)
    told = made.reported()
    assert [(one.rule, one.level) for one in told.findings] == [("application-gone", "high")]
    assert told.findings[0].what.startswith("the application and the service principal of")
    assert told.unseen == ()


def test_a_group_that_is_gone_is_one_finding_beside_the_policy_that_named_it(made: Made) -> None:
    made.exchange.run(
        "Remove-DistributionGroup", Identity=made.group, Confirm=False, BypassSecurityGroupManagerCheck=True
    )
    told = made.reported()
    assert [one.rule for one in told.findings] == ["group-gone"], [one.what for one in told.findings]
    assert [(one.about, one.reason) for one in told.unseen] == []
