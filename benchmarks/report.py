"""What a person sees of the figures, and the file that keeps them."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

RESULTS = Path(__file__).parent / "results.json"


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table("figure", "bound", "measured", "", "how", title="Numbers to reach")
    for figure in figures:
        bound = "" if figure.bound is None else f"{figure.bound:g}"
        verdict = "[red]over[/]" if figure.is_over else "" if figure.bound is None else "[green]ok[/]"
        table.add_row(figure.name, bound, f"{figure.measured:g} {figure.unit}", verdict, figure.how)
    console.print(table)


def write(figures: Sequence[Figure], path: Path = RESULTS) -> None:
    """Keep the figures and what machine they are from; the file is replaced whole, keys in one order."""
    document = {
        "figures": [{**asdict(figure), "over": figure.is_over} for figure in figures],
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": sys.platform,
            "architecture": platform.machine(),
        },
    }
    unfinished = path.with_suffix(".json.tmp")
    unfinished.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(path)
