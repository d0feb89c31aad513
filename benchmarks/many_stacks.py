"""A command over twenty stacks, each in a tenant whose every call takes a tenth of a second, and over one."""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import latency
from benchmarks.figures import Figure, ratio
from benchmarks.stacks import UP, measured, succeeded
from tests.engine.many_rehearsals import ManyRehearsals, many_rehearsals
from tests.engine.rehearsal import Run, rehearsing

COMMAND = "drift"
STACKS, AT_ONCE, RUNS = 20, 4, 3


def figures() -> list[Figure]:
    """Wall time; the bound is what one after the other would take."""
    names = [f"prod-{number:02}" for number in range(STACKS)]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as made:
        folder, one = Path(made), Path(made, "one")
        one.mkdir()
        with rehearsing(one) as rehearsal:
            measured(rehearsal, *UP)
        with many_rehearsals(folder, names, one, latency.SECONDS, who="Reader") as many:
            alone = median(_seconds(many, "--stack", name, **many.own[name]) for name in names[:RUNS])
            together = _seconds(many, "--stacks", "prod-*", "--at-once", str(AT_ONCE))
    how = f"{together:.1f} s against {alone:.1f} s, a median of {RUNS}"
    name = f"{COMMAND} over {STACKS} stacks, {AT_ONCE} at once, against one alone"
    return [ratio(name, together, alone, bound=STACKS, how=how)]


def _seconds(many: ManyRehearsals, *arguments: str, **variables: str) -> float:
    """How long it takes; FailedError when any stack is not fine."""
    began = time.perf_counter()
    done = many.roomctl(COMMAND, *arguments, "--json", **variables)
    succeeded(Run(done.returncode, done.stdout + done.stderr))
    return time.perf_counter() - began
