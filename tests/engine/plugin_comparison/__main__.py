"""Compare the official azuread plugin's requests with the stand-in's.

The engine is taken from PATH (`python -m toolchain run --` puts one there), and so is the plugin, unless
`pulumi plugin install` brought one. Exit codes: 0 equal or explained, 7 different, 1 could not compare.
"""

import importlib.metadata
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from roomctl.emulate import AzureadPlugin
from tests.engine.plugin_comparison.accepted import ACCEPTED
from tests.engine.plugin_comparison.differences import Accepted, Comparison, Difference, compare
from tests.engine.plugin_comparison.life_cycle import LIFE, Operation, Step, live
from tests.engine.rehearsal import installed_plugins
from toolchain.engine import NoEngineError

EQUAL, COULD_NOT_COMPARE, DIFFERENT = 0, 1, 7
PLUGIN = "pulumi-resource-azuread"


class CouldNotCompareError(Exception):
    """There are no two lives to compare; the text says why, and what to do."""


def main(console: Console, accepted: Sequence[Accepted] = ACCEPTED, life: Sequence[Step] = LIFE) -> int:
    """Live twice, print what differs, and return the exit code."""
    try:
        console.print(f"The azuread stand-in against {official_plugin()}", soft_wrap=True)
        standin = ended_well(lived(AzureadPlugin.STANDIN, life, console))
        official = lived(AzureadPlugin.OWN, life, console)
    except (CouldNotCompareError, NoEngineError, AssertionError) as reason:
        console.print(f"Could not compare: {reason}", soft_wrap=True, highlight=False, markup=False)
        return COULD_NOT_COMPARE
    comparison = compare(standin, official, accepted)
    report(comparison, official, console)
    return EQUAL if comparison.equal else DIFFERENT


def official_plugin() -> Path:
    """The plugin that the engine will use. CouldNotCompareError when there is none."""
    version = importlib.metadata.version("pulumi-azuread")
    installed = installed_plugins() / f"resource-azuread-v{version}" / PLUGIN
    found = shutil.which(PLUGIN) or shutil.which(installed)
    if found is None:
        raise CouldNotCompareError(
            f"there is no {PLUGIN} on PATH and none in {installed_plugins()}: "
            f"run pulumi plugin install resource azuread {version}"
        )
    return Path(found)


def ended_well(operations: list[Operation]) -> list[Operation]:
    """The operations, unless one ended otherwise than expected: CouldNotCompareError with its output."""
    for one in operations:
        if one.run.code != one.expected:
            raise CouldNotCompareError(
                f"with the stand-in `{one.name}` ended with exit code {one.run.code} instead of "
                f"{one.expected}; mend that first. The engine said:\n{one.run.output}"
            )
    return operations


def lived(plugin: AzureadPlugin, life: Sequence[Step], console: Console) -> list[Operation]:
    """One life, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="plugin-comparison-") as folder:
        operations = live(Path(folder), plugin, life)
    requests = sum(one.said.total() for one in operations)
    console.print(f"{plugin}: {len(operations)} operations, {requests} different reads, or changes")
    return operations


def report(comparison: Comparison, official: Sequence[Operation], console: Console) -> None:
    """Print every difference, and what the engine said where the official plugin ended otherwise."""
    rows = [
        *((one, "[red]not accepted[/]") for one in comparison.unexplained),
        *((one.difference, f"accepted: {one.reason}") for one in comparison.explained),
        *((one.difference, "[red]accepted, but no longer so: take it out[/]") for one in comparison.outdated),
    ]
    if not rows:
        console.print("No difference.")
        return
    console.print(_table(rows))
    for one in official:
        if one.run.code != one.expected:
            console.print(one.run.output, soft_wrap=True, highlight=False, markup=False)


def _table(rows: Sequence[tuple[Difference, str]]) -> Table:
    table = Table("Operation", "Request", "Stand-in", "Official", "Verdict")
    for difference, verdict in rows:
        counts = str(difference.standin), str(difference.official)
        table.add_row(difference.operation, difference.said, *counts, verdict)
    return table


if __name__ == "__main__":
    sys.exit(main(Console()))
