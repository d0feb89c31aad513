"""Findings as SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0 .

What GitHub reads of it: https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from collections.abc import Mapping, Sequence
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"low": "note", "moderate": "warning", "high": "error", "critical": "error", "unknown": "error"}
SEVERITY = {"low": "3.0", "moderate": "5.5", "high": "8.0", "critical": "9.5", "unknown": "8.0"}
"""As GitHub takes it: above 9 is critical, from 7 high, from 4 medium."""

FAILED, LEFT_OUT = "not-looked-at", "left-out"
_NOTIFICATIONS = {
    FAILED: "It was to be looked at, and could not be",
    LEFT_OUT: "Nobody asked for it to be looked at",
}


def log(
    tool: str, rules: Mapping[str, Mapping[str, Any]], category: str, results: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A log with one run of a tool; the category keeps the findings of one stack from those of another."""
    driver = {"name": tool, "rules": [{"id": id_, **rule} for id_, rule in sorted(rules.items())]}
    run = {"tool": {"driver": driver}, "automationDetails": {"id": category}, "results": list(results)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def with_invocation(
    log: Mapping[str, Any], failed: Sequence[str], configured: Sequence[str]
) -> dict[str, Any]:
    """The same log with how the tool ran, in sentences: what failed, and what it was told to leave out.

    Whoever reads no results then sees whether all was looked at; GitHub shows none of it.
    """
    [run] = log["runs"]
    invocation = {
        "executionSuccessful": not failed,
        "toolExecutionNotifications": [_notification(FAILED, "error", one) for one in failed],
        "toolConfigurationNotifications": [_notification(LEFT_OUT, "note", one) for one in configured],
    }
    notifications = [{"id": id_, "shortDescription": {"text": text}} for id_, text in _NOTIFICATIONS.items()]
    driver = run["tool"]["driver"] | {"notifications": notifications}
    return {**log, "runs": [{**run, "tool": {"driver": driver}, "invocations": [invocation]}]}


def _notification(id_: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": id_}, "level": level, "message": {"text": text}}


def described(short: str, full: str) -> dict[str, Any]:
    """A rule in words; GitHub wants all three."""
    return {"shortDescription": {"text": short}, "fullDescription": {"text": full}, "help": {"text": full}}


def result(rule: str, level: str, text: str, stack_file: str) -> dict[str, Any]:
    """A finding, at the beginning of a file."""
    where = {"artifactLocation": {"uri": stack_file}, "region": {"startLine": 1}}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": where}],
    }
