"""`roomctl preflight` with the real engine: before the first run, after it, and after the end."""

import json
import subprocess
import sys

import pytest

from tests.engine.rehearsal import Rehearsal

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


def preflight(rehearsal: Rehearsal) -> dict[str, str]:
    """What each row answers; the command must end with 0."""
    done = subprocess.run(
        [sys.executable, "-m", "roomctl", "preflight", "--json", "--stack", "rehearsal"],
        cwd=rehearsal.folder, env=rehearsal.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return {row["about"]: row["answer"] for row in json.loads(done.stdout)["rows"]}


def test_a_stack_is_in_nobody_s_way_whether_it_was_ever_brought_up_or_not(rehearsal: Rehearsal) -> None:
    rehearsal.configure(applicationOwners=["ada.ashby@contoso.example"])
    assert rehearsal.pulumi("config").code == 0, "which writes the settings"
    first = preflight(rehearsal)
    assert set(first.values()) == {"fine"}
    assert {"rooms", "groups", "application", "applicationOwners", "deleted namesakes"} <= set(first)
    up = rehearsal.up()
    assert up.code == 0, up.output
    assert preflight(rehearsal) == first
    destroyed = rehearsal.destroy()
    assert destroyed.code == 0, destroyed.output
    assert preflight(rehearsal) == first
