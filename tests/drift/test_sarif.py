"""SARIF, as the specification and GitHub have it."""

import pytest

from drift.finding import Finding
from drift.report import Report
from drift.rules import RULES
from drift.sarif import as_sarif
from permissions import Level
from tests.code_scanning import run_of, takes
from tests.drift.told import acceptance, everything, finding, reported


def run(of: Report) -> dict:
    return run_of(as_sarif(of))


def all_rules() -> Report:
    return reported(
        *(finding(f"{rule} {level}", rule=rule, level=level) for rule in RULES for level in Level)
    )


def test_what_is_clean_is_a_run_without_results() -> None:
    found = run(reported())
    assert found["results"] == found["tool"]["driver"]["rules"] == []
    assert found["tool"]["driver"]["name"] == "roomctl drift"
    assert found["automationDetails"]["id"] == "placeos-drift/prod/"


@pytest.mark.parametrize("of", [all_rules(), everything()])
def test_each_result_has_what_github_needs(of: Report) -> None:
    takes(run(of), "Pulumi.prod.yaml")


def test_a_stack_by_its_whole_name_has_the_same_file_and_category() -> None:
    assert run(reported(finding(), stack="acme/placeos-m365/prod")) == run(reported(finding()))


def test_the_level_and_the_severity_follow_the_harm() -> None:
    found = run(reported(*(finding(level, level=level) for level in Level)))
    assert {one["ruleId"].rpartition("-")[2]: one["level"] for one in found["results"]} == {
        "low": "note", "moderate": "warning", "high": "error", "critical": "error",
    }  # fmt: skip
    severities = {
        one["id"].rpartition("-")[2]: one["properties"]["security-severity"]
        for one in found["tool"]["driver"]["rules"]
    }
    assert severities == {"low": "3.0", "moderate": "5.5", "high": "8.0", "critical": "9.5"}


def test_what_somebody_accepted_is_a_result_that_says_who_and_why() -> None:
    drift, accepted = run(reported(finding("a"), accepted=[(finding("b"), acceptance("b"))]))["results"]
    assert "suppressions" not in drift
    [suppression] = accepted["suppressions"]
    assert suppression == {
        "kind": "external", "status": "accepted", "justification": "they help (it, until 2027-01-01)",
    }  # fmt: skip
    assert accepted["message"]["text"].startswith("b is an owner")
    alone = run(reported(accepted=[(finding("b"), acceptance("b"))]))
    takes(alone, "Pulumi.prod.yaml")
    assert alone["results"] == [accepted]


def test_a_result_says_what_it_is_and_what_to_do() -> None:
    [result] = run(reported(finding()))["results"]
    assert result["message"]["text"] == "someone is an owner. Repair: az ad app owner remove --id 1"


def test_a_result_says_since_when_where_the_tenant_does() -> None:
    [result] = run(reported(finding(since="2026-01-05T08:00:00Z")))["results"]
    assert result["message"]["text"].startswith("someone is an owner, since 2026-01-05T08:00:00Z. Repair: ")


def test_a_finding_is_the_same_from_look_to_look_and_no_other_s() -> None:
    """All of one rule stand in one line, by which GitHub would take them for one."""

    def known(*ones: Finding) -> list[str]:
        return [
            one["partialFingerprints"]["primaryLocationLineHash"] for one in run(reported(*ones))["results"]
        ]

    first, second = known(finding("a"), finding("b"))
    assert first != second
    assert known(finding("b", what="it is told otherwise"), finding("c"))[0] == second
    assert known(finding("b", rule="look-alike")) != [second]


def test_what_nobody_asked_for_is_told_and_no_failure() -> None:
    found = run(reported())
    [invocation] = found["invocations"]
    assert invocation["executionSuccessful"] is True
    [told] = invocation["toolConfigurationNotifications"]
    assert (told["level"], told["message"]["text"]) == ("note", "Left out: full access to mailboxes")
    assert run(reported(left_out=()))["invocations"][0]["toolConfigurationNotifications"] == []


def test_every_notification_is_described() -> None:
    found = run(everything())
    known = {one["id"] for one in found["tool"]["driver"]["notifications"] if one["shortDescription"]["text"]}
    [invocation] = found["invocations"]
    told = invocation["toolConfigurationNotifications"]
    assert {one["descriptor"]["id"] for one in told} == known
