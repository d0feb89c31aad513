"""Measure, print the table, write results.json: `make bench`."""

import argparse
import sys

from rich.console import Console

from benchmarks import (
    drift_calls,
    drift_check,
    latency,
    many_stacks,
    noop_preview,
    one_room_added,
    report,
    up_from_nothing,
)
from benchmarks.figures import Figure
from benchmarks.stacks import DRIFT, UP, FailedError, looked, measured, stack_of
from benchmarks.tenants import write_inventory
from toolchain.engine import NoEngineError

FEW, MANY, MOST = 10, 1_000, 10_000
DRIFT_CHECKS = 3


def measure(console: Console) -> list[Figure]:
    """Every figure; each stack is brought up once and serves all that it can."""
    console.print("no-op previews")
    preview = noop_preview.figures()
    console.print(f"{MANY:,} rooms")
    with stack_of(MANY) as (many, many_up):
        looks = {MANY: looked(many)}
    console.print(f"{FEW} and {MOST:,} rooms")
    with stack_of(FEW) as (few, few_up), stack_of(MOST, in_tenant_of=MOST + 1) as (most, _):
        looks |= {FEW: looked(few), MOST: looked(most)}
        drift = [(measured(few, *DRIFT), measured(most, *DRIFT)) for _ in range(DRIFT_CHECKS)]
        write_inventory(most.folder, MOST + 1)
        one_more = measured(most, *UP)
    console.print(f"{many_stacks.STACKS} stacks")
    together = many_stacks.figures()
    console.print("latency")
    return [
        *preview,
        *up_from_nothing.figures(few_up.requests, many_up.requests, MANY),
        *one_room_added.figures(one_more.requests, MOST),
        *drift_check.figures(drift, MOST),
        *(one for rooms in sorted(looks) for one in drift_calls.figures(looks[rooms], rooms)),
        *latency.figures(),
        *together,
    ]


def main() -> int:
    """0 when everything was measured, over its bound or not; 1 when a measured command failed."""
    argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__).parse_args()
    console = Console()
    try:
        figures = measure(console)
    except FailedError as failed:
        console.print(f"A measured command failed:\n{failed}", markup=False, soft_wrap=True)
        return 1
    except NoEngineError as reason:
        console.print(str(reason), markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("\nInterrupted: nothing was measured and results.json is as it was.")
        return 130
    report.show(figures, console)
    report.write(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
