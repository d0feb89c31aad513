"""What a tenant's request log says about a run: how many calls, and which of them had to wait for which."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Request = Mapping[str, Any]

PAGES = "Get-DistributionGroupMember"
"""The cmdlet that reads a group's members; each of its calls is one page of up to a thousand."""
_READING = ("Get-", "Test-")


def exchange_calls(requests: Iterable[Request]) -> Counter[str]:
    """Calls to Exchange by cmdlet; each page, and each repetition, is a call."""
    return Counter(request["cmdlet"] for request in requests if "cmdlet" in request)


def before_waiting(requests: Sequence[Request]) -> Sequence[Request]:
    """The requests before the first look at a calendar, with which the wait for Microsoft Graph begins."""
    looks = (place for place, request in enumerate(requests) if request["path"].endswith("/events"))
    return requests[: next(looks, len(requests))]


def change_and_proof(requests: Sequence[Request]) -> tuple[Counter[str], Counter[str]]:
    """Exchange calls up to the last one that writes, and those after it, which prove what was written."""
    calls = [request for request in requests if "cmdlet" in request]
    writing = [place for place, call in enumerate(calls) if not call["cmdlet"].startswith(_READING)]
    end = writing[-1] + 1 if writing else 0
    return exchange_calls(calls[:end]), exchange_calls(calls[end:])


def besides_pages(calls: Counter[str]) -> int:
    """How many calls there were, without those that read members page by page."""
    return calls.total() - calls[PAGES]


def seconds_in(requests: Iterable[Request], cmdlet: str) -> float:
    """How long the calls of a cmdlet took, one after the other."""
    return sum(request["milliseconds"] for request in requests if request.get("cmdlet") == cmdlet) / 1000


def critical_path(requests: Iterable[Request]) -> float:
    """Seconds of the longest chain of calls each of which began after the one before was answered.

    No run that makes its calls in this order can be quicker. Calls that overlap count once, the longest.
    """
    spans = sorted((request["began"] + request["milliseconds"] / 1000, request) for request in _timed(requests))
    ends, longest = [0.0], [0.0]
    for end, request in spans:
        before = longest[bisect_right(ends, request["began"]) - 1]
        ends.append(end)
        longest.append(max(longest[-1], before + request["milliseconds"] / 1000))
    return longest[-1]


def _timed(requests: Iterable[Request]) -> Iterable[Request]:
    return (request for request in requests if "began" in request)
