"""A review on a terminal: the same as the Markdown, in the columns of the other commands."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from review.change import Effect
from review.markdown import SAYS
from review.permission_table import Presence
from review.reach_changes import moved, named
from review.report import Review, Verdict
from roomctl.console import console, table
from visible import visible

_COLOURS = {Verdict.REFUSED: "red", Verdict.NEW_ACCESS: "yellow"}
_LEVEL_COLOURS = {"critical": "red", "unknown": "red", "high": "yellow"}
_SIGNS = {Presence.ADDED: "[yellow]+ new[/]", Presence.REMOVED: "- gone", Presence.UNCHANGED: "[dim]stays[/]"}


def show(review: Review) -> None:
    """Print it; nothing is cut off."""
    out = console()
    colour = _COLOURS.get(review.verdict, "green")
    out.print(f"[{colour}]{escape(SAYS[review.verdict].replace('**', ''))}[/]")
    for part in (_gains(review), _permissions(review), _reach(review)):
        if part.row_count:
            out.print()
            out.print(part)
    _section(out, "Taken away", (one.what for one in review.with_effect(Effect.LOSES)))
    _section(out, "Also changes", _others(review))
    _section(out, "Policy pack", _violations(review))
    _section(out, "Ask before you approve", review.questions)
    _section(out, "Not seen", review.notes)
    out.print(f"\n[dim]{_text(review.stack)}, compared with {_text(review.against)}[/]", soft_wrap=True)


def _gains(review: Review) -> Table:
    rows = table()
    for one in review.with_effect(Effect.GAINS):
        colour = _LEVEL_COLOURS.get(one.level)
        rows.add_row(f"[not dim {colour}]{one.level}[/]" if colour else one.level, _text(one.what))
    return rows


def _permissions(review: Review) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", show_lines=True)
    shown.add_column("")
    shown.add_column("Permission", overflow="fold", no_wrap=True)
    shown.add_column("Opens", overflow="fold", ratio=1)
    for row in review.permissions:
        where = f"[dim]{_text(row.level)}, {_text(row.reach)}; by {_text(row.consent)}[/]"
        shown.add_row(_SIGNS[row.presence], _text(row.name), f"{_text(row.opens)}\n{where}")
    return shown


def _reach(review: Review) -> Table:
    before, after = review.reaches
    rows = table()
    rows.add_row("before", _text(before.in_words))
    rows.add_row("after", _text(after.in_words))
    for word, ones in zip(("enter", "leave"), moved(before, after), strict=True):
        if ones:
            rows.add_row(word, _text(named(ones)))
    return rows


def _others(review: Review) -> Iterable[str]:
    yield from (one.what for one in review.with_effect(Effect.NEITHER))
    yield from (f"Setting {one.key}: {one.in_words}" for one in review.settings)


def _violations(review: Review) -> Iterable[str]:
    for one in review.violations:
        yield f"{'refused' if one.refused else 'advice'}, {one.rule}: {one.message}"


def _section(out: Console, title: str, lines: Iterable[str]) -> None:
    rows = table()
    for line in lines:
        rows.add_row("-", _text(line))
    if rows.row_count:
        out.print(f"\n[bold]{title}[/]")
        out.print(rows)


def _text(text: str) -> str:
    return escape(visible(text))
