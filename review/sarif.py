"""A review as SARIF, for the page of a repository that collects findings."""

from typing import Any

from review.change import Effect
from review.report import Review
from sarif import LEVELS, SEVERITY, described, log, result


def as_sarif(review: Review, stack_file: str) -> dict[str, Any]:
    """A log with one run: a result for each change that gives access, and for each violated rule.

    A plan has no line of code, so all results stand at the beginning of the stack's file.
    """
    gains = review.with_effect(Effect.GAINS)
    rules = {f"access-{one.area}-{one.level}": _rule(str(one.area), one.level) for one in gains}
    rules |= {f"policy-{one.rule}": _policy_rule(one.rule) for one in review.violations}
    results = [
        result(
            f"access-{one.area}-{one.level}", LEVELS[one.level], f"{one.what} {one.ask}".strip(), stack_file
        )
        for one in gains
    ]
    results += [
        result(
            f"policy-{one.rule}",
            "error" if one.refused else "note",
            f"{one.resource}: {one.message}",
            stack_file,
        )
        for one in review.violations
    ]
    return log("roomctl review", rules, f"placeos-access/{review.stack}/", results)


def _rule(area: str, level: str) -> dict[str, Any]:
    told = described(
        f"New access: {area} ({level})",
        "After this change somebody can do what nobody could do before. Approve it when the question that "
        "stands with the finding has an answer.",
    )
    return {**told, "properties": {"tags": ["security"], "security-severity": SEVERITY[level]}}


def _policy_rule(name: str) -> dict[str, Any]:
    told = described(
        f"Policy: {name}",
        f"policies/rules/{name.replace('-', '_')}.py says what the rule wants and why; an exception is made "
        "in policies/config.",
    )
    return {**told, "properties": {"tags": ["security"]}}
