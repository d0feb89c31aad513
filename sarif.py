"""Findings as SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0 .

What GitHub reads of it: https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"low": "note", "moderate": "warning", "high": "error", "critical": "error", "unknown": "error"}
SEVERITY = {"low": "3.0", "moderate": "5.5", "high": "8.0", "critical": "9.5", "unknown": "8.0"}
"""As GitHub takes it: above 9 is critical, from 7 high, from 4 medium."""

_LEFT_OUT = "left-out"


def log(
    tool: str, rules: Mapping[str, Mapping[str, Any]], category: str, results: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A log with one run of a tool; the category keeps the findings of one stack from those of another."""
    driver = {"name": tool, "rules": [{"id": id_, **rule} for id_, rule in sorted(rules.items())]}
    run = {"tool": {"driver": driver}, "automationDetails": {"id": category}, "results": list(results)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def with_invocation(log: Mapping[str, Any], left_out: Sequence[str]) -> dict[str, Any]:
    """The same log with what the tool was told to leave out, in sentences; GitHub does not show it."""
    [run] = log["runs"]
    told = [{"descriptor": {"id": _LEFT_OUT}, "level": "note", "message": {"text": one}} for one in left_out]
    known = [{"id": _LEFT_OUT, "shortDescription": {"text": "Nobody asked for it to be looked at"}}]
    driver = run["tool"]["driver"] | {"notifications": known}
    invocation = {"executionSuccessful": True, "toolConfigurationNotifications": told}
    return {**log, "runs": [{**run, "tool": {"driver": driver}, "invocations": [invocation]}]}


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


def identified(by: str) -> dict[str, Any]:
    """What tells a result from others of its rule, for they share a line: a text that stays from run to run.

    Of all fingerprints GitHub takes this one:
    https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
    """
    return {"partialFingerprints": {"primaryLocationLineHash": f"{sha256(by.encode()).hexdigest()}:1"}}


def suppressed(why: str) -> dict[str, Any]:
    """What makes a result one that somebody lives with, outside the code.

    GitHub shows an open alert, unless https://github.com/advanced-security/dismiss-alerts is used.
    """
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": why}]}
