"""Stacks of this module in tenants of any size, brought up from nothing."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.requests import Request
from benchmarks.tenants import write_inventory, write_tenant
from tests.engine.death import Operator
from tests.engine.rehearsal import Rehearsal, Run, rehearsing


class FailedError(Exception):
    """A measured command failed; its output is the text."""


@dataclass(frozen=True)
class Measured:
    """One command: how long it took, in seconds, and what it asked of the tenant."""

    seconds: float
    requests: Sequence[Request]


@dataclass(frozen=True)
class Look:
    """Pulumi's own refresh, and `roomctl drift`, which makes one too."""

    refresh: Measured
    drift: Measured


def measured(rehearsal: Rehearsal, *arguments: str) -> Measured:
    """Run the engine in the project's stack; FailedError when it does not end well."""
    return _measured(rehearsal, lambda: rehearsal.pulumi(*arguments))


def looked(rehearsal: Rehearsal) -> Look:
    """Both as the role read, in a tenant that is as the code says; FailedError when one says otherwise."""
    operator = Operator(rehearsal)
    with rehearsal.run_by(rehearsal.tenant.environment_of("Reader")):
        refresh = measured(rehearsal, *DRIFT)
        drift = _measured(rehearsal, lambda: operator.types("roomctl drift --json --stack rehearsal"))
    return Look(refresh, drift)


def _measured(rehearsal: Rehearsal, run: Callable[[], Run]) -> Measured:
    before = rehearsal.requests()
    seen = before[-1]["position"] if before else 0
    began = time.perf_counter()
    succeeded(run())
    return Measured(time.perf_counter() - began, rehearsal.requests(seen))


def succeeded(run: Run) -> None:
    """Go on after a command that ended well; FailedError with its output otherwise."""
    if run.code:
        raise FailedError(run.output)


UP = ("up", "--yes", "--skip-preview")
DRIFT = ("refresh", "--preview-only", "--expect-no-changes")


@contextmanager
def stack_of(rooms: int, *, in_tenant_of: int | None = None) -> Iterator[tuple[Rehearsal, Measured]]:
    """A stack with so many rooms, and what its `pulumi up` from nothing took.

    The tenant has as many rooms unless `in_tenant_of` says how many.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with rehearsing(folder, write_tenant(folder, in_tenant_of or rooms)) as rehearsal:
            rehearsal.configure(inventory=str(write_inventory(folder, rooms)))
            yield rehearsal, measured(rehearsal, *UP)
