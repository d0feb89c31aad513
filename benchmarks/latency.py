"""`pulumi up` from nothing in a tenant whose every call takes a tenth of a second."""

import tempfile
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.requests import critical_path
from benchmarks.stacks import UP, measured
from tests.engine.rehearsal import rehearsing

SECONDS = 0.1
MOST_TIMES = 1.5


def figures() -> list[Figure]:
    """Wall time against the longest chain of calls that had to wait for one another."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        rehearsing(Path(folder), latency=SECONDS) as rehearsal,
    ):
        up = measured(rehearsal, *UP)
    path = critical_path(up.requests)
    how = f"{up.seconds:.1f} s, {path:.1f} s of it in the longest chain of {len(up.requests)} calls"
    name = f"up with {SECONDS * 1000:.0f} ms a call, against the chain of calls"
    return [ratio(name, up.seconds, path, bound=MOST_TIMES, how=how)]
