"""`roomctl drift` as the role read: what it asks beside Pulumi's own refresh, however many the rooms."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks.drift_check import PAGE
from benchmarks.figures import Figure
from benchmarks.requests import (
    PAGES,
    Request,
    besides_pages,
    exchange_calls,
    graph_questions,
    graph_requests,
)
from benchmarks.stacks import Look

MOST_REQUESTS = 2
"""To Graph: one about the application and its principal, and one about what that leads to."""
MOST_CALLS = 6
"""To Exchange: policies, roles of applications, known applications, the group with its owners, and
who may send for it."""


def _own(count: Callable[[Sequence[Request]], int], look: Look) -> int:
    return count(look.drift.requests) - count(look.refresh.requests)


def figures(look: Look, rooms: int) -> Iterator[Figure]:
    """From a look at a tenant that is as the code says; its own calls are all but those of the refresh."""
    of_refresh, of_both = look.refresh.requests, look.drift.requests
    requests, questions = _own(graph_requests, look), _own(graph_questions, look)
    name = f"roomctl drift, {rooms:,} rooms"
    yield Figure(
        f"{name}: asked of Graph by itself", requests, "requests", MOST_REQUESTS,
        f"with {questions} questions; {graph_requests(of_refresh)} more by Pulumi's refresh",
    )  # fmt: skip
    refreshed, both = exchange_calls(of_refresh), exchange_calls(of_both)
    yield Figure(
        "asked of Exchange by itself", besides_pages(both) - besides_pages(refreshed),
        "calls", MOST_CALLS, f"besides pages; {besides_pages(refreshed)} more by the refresh",
    )  # fmt: skip
    yield Figure(
        "read by itself", both[PAGES] - refreshed[PAGES], "pages of members", -(-rooms // PAGE),
        f"of {PAGE:,}, once; {refreshed[PAGES]} more by the refresh",
    )  # fmt: skip
