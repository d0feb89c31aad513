"""The drift check, `pulumi refresh --preview-only`, with few rooms and with many."""

from collections.abc import Sequence
from statistics import median

from benchmarks.figures import Figure, ratio
from benchmarks.requests import PAGES, exchange_calls, seconds_in
from benchmarks.stacks import Measured

PAGE = 1000
READERS = 2
"""The members and the proof each read the group."""
MOST_TIMES = 2.0


def figures(checks: Sequence[tuple[Measured, Measured]], rooms: int) -> list[Figure]:
    """From drift checks that took turns in a stack with few rooms and in one with `rooms`; medians count.

    The pages' own time, as the tenant saw it, is taken off before the comparison.
    """
    few, many = zip(*checks, strict=True)
    pages = exchange_calls(many[0].requests)[PAGES]
    base, whole = (median(one.seconds for one in runs) for runs in (few, many))
    paging = median(seconds_in(one.requests, PAGES) for one in many)
    return [
        Figure(
            f"drift check, {rooms:,} rooms", pages, "pages of members", READERS * -(-rooms // PAGE),
            f"of {PAGE:,}, read by the members and by the proof",
        ),
        ratio(
            "its time without the pages, against 10 rooms", whole - paging, base, bound=MOST_TIMES,
            how=f"{whole:.1f} s, of it {paging:.1f} s in pages; {base:.1f} s with 10 rooms",
        ),
    ]  # fmt: skip
