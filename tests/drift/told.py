"""Reports as they could be, without a tenant."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from drift.accepted import Acceptance, Sorted
from drift.finding import Finding
from drift.looks import Unseen
from drift.reach import Reach
from drift.report import Report
from permissions import Level

BLIND = Unseen("owners", "Microsoft Graph: GET /v1.0/x: Forbidden", "Grant the deployer User.Read.All")

AS_IT_SHOULD = Reach(48, 48)


def finding(subject: str = "someone", **more: Any) -> Finding:
    """A finding, with what is said otherwise."""
    parts: dict[str, Any] = {
        "rule": "owner-not-in-code",
        "what": f"{subject} is an owner",
        "where": "Entra, App registrations, Owners",
        "level": Level.HIGH,
        "repair": "az ad app owner remove --id 1",
    }
    return Finding(subject=subject, **parts | more)


def acceptance(subject: str = "someone", rule: str = "owner-not-in-code", **more: Any) -> Acceptance:
    """An entry about it."""
    parts: dict[str, Any] = {
        "level": Level.HIGH,
        "reason": "they help",
        "owner": "it",
        "until": date(2027, 1, 1),
    }
    return Acceptance(rule=rule, subject=subject, **parts | more)


def reported(
    *open_: Finding,
    accepted: Sequence[tuple[Finding, Acceptance]] = (),
    ended: Sequence[Acceptance] = (),
    unused: Sequence[Acceptance] = (),
    outgrown: Sequence[tuple[Finding, Acceptance]] = (),
    ending: Sequence[Acceptance] = (),
    unseen: Sequence[Unseen] = (),
    reach: Reach | None = AS_IT_SHOULD,
    stack: str = "prod",
    left_out: Sequence[str] = ("full access to mailboxes",),
) -> Report:
    """A report of these."""
    told = Sorted(tuple(open_), tuple(accepted), tuple(ended), tuple(unused), tuple(outgrown), tuple(ending))
    return Report(stack, "0aabbccd-1111-4222-8333-444455556666", reach, told, tuple(unseen), tuple(left_out))


def everything() -> Report:
    """One with something in each of its parts."""
    return reported(
        finding(),
        finding("b", level=Level.CRITICAL, since="2026-01-05T08:00:00Z", accept="# a line"),
        accepted=[(finding("c"), acceptance("c"))],
        ended=[acceptance("d", until=date(2025, 1, 1))],
        unused=[acceptance("e")],
        outgrown=[(finding("b", level=Level.CRITICAL), acceptance("b"))],
        ending=[acceptance("c")],
        unseen=[BLIND],
        reach=Reach(48, 171, everything=True),
    )
