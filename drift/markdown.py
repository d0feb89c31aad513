"""The report as Markdown, for an issue and for a mail: it changes only when what it means does.

It holds no day of the run and no order that changes from run to run.
"""

from collections.abc import Iterable

from drift.accepted import Acceptance
from drift.repair import in_order
from drift.report import Report
from drift.shown import Shown, together
from visible import in_markdown, visible

LONGEST = 60_000
"""GitHub takes a text of 65,536 characters; some are left for whoever posts it."""
_CUT = (
    "\n\nThis is longer than an issue may be, so the rest is left out. All of it: `roomctl drift --json`.\n"
)


def markdown(report: Report) -> str:
    """The report; it ends with a line feed. One that is too long is cut, and says so."""
    shown = together(report.findings)
    parts: list[Iterable[str]] = [
        [f"## PlaceOS drift: {in_markdown(report.stack)}", "", verdict(report)],
        ["", report.reach.in_words] if report.reach else [],
        *(_finding(place, one, report.stack) for place, one in enumerate(shown, start=1)),
        _all_repairs(report, shown),
        _accepted(report),
        _section("Not looked at", (_unseen(one.about, one.reason, one.fix) for one in report.unseen)),
        _section("Accepted findings to tidy up", _untidy(report)),
    ]
    return _cut("\n".join(line for part in parts for line in part) + "\n")


def could_not_look(stack: str, reason: str) -> str:
    """The report when there is none."""
    said = "\n".join(f"> {in_markdown(line)}" for line in reason.splitlines())
    return _cut(
        f"## PlaceOS drift: {in_markdown(stack)}\n\n**Could not look**, so nothing is known:\n\n{said}\n"
    )


def verdict(report: Report) -> str:
    """One sentence; what could not be looked at is never clean."""
    blind = f" {len(report.unseen)} things could not be looked at." if report.unseen else ""
    if report.findings:
        count = len(report.findings)
        said = "1 finding" if count == 1 else f"{count:,} findings"
        return f"**Drift**: {said}, the gravest {report.findings[0].level}.{blind}"
    if report.unseen:
        return f"**Could not look**: nothing was found, and{blind.replace('.', '')}, so it is not clean."
    return "**Clean**: the tenant is as the code says."


def _finding(place: int, shown: Shown, stack: str) -> list[str]:
    one = shown.first
    since = f" Since {in_markdown(shown.since)}." if shown.since else ""
    title = f"### {place}. {one.level}: {one.rule}"
    repair, accept = one.repair.splitlines(), shown.accept(stack).splitlines()
    return [
        "", title, "",
        *(f"- {in_markdown(said)}" for said in shown.named),
        "", f"{in_markdown(_sentence(one.why))} Seen in {in_markdown(one.where)}.{since}", "",
        "Repair:", "", *_code(repair), "", "Or, if it is meant, in the code:", "", *_code(accept),
    ]  # fmt: skip


def _code(lines: list[str]) -> list[str]:
    """A fence that no name in it can end."""
    fence = "```"
    while any(fence in line for line in lines):
        fence += "`"
    return [fence, *map(visible, lines), fence]


def _all_repairs(report: Report, shown: tuple[Shown, ...]) -> list[str]:
    if len(shown) < 2:
        return []
    return [
        "", "### To repair all of them", "",
        "In this order, because a run stops as long as anything is open that the code does not know:",
        "", *_code(list(in_order(report.findings))),
    ]  # fmt: skip


def _accepted(report: Report) -> list[str]:
    if not report.sorted.accepted:
        return []
    rows = [
        f"| {in_markdown(finding.what)} | {finding.level} | {in_markdown(entry.reason)} "
        f"| {in_markdown(entry.owner)} | {entry.until} |"
        for finding, entry in report.sorted.accepted
    ]
    head = ["| What | Level | Reason | Owner | Until |", "|---|---|---|---|---|"]
    return ["", "### Accepted", "", *head, *rows]


def _untidy(report: Report) -> Iterable[str]:
    for one in report.sorted.ended:
        yield f"{_entry(one)} ended on {one.until}"
    for one in report.sorted.unused:
        yield f"{_entry(one)} is about nothing that was found: take it out"


def _entry(one: Acceptance) -> str:
    return f"{one.rule}, {in_markdown(one.subject)} ({in_markdown(one.owner)})"


def _unseen(about: str, reason: str, fix: str) -> str:
    return f"**{in_markdown(about)}**: {in_markdown(reason)}. {in_markdown(_sentence(fix))}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _section(title: str, lines: Iterable[str]) -> list[str]:
    shown = [f"- {line}" for line in lines]
    return ["", f"### {title}", "", *shown] if shown else []


def _cut(report: str) -> str:
    if len(report) <= LONGEST:
        return report
    return report[: report.rindex("\n### ", 0, LONGEST - len(_CUT))].rstrip() + _CUT
