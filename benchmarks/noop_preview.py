"""A preview that finds nothing to do, against the same of a program as small as one can be."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, ratio
from benchmarks.stacks import UP, measured, succeeded
from tests.engine.rehearsal import Rehearsal, Run, rehearsing

RUNS = 15
MOST_TIMES = 1.3
_PREVIEW = ("preview", "--expect-no-changes")


def figures() -> list[Figure]:
    """Medians of previews that take turns, so that both programs meet the same machine."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        rehearsing(Path(folder)) as rehearsal,
    ):
        measured(rehearsal, *UP)
        small = _SmallProgram(rehearsal)
        taken = [(measured(rehearsal, *_PREVIEW).seconds, small.seconds(*_PREVIEW)) for _ in range(RUNS)]
    whole, least = (median(times) for times in zip(*taken, strict=True))
    how = f"{whole:.2f} s against {least:.2f} s, medians of {RUNS}"
    name = "no-op preview, against four azuread resources and a dynamic one"
    return [ratio(name, whole, least, bound=MOST_TIMES, how=how)]


class _SmallProgram:
    """The small program on a stack of its own, beside the rehearsal's and with the same engine."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._environment = rehearsal.environment
        self._folder = rehearsal.folder / "small_program"
        # a copy, because the engine writes the stack's settings beside the program
        shutil.copytree(Path(__file__).parent / "small_program", self._folder)
        (self._folder / ".venv").symlink_to(sys.prefix)
        self.seconds("stack", "init")
        self.seconds(*UP)

    def seconds(self, *arguments: str) -> float:
        """How long a command of the engine takes; FailedError when it does not end well."""
        began = time.perf_counter()
        done = subprocess.run(
            ["pulumi", *arguments, "--stack", "small", "--non-interactive", "--color", "never"],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        succeeded(Run(done.returncode, done.stdout + done.stderr))
        return time.perf_counter() - began
