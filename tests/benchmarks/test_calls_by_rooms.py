"""Small stacks on the real engine: what a room more costs in calls. Time is never looked at."""

import subprocess
import sys

import pytest

from benchmarks import drift_calls, one_room_added, up_from_nothing
from benchmarks.drift_check import READERS
from benchmarks.requests import PAGES, before_waiting, exchange_calls
from benchmarks.stacks import DRIFT, UP, looked, measured, stack_of
from benchmarks.tenants import write_inventory
from tests.engine.rehearsal import ROOT


@pytest.mark.engine
def test_calls_do_not_depend_on_the_number_of_rooms():
    with stack_of(10) as (_, few):
        pass
    with stack_of(60, in_tenant_of=61) as (rehearsal, many):
        drift, look = measured(rehearsal, *DRIFT), looked(rehearsal)
        write_inventory(rehearsal.folder, 61)
        one_more = measured(rehearsal, *UP)

    calls = exchange_calls(before_waiting(many.requests))
    assert calls == exchange_calls(before_waiting(few.requests))
    assert calls == {
        "New-DistributionGroup": 1,
        "Set-DistributionGroup": 1,
        "Get-DistributionGroup": 1,
        "Get-Recipient": 3,  # whom the settings name, the rooms, and the group's owner
        PAGES: 1,
        "Update-DistributionGroupMember": 1,
        "New-ApplicationAccessPolicy": 1,
        "Get-ApplicationAccessPolicy": 2,
        "Get-Mailbox": 1,
        "Test-ApplicationAccessPolicy": 4,
    }
    assert not any(one.is_over for one in up_from_nothing.figures(few.requests, many.requests, 60))

    assert exchange_calls(drift.requests)[PAGES] == READERS
    by_itself, in_all = [(2, 2), (7, 7), (1, 1)], [(30, 30), (17, 17), (3, 3)]
    assert [(one.measured, one.bound) for one in drift_calls.figures(look, 60)] == by_itself + in_all
    change, proof = one_room_added.figures(one_more.requests, 60)
    assert change.measured == 3, "whether the room exists, who it is, and one more member"
    assert not change.is_over
    # whose policies, whether those who must be refused are ordinary people still, and four mailboxes
    assert proof.measured == 6


def test_a_preview_imports_nothing_that_only_asking_the_tenant_needs():
    """Azure's libraries cost the program and each provider process a quarter of a second."""
    heavy = ("azure", "msal", "requests", "urllib3", "cryptography")
    script = f"import sys, program; print(*[name for name in {heavy} if name in sys.modules])"
    imported = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True)
    assert imported.split() == []
