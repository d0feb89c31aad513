from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.requests import (
    PAGES,
    before_waiting,
    besides_pages,
    change_and_proof,
    critical_path,
    exchange_calls,
    seconds_in,
)


def call(cmdlet: str, milliseconds: float = 1.0) -> dict:
    return {"path": "/adminapi/beta/t/InvokeCommand", "cmdlet": cmdlet, "milliseconds": milliseconds}


def span(began: float, seconds: float) -> dict:
    return {"path": "/v1.0/users", "began": began, "milliseconds": seconds * 1000}


LOOK = {"path": "/v1.0/users/a@contoso.example/events", "milliseconds": 1.0}
TOKEN = {"path": "/t/oauth2/v2.0/token", "milliseconds": 1.0}


def test_calls_are_counted_by_cmdlet_and_nothing_else_is_a_call_to_exchange():
    counted = exchange_calls([TOKEN, call(PAGES), call(PAGES), call("Get-Recipient"), LOOK])
    assert counted == {PAGES: 2, "Get-Recipient": 1}
    assert besides_pages(counted) == 1


def test_waiting_begins_with_the_first_look_at_a_calendar():
    requests = [TOKEN, call("Get-Mailbox"), LOOK, call("Get-Mailbox"), LOOK]
    assert before_waiting(requests) == requests[:2]
    assert before_waiting(requests[:2]) == requests[:2]


def test_the_proof_begins_after_the_last_write():
    change, proof = change_and_proof(
        map(call, [PAGES, "Add-DistributionGroupMember", PAGES, "Test-ApplicationAccessPolicy"])
    )
    assert change == {PAGES: 1, "Add-DistributionGroupMember": 1}
    assert proof == {PAGES: 1, "Test-ApplicationAccessPolicy": 1}


def test_without_a_write_everything_is_proof():
    assert change_and_proof([call(PAGES)]) == ({}, {PAGES: 1})


def test_the_time_in_a_cmdlet_is_that_of_its_calls():
    assert seconds_in([call(PAGES, 250), call("Get-Mailbox", 99), call(PAGES, 250), TOKEN], PAGES) == 0.5


@pytest.mark.parametrize(
    ("spans", "longest"),
    [
        ([], 0),
        ([(0, 1), (1, 1), (2, 1)], 3),  # one after the other
        ([(0, 1), (0, 1), (0, 1)], 1),  # at once
        ([(0, 1), (0, 3), (1, 1), (3, 1)], 4),  # the longer way round
    ],
)
def test_the_critical_path_is_the_longest_chain_of_calls(spans, longest):
    assert critical_path([span(*one) for one in spans]) == longest


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), max_size=7))
def test_no_chain_is_longer_than_the_critical_path(spans):
    def is_chain(chosen: tuple[tuple[int, int], ...]) -> bool:
        return all(a[0] + a[1] <= b[0] for a, b in pairwise(sorted(chosen)))

    chains = [
        chosen for size in range(len(spans) + 1) for chosen in combinations(spans, size) if is_chain(chosen)
    ]
    expected = max(sum(seconds for _, seconds in chain) for chain in chains)
    assert critical_path([span(*one) for one in spans]) == expected
