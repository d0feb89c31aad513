"""What was looked at, on a terminal: what is fine in a line a section, the rest with its fix."""

from collections.abc import Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from roomctl.console import table
from roomctl.look import Answer, Row, Section
from visible import visible


def fine_ones(rows: Sequence[Row]) -> Table:
    """A line a section: how many rows are fine, and which."""
    shown = table()
    for section in Section:
        fine = [row for row in rows if row.section is section and row.answer is Answer.FINE]
        names = list(dict.fromkeys(row.about.partition(" (")[0] for row in fine))
        if names:
            shown.add_row(section, f"[green]{len(fine)} fine[/] [dim]({_text(', '.join(names))})[/]")
    return shown


def to_mend(rows: Sequence[Row]) -> Table:
    """What was seen, why it matters, and the fix."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", show_lines=True)
    for header in ("What", "Seen", "Fix"):
        shown.add_column(header, overflow="fold")
    for row in rows:
        shown.add_row(_text(row.about), f"{_text(row.seen)}\n[dim]why: {_text(row.why)}[/]", _text(row.fix))
    return shown


def _text(text: str) -> str:
    return "\n".join(escape(visible(line)) for line in text.splitlines())
