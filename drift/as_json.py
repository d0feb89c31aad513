"""The report for machines. `version` rises when a key changes its meaning or goes."""

from typing import Any

from drift.accepted import Acceptance, lines_for
from drift.finding import Finding
from drift.reach import Reach
from drift.repair import in_order
from drift.report import Report

VERSION = 1


def as_json(report: Report) -> dict[str, Any]:
    """All of it; `reach` is null when it could not be told."""
    reach = report.reach
    return {
        "version": VERSION,
        "stack": report.stack,
        "tenant": {"id": report.tenant_id},
        "exitCode": report.exit_code,
        "reach": reach and _reach(reach),
        "findings": [_finding(one, report.stack) for one in report.findings],
        "repair": in_order(report.findings),
        "accepted": [_finding(one, report.stack) | _entry(entry) for one, entry in report.sorted.accepted],
        "notLookedAt": [{"about": one.about, "reason": one.reason, "fix": one.fix} for one in report.unseen],
        "leftOut": list(report.left_out),
        "acceptancesEnded": [_named(one) | _entry(one) for one in report.sorted.ended],
        "acceptancesEnding": [_named(one) | _entry(one) for one in report.sorted.ending],
        "acceptancesUnused": [_named(one) | _entry(one) for one in report.unused],
        "acceptancesNotSeen": [_named(one) | _entry(one) for one in report.not_seen],
        "acceptancesOutgrown": [
            _named(one) | _entry(one) | {"outgrownBy": one.outgrown_by(found)}
            for found, one in report.sorted.outgrown
        ],
    }


def _reach(one: Reach) -> dict[str, Any]:
    return {
        "should": one.should,
        "can": one.can,
        "everything": one.everything,
        "besides": list(one.besides),
    }


def _finding(one: Finding, stack: str) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "subject": one.subject,
        "what": one.what,
        "where": one.where,
        "since": one.since,
        "why": one.why,
        "level": str(one.level),
        "holds": list(one.holds),
        "repair": one.repair.split("\n"),
        "accept": lines_for(one, stack).split("\n"),
    }


def _named(one: Acceptance) -> dict[str, Any]:
    return {"rule": one.rule, "subject": one.subject}


def _entry(one: Acceptance) -> dict[str, Any]:
    return {
        "acceptedLevel": str(one.level),
        "acceptedHolds": list(one.holds),
        "reason": one.reason,
        "owner": one.owner,
        "until": one.until.isoformat(),
    }
