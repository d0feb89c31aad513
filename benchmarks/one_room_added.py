"""One room added to many: Exchange calls, besides reading the members page by page."""

from collections.abc import Sequence

from benchmarks.figures import Figure
from benchmarks.requests import PAGES, Request, besides_pages, change_and_proof

MOST_CALLS = 3


def figures(requests: Sequence[Request], rooms: int) -> list[Figure]:
    """From the requests of the `pulumi up` that adds the room to `rooms`.

    The change is every call up to the last one that writes. The proof, which reads the members again and asks
    whom the application can open, is what comes after it.
    """
    change, proof = change_and_proof(requests)
    return [
        Figure(
            f"one room added to {rooms:,}: the change",
            besides_pages(change),
            "Exchange calls",
            MOST_CALLS,
            f"besides {change[PAGES]} pages of members",
        ),
        Figure(
            "the proof of it",
            besides_pages(proof),
            "Exchange calls",
            how=f"besides {proof[PAGES]} pages of members",
        ),
    ]
