"""Drift on a terminal: the verdict, the findings with their two ways out, and what nobody could look at."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from drift.markdown import left_out, verdict
from drift.repair import in_order
from drift.report import Report
from drift.shell import by_shell
from drift.shown import Shown, together
from drift.tidying_up import to_tidy_up
from permissions import Level
from roomctl.console import console, table
from visible import visible

_COLOURS = {Level.CRITICAL: "red", Level.HIGH: "yellow"}


def show(report: Report) -> None:
    """Print it; nothing is cut off but the names of very many alike."""
    out = console()
    shown = together(report.findings)
    out.print(_verdict(report), soft_wrap=True)
    out.print()
    _rows(out, "Not looked at", ((one.about, f"{one.reason}. {one.fix}") for one in report.unseen))
    for part in (_finding(one, report.stack) for one in shown):
        out.print(part)
        out.print()
    if len(shown) > 1:
        _rows(out, "To repair all of them, in this order", _commands(in_order(report.findings)))
    accepted = report.sorted.accepted
    _rows(out, "Accepted", ((one.what, f"{by.owner}, until {by.until}: {by.reason}") for one, by in accepted))
    untidy = [(f"{one.rule}: {one.subject}", said) for one, said in to_tidy_up(report)]
    _rows(out, "Accepted findings to tidy up", untidy)


def _verdict(report: Report) -> str:
    colour = "red"
    if report.findings:
        colour = _COLOURS.get(report.findings[0].level, "yellow")
    elif not report.unseen:
        colour = "green"
    said = f"[{colour}]{_text(verdict(report).replace('**', ''))}[/]"
    more = [report.reach.in_words] if report.reach else []
    more += [left_out(report).replace("`", "")] if report.left_out else []
    return "\n".join([said, *map(_text, more)])


def _finding(shown: Shown, stack: str) -> Table:
    one = shown.first
    colour = _COLOURS.get(one.level, "")
    rows = table()
    rows.add_row(f"[not dim {colour}]{one.level}[/]", f"[bold]{_text(one.rule)}[/]")
    for said in shown.named:
        rows.add_row("", _text(said))
    if shown.more:
        rows.add_row("", shown.more)
    rows.add_row("why", _text(one.why))
    rows.add_row("where", _text(f"{one.where}{f', since {shown.since}' if shown.since else ''}"))
    for shell, said in _commands(one.repair.split("\n")):
        rows.add_row(f"repair {shell}", _text(said))
    rows.add_row("or accept", _text(shown.accept(stack)))
    return rows


def _commands(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What to type, by the shell to type it in."""
    return ((f"in {shell.called}", "\n".join(of)) for shell, of in by_shell(lines))


def _rows(out: Console, title: str, lines: Iterable[tuple[str, str]]) -> None:
    rows = table()
    for name, said in lines:
        rows.add_row(_text(name), _text(said))
    if rows.row_count:
        out.print(f"[bold]{title}[/]")
        out.print(rows)
        out.print()


def _text(text: str) -> str:
    return "\n".join(escape(visible(line)) for line in text.split("\n"))
