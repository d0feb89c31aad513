"""SARIF, as the specification and GitHub have it."""

import pytest

from review.policy import Violation
from review.sarif import as_sarif
from tests.code_scanning import run_of, takes
from tests.review.stack import Stack, clean, reviewed

REFUSAL, ADVICE = Violation("no-x", "a", "m", refused=True), Violation("no-y", "b", "n", refused=False)


def run(stack: Stack, **told) -> dict:
    return run_of(as_sarif(reviewed(stack, **told), "Pulumi.dev.yaml"))


def grave() -> Stack:
    stack = (
        clean().grants("Mail.Send").grants_beside("0-1-2").grants("User.ReadWrite.All").has("helper", "x:y:Z")
    )
    stack.secret("secret", "2030-01-01T00:00:00Z")
    stack["rooms-members"]["members"] |= {"bay@contoso.example": "Bay"}
    return stack


def test_nothing_new_is_a_run_without_results():
    found = run(clean())
    assert found["results"] == found["tool"]["driver"]["rules"] == []
    assert found["automationDetails"]["id"] == "placeos-access/dev/"


@pytest.mark.parametrize("stack", [grave(), clean().without("policies")])
def test_each_result_has_what_github_needs(stack):
    takes(run(stack, violations=(REFUSAL, ADVICE)), "Pulumi.dev.yaml")


def test_the_level_and_the_severity_follow_the_harm():
    found = run(grave())
    severities = {
        one["id"]: one["properties"]["security-severity"] for one in found["tool"]["driver"]["rules"]
    }
    assert severities == {
        "access-credentials-moderate": "5.5",
        "access-other-unknown": "8.0",
        "access-permissions-critical": "9.5",
        "access-permissions-high": "8.0",
        "access-permissions-unknown": "8.0",
        "access-reach-low": "3.0",
    }
    assert {one["ruleId"]: one["level"] for one in found["results"]} == {
        "access-credentials-moderate": "warning",
        "access-other-unknown": "error",
        "access-permissions-critical": "error",
        "access-permissions-high": "error",
        "access-permissions-unknown": "error",
        "access-reach-low": "note",
    }


def test_a_result_says_what_it_is_and_what_to_ask():
    [result] = [one for one in run(grave())["results"] if one["ruleId"] == "access-reach-low"]
    assert result["message"]["text"] == (
        "1 room newly reachable: Bay (bay@contoso.example). Is everything that is newly reachable meant to "
        "be booked by PlaceOS?"
    )


def test_only_gains_and_rules_are_findings():
    stack = clean()
    stack["application"]["displayName"] = "Rooms"
    del stack["rooms-members"]["members"]["opera@contoso.example"]
    assert run(stack)["results"] == []
    found = run(stack, violations=(REFUSAL, ADVICE))
    assert [(one["ruleId"], one["level"], one["message"]["text"]) for one in found["results"]] == [
        ("policy-no-x", "error", "a: m"),
        ("policy-no-y", "note", "b: n"),
    ]
    [rule, _] = found["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "Policy: no-x"
    assert "policies/rules/no_x.py" in rule["help"]["text"]
