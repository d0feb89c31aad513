"""A review as SARIF, for the page of a repository that collects findings.

https://docs.oasis-open.org/sarif/sarif/v2.1.0 ; what GitHub reads of it:
https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from typing import Any

from review.change import Effect
from review.report import Review

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"low": "note", "moderate": "warning", "high": "error", "critical": "error", "unknown": "error"}
_SEVERITY = {"low": "3.0", "moderate": "5.5", "high": "8.0", "critical": "9.5", "unknown": "8.0"}
"""As GitHub takes it: above 9 is critical, from 7 high, from 4 medium."""


def as_sarif(review: Review, stack_file: str) -> dict[str, Any]:
    """A log with one run: a result for each change that gives access, and for each violated rule.

    A plan has no line of code, so all results stand at the beginning of the stack's file.
    """
    gains = review.with_effect(Effect.GAINS)
    rules = {f"access-{one.area}-{one.level}": _rule(str(one.area), one.level) for one in gains}
    rules |= {f"policy-{one.rule}": _policy_rule(one.rule) for one in review.violations}
    results = [
        _result(
            f"access-{one.area}-{one.level}", _LEVELS[one.level], f"{one.what} {one.ask}".strip(), stack_file
        )
        for one in gains
    ]
    results += [
        _result(
            f"policy-{one.rule}",
            "error" if one.refused else "note",
            f"{one.resource}: {one.message}",
            stack_file,
        )
        for one in review.violations
    ]
    driver = {
        "name": "roomctl review",
        "rules": [{"id": id_, **rule} for id_, rule in sorted(rules.items())],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"placeos-access/{review.stack}/"},
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(area: str, level: str) -> dict[str, Any]:
    told = _described(
        f"New access: {area} ({level})",
        "After this change somebody can do what nobody could do before. Approve it when the question that "
        "stands with the finding has an answer.",
    )
    return {**told, "properties": {"tags": ["security"], "security-severity": _SEVERITY[level]}}


def _policy_rule(name: str) -> dict[str, Any]:
    told = _described(
        f"Policy: {name}",
        f"policies/rules/{name.replace('-', '_')}.py says what the rule wants and why; an exception is made "
        "in policies/config.",
    )
    return {**told, "properties": {"tags": ["security"]}}


def _described(short: str, full: str) -> dict[str, Any]:
    """GitHub wants all three."""
    return {"shortDescription": {"text": short}, "fullDescription": {"text": full}, "help": {"text": full}}


def _result(rule: str, level: str, text: str, stack_file: str) -> dict[str, Any]:
    where = {"artifactLocation": {"uri": stack_file}, "region": {"startLine": 1}}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": where}],
    }
