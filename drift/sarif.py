"""The report as SARIF, for the page of a repository that collects findings."""

from typing import Any

from drift.accepted import Acceptance
from drift.finding import Finding
from drift.report import Report
from drift.rules import RULES
from sarif import LEVELS, SEVERITY, described, identified, log, result, suppressed, with_invocation
from stack_files import settings_file, short_name


def as_sarif(report: Report) -> dict[str, Any]:
    """A log with one run: a result for each finding, suppressed where somebody accepted it.

    What is in the tenant has no line of code, so all results stand at the beginning of the stack's file. What
    could not be looked at is not told: whoever reads results alone would take it for repaired.
    """
    accepted = report.sorted.accepted
    findings = (*report.findings, *(one for one, _ in accepted))
    rules = {f"drift-{one.rule}-{one.level}": _rule(one) for one in findings}
    file = settings_file(report.stack)
    results = [_result(one, file) for one in report.findings]
    results += [_result(one, file) | suppressed(_why(entry)) for one, entry in accepted]
    told = log("roomctl drift", rules, f"placeos-drift/{short_name(report.stack)}/", results)
    return with_invocation(told, [f"Left out: {one}" for one in report.left_out])


def _result(one: Finding, stack_file: str) -> dict[str, Any]:
    since = f", since {one.since}" if one.since else ""
    text = f"{one.what}{since}. Repair: {one.repair}"
    about = identified(f"{one.rule}\n{one.subject}")
    return result(f"drift-{one.rule}-{one.level}", LEVELS[one.level], text, stack_file) | about


def _why(entry: Acceptance) -> str:
    return f"{entry.reason} ({entry.owner}, until {entry.until})"


def _rule(one: Finding) -> dict[str, Any]:
    rule = RULES[one.rule]
    told = described(f"Drift: {one.rule} ({one.level})", f"{rule.why}. {rule.source}".strip())
    return {**told, "properties": {"tags": ["security"], "security-severity": SEVERITY[one.level]}}
