"""Run the drill and watch it: `make drill`, or `python -m tests.drill "an owner" …` for some of it.

0 when everything was found, named rightly, and gone after the repair; 7 when something was not.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.drill.cases import CASES, Case
from tests.drill.drill import MissedError, Outcome, drill
from tests.emulated import trusted_alone
from tests.engine.rehearsal import Rehearsal, rehearsing

DONE, MISSED = 0, 7


def main() -> int:
    """Bring a tenant up once, and go through the cases."""
    arguments = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    arguments.add_argument("names", nargs="*", help="only the cases whose name holds one of these")
    names = arguments.parse_args().names
    cases = [one for one in CASES if not names or any(name in one.name for name in names)]
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        console.print("Bringing a tenant up; each case then begins with a copy of it ...")
        brought_up = Path(folder, "brought_up")
        brought_up.mkdir()
        with trusted_alone(rehearsing(brought_up)) as rehearsal:
            done = rehearsal.up()
            if done.code:
                console.print(done.output, markup=False, soft_wrap=True)
                return 1
        missed = _all(cases, brought_up, Path(folder, "case"), console)
    count = len(cases)
    console.print(f"\n{count - missed} of {count} found, named rightly, and gone after what was typed.")
    return MISSED if missed else DONE


def _all(cases: Sequence[Case], brought_up: Path, folder: Path, console: Console) -> int:
    """How many were missed."""
    missed = 0
    for place, case in enumerate(cases, start=1):
        folder.mkdir()
        try:
            with trusted_alone(rehearsing(folder, brought_up=brought_up)) as rehearsal, _trusting(rehearsal):
                outcome = drill(case, rehearsal)
        except MissedError as reason:
            console.print(_row(f"{place}/{len(cases)}", case.name, "[red]MISSED[/]"))
            console.print(escape(str(reason)), soft_wrap=True)
            missed += 1
        else:
            verdict = "[yellow]left to people[/]" if outcome.left_to_people else "[green]gone[/]"
            console.print(_row(f"{place}/{len(cases)}", case.name, verdict, outcome))
        shutil.rmtree(folder)
    return missed


def _trusting(rehearsal: Rehearsal) -> AbstractContextManager[Any]:
    """The administrator's clients run in this process."""
    return mock.patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(rehearsal.tenant.ca_bundle))


def _row(place: str, done: str, verdict: str, outcome: Outcome | None = None) -> Table:
    """One case: which it is, what was done, what was found, what was typed, how it ended."""
    row = Table.grid(padding=(0, 2), expand=True)
    for width in (7, 30, 42, None, 14):
        row.add_column(width=width, ratio=None if width else 1, no_wrap=width is None, overflow="ellipsis")
    found, typed = (outcome.found, outcome.typed) if outcome else ((), ())
    row.add_row(place, escape(done), escape("\n".join(found)), escape("\n".join(typed)), verdict)
    return row


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nInterrupted: the rest was not tried.", file=sys.stderr)
        sys.exit(130)
