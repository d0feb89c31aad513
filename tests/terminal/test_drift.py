"""What `roomctl drift` looks like on a terminal."""

import sys

import pytest

from roomctl.drift_on_terminal import show
from tests.drift.told import everything
from tests.terminal.snapshots import looks_as_recorded


@pytest.mark.parametrize("state", ["clean", "drifted", "blind", "accepted"])
def test_a_report_of_drift(state: str) -> None:
    command = [sys.executable, "-m", "tests.terminal.shown_drift", state]
    shown = looks_as_recorded(f"roomctl-drift-{state}", command)
    assert {one.code for one in shown} == {0}


def test_what_was_not_looked_at_stands_above_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    show(everything())
    verdict, said = capsys.readouterr().out.split("Not looked at", 1)
    assert "owner-not-in-code" not in verdict
    assert "owner-not-in-code" in said
