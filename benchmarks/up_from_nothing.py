"""`pulumi up` from nothing: Exchange calls before the wait for Microsoft Graph, which no room may add to."""

from collections.abc import Sequence

from benchmarks.figures import Figure
from benchmarks.requests import Request, before_waiting, exchange_calls

MOST_CALLS = 16


def figures(small: Sequence[Request], large: Sequence[Request], rooms: int) -> list[Figure]:
    """From the requests of a run with few rooms, and those of a run with `rooms`."""
    few, many = (exchange_calls(before_waiting(requests)) for requests in (small, large))
    listed = ", ".join(f"{count} {cmdlet}" for cmdlet, count in sorted(many.items()))
    return [
        Figure(f"up from nothing, {rooms:,} rooms", many.total(), "Exchange calls", MOST_CALLS, listed),
        Figure("of these, more than with 10 rooms", (many - few).total(), "Exchange calls", 0),
    ]
