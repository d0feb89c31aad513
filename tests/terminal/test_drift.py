"""What `roomctl drift` looks like on a terminal."""

import sys

import pytest

from tests.terminal.snapshots import looks_as_recorded


@pytest.mark.parametrize("state", ["clean", "drifted", "blind", "accepted"])
def test_a_report_of_drift(state: str) -> None:
    command = [sys.executable, "-m", "tests.terminal.shown_drift", state]
    shown = looks_as_recorded(f"roomctl-drift-{state}", command)
    assert {one.code for one in shown} == {0}
