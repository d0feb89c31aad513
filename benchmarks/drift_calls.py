"""`roomctl drift` as the role read: what it asks beside Pulumi's own refresh, and with it, for any rooms."""

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
MOST_CALLS = 7
"""To Exchange: policies, roles of applications, known applications, the group with its owners, who may
send for it, and the notes of all groups."""
MOST_REQUESTS_IN_ALL = 30
"""To Graph: azuread asks about each resource by itself, and each directory role in use is one more."""
MOST_CALLS_IN_ALL = 17
"""To Exchange: the refresh reads policies and group, and asks for two who may and two who may not."""
READERS = 3
"""Who reads the members: the members' resource, the proof, and the reach."""


def _calls(requests: Sequence[Request]) -> int:
    return besides_pages(exchange_calls(requests))


def _pages(requests: Sequence[Request]) -> int:
    return exchange_calls(requests)[PAGES]


def figures(look: Look, rooms: int) -> Iterator[Figure]:
    """From a look at a tenant that is as the code says; its own calls are all but those of the refresh."""

    def own(count: Callable[[Sequence[Request]], int]) -> int:
        return count(look.drift.requests) - count(look.refresh.requests)

    pages = -(-rooms // PAGE)
    yield Figure(
        f"roomctl drift, {rooms:,} rooms: asked of Graph by itself", own(graph_requests), "requests",
        MOST_REQUESTS, f"with {own(graph_questions)} questions",
    )  # fmt: skip
    yield Figure("asked of Exchange by itself", own(_calls), "calls", MOST_CALLS, "besides pages")
    yield Figure("read by itself", own(_pages), "pages of members", pages, f"of {PAGE:,}, once")
    everything = look.drift.requests
    yield Figure(
        "asked of Graph in all", graph_requests(everything), "requests", MOST_REQUESTS_IN_ALL,
        "with Pulumi's refresh",
    )  # fmt: skip
    yield Figure("asked of Exchange in all", _calls(everything), "calls", MOST_CALLS_IN_ALL, "besides pages")
    yield Figure("read in all", _pages(everything), "pages of members", READERS * pages, f"of {PAGE:,}")
