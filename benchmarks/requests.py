"""What a tenant's request log says about a run: how many calls, and which of them had to wait for which."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Request = Mapping[str, Any]

PAGES = "Get-DistributionGroupMember"
"""The cmdlet that reads a group's members; each of its calls is one page of up to a thousand."""
_READING = ("Get-", "Test-")
_GRAPH = ("/v1.0/", "/beta/")


def exchange_calls(requests: Iterable[Request]) -> Counter[str]:
    """Calls to Exchange by cmdlet; each page, and each repetition, is a call."""
    return Counter(request["cmdlet"] for request in requests if "cmdlet" in request)


def graph_requests(requests: Iterable[Request]) -> int:
    """Requests to Microsoft Graph; a batch is one."""
    return sum(request["path"].startswith(_GRAPH) for request in requests)


def graph_questions(requests: Iterable[Request]) -> int:
    """What they asked; a batch asks as much as it holds."""
    return sum(len(one.get("batch", " ")) for one in requests if one["path"].startswith(_GRAPH))


def before_waiting(requests: Sequence[Request]) -> Sequence[Request]:
    """The requests before the first look at a calendar, with which the wait for Microsoft Graph begins."""
    looks = (place for place, request in enumerate(requests) if request["path"].endswith("/events"))
    return requests[: next(looks, len(requests))]


def change_and_proof(requests: Iterable[Request]) -> tuple[Counter[str], Counter[str]]:
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
    return sum((_seconds(request) for request in requests if request.get("cmdlet") == cmdlet), 0.0)


def critical_path(requests: Iterable[Request]) -> float:
    """Seconds of the longest chain of calls each of which began after the one before was answered.

    Of calls that overlap only one can be in the chain, so a run that makes these calls in this order can't be
    quicker.
    """
    ends, longest = [float("-inf")], [0.0]  # until an end: the longest chain that is over by then
    for request in sorted(requests, key=lambda request: request["began"] + _seconds(request)):
        before = longest[bisect_right(ends, request["began"]) - 1]
        ends.append(request["began"] + _seconds(request))
        longest.append(max(longest[-1], before + _seconds(request)))
    return longest[-1]


def _seconds(request: Request) -> float:
    return float(request["milliseconds"]) / 1000
