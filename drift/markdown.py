"""The report as Markdown, for an issue and for a mail: it changes only when what it means does.

It holds no day of the run and no order that changes from run to run, and it is never cut: who posts it cuts,
and hears of a change beyond the cut, too.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from drift.accepted import Acceptance
from drift.repair import in_order
from drift.report import Report
from drift.shell import by_shell
from drift.shown import Shown, together
from drift.tidying_up import to_tidy_up
from visible import in_markdown, visible

TITLE, NOT_LOOKED_AT = "## PlaceOS drift:", "Not looked at"
"""By which who posts the report knows whose it is, and whether it is whole (on_github)."""


def markdown(report: Report) -> str:
    """The report, whole; it ends with a line feed."""
    shown = together(report.findings)
    parts: list[Iterable[str]] = [
        [_title(report.stack), "", verdict(report)],
        ["", report.reach.in_words] if report.reach else [],
        ["", left_out(report)] if report.left_out else [],
        _section(NOT_LOOKED_AT, (_unseen(one.about, one.reason, one.fix) for one in report.unseen)),
        *(_finding(place, one, report.stack) for place, one in enumerate(shown, start=1)),
        _all_repairs(report, shown),
        _accepted(report),
        _section("Accepted findings to tidy up", _untidy(report)),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def could_not_look(stack: str, reason: str) -> str:
    """The report when there is none."""
    said = "\n".join(f"> {in_markdown(line)}" for line in reason.splitlines())
    return f"{_title(stack)}\n\n**Could not look**, so nothing is known:\n\n{said}\n"


def _title(stack: str) -> str:
    return f"{TITLE} {in_markdown(stack)}"


def verdict(report: Report) -> str:
    """One sentence; what could not be looked at is never clean."""
    things = "1 thing" if len(report.unseen) == 1 else f"{len(report.unseen)} things"
    blind = f" {things} could not be looked at." if report.unseen else ""
    if report.findings:
        count = len(report.findings)
        said = "1 finding" if count == 1 else f"{count:,} findings"
        return f"**Drift**: {said}, the gravest {report.findings[0].level}.{blind}"
    if report.unseen:
        return f"**Could not look**: nothing was found, and{blind.replace('.', '')}, so it is not clean."
    return "**Clean**: the tenant is as the code says."


def left_out(report: Report) -> str:
    """What was not asked for, in a sentence."""
    return f"Left out: {', '.join(report.left_out)} (`--every-mailbox` looks at it)."


def _finding(place: int, shown: Shown, stack: str) -> list[str]:
    one = shown.first
    since = f" Since {in_markdown(shown.since)}." if shown.since else ""
    title = f"### {place}. {one.level}: {one.rule}"
    repair, accept = one.repair.split("\n"), shown.accept(stack).split("\n")
    return [
        "", title, "",
        *(f"- {in_markdown(said)}" for said in shown.named), *_unnamed(shown),
        "", f"{in_markdown(_sentence(one.why))} Seen in {in_markdown(one.where)}.{since}", "",
        "Repair:", *_commands(repair), "", "Or, if it is meant, in the code:", "", *_code(accept),
    ]  # fmt: skip


def _unnamed(shown: Shown) -> list[str]:
    """How many are not named, with a checksum: who compares two reports notices another among them, too."""
    said = "\n".join(f"{one.subject}\n{one.what}" for one in shown.unnamed)
    checksum = sha256(said.encode()).hexdigest()[:8]
    return [f"- {shown.more} (checksum {checksum})"] if shown.unnamed else []


def _commands(lines: Iterable[str]) -> list[str]:
    """A block for each shell, in the order in which they are typed."""
    return [line for shell, of in by_shell(lines) for line in ("", *_code(of, shell))]


def _code(lines: Sequence[str], language: str = "") -> list[str]:
    """A fence that no name in it can end."""
    fence = "```"
    while any(fence in line for line in lines):
        fence += "`"
    return [f"{fence}{language}", *map(visible, lines), fence]


def _all_repairs(report: Report, shown: tuple[Shown, ...]) -> list[str]:
    if len(shown) < 2:
        return []
    return [
        "", "### To repair all of them", "",
        "In this order, because a run stops as long as anything is open that the code does not know:",
        *_commands(in_order(report.findings)),
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
    return (f"{_entry(one)} {in_markdown(said)}" for one, said in to_tidy_up(report))


def _entry(one: Acceptance) -> str:
    return f"{one.rule}, {in_markdown(one.subject)} ({in_markdown(one.owner)})"


def _unseen(about: str, reason: str, fix: str) -> str:
    return f"**{in_markdown(about)}**: {in_markdown(reason)}. {in_markdown(_sentence(fix))}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _section(title: str, lines: Iterable[str]) -> list[str]:
    shown = [f"- {line}" for line in lines]
    return ["", f"### {title}", "", *shown] if shown else []
