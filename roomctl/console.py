"""How `roomctl` looks: one console, one table; colour only where it means something.

green: it is well. yellow: a person has to do something. red: an error. dim: an aside. Without a terminal, and
under NO_COLOR (https://no-color.org), there is none of it.
"""

from rich.console import Console
from rich.status import Status
from rich.table import Table


def console(*, stderr: bool = False) -> Console:
    """Where a command speaks; only what is said to be has a colour."""
    return Console(stderr=stderr, highlight=False)


def table(columns: int = 2) -> Table:
    """Rows that begin with what they are about. A cell wraps between words, and nothing is cut off."""
    rows = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    for _ in range(columns - 1):
        rows.add_column(overflow="fold")
    return rows


def working(what: str) -> Status:
    """While the context is open, a terminal shows what is being done, on standard error; then it is gone.

    Nothing may be printed meanwhile: rich would send it to standard error, too.
    """
    return console(stderr=True).status(f"[dim]{what} …[/]", spinner_style="dim")
