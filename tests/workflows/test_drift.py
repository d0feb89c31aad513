"""The workflow that looks for drift: its step on a runner's checkout, and who may do what."""

from pathlib import Path

import pytest

from tests.workflows.test_review import ROOT, command, step, workflow
from toolchain.versions import ENGINE

DRIFT = workflow("drift")
LOOK, ISSUES = DRIFT["jobs"]["look"], DRIFT["jobs"]["issues"]
LINE = command("drift", "look")
REPORT = "## PlaceOS drift: prod\n\n**Drift**: 1 finding, the gravest high.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the step needs of one; the package of that name has to survive it."""
    folder = tmp_path / "checkout"
    (folder / ".ci").mkdir(parents=True)
    (folder / "drift").mkdir()
    (folder / "drift/rules.py").touch()
    script = folder / ".ci/drift"
    script.write_bytes((ROOT / ".ci/drift").read_bytes())
    script.chmod(0o700)
    return folder


def roomctl(folder: Path, code: int, report: str = REPORT) -> None:
    """A Python that answers for `roomctl drift`, and notes how it was called."""
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True, exist_ok=True)
    (folder / "said").write_text(report)
    python.write_text(f'#!/bin/sh\necho "$*" > called\ncat said\necho "no route" >&2\nexit {code}\n')
    python.chmod(0o700)


@pytest.mark.parametrize(
    ("code", "report", "left", "ends"),
    [
        (0, REPORT, "0", 0),
        (7, REPORT, "7", 0),
        (1, REPORT, "1", 1),
        (1, "", "1", 1),
        (64, "", "1", 1),
        (137, REPORT, "1", 1),
        (0, "", "1", 1),
        (7, "", "1", 1),
    ],
)
def test_the_step_is_red_only_when_it_could_not_look(
    checkout: Path, code: int, report: str, left: str, ends: int
) -> None:
    roomctl(checkout, code, report)
    summary, output = checkout / "summary.md", checkout / "output"
    done = step(
        checkout,
        LINE,
        STACK="contoso/rooms/prod",
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(output),
    )
    assert done.returncode == ends
    assert (checkout / "drift-report/code").read_text() == f"{left}\n"
    assert (checkout / "drift-report/report.md").read_text() == report == summary.read_text()
    assert output.read_text() == "name=prod\n"
    assert "no route" in done.stderr, "why it could not look is in the log"
    assert ("Could not look at prod" in done.stderr) == bool(ends)
    called = (checkout / "called").read_text()
    assert called.startswith("-m toolchain run -- .venv/bin/roomctl drift --stack=contoso/rooms/prod ")
    assert "--sarif drift-report/prod.sarif" in called
    assert (checkout / "drift/rules.py").exists()


def test_what_an_earlier_look_left_does_not_stand_for_this_one(checkout: Path) -> None:
    roomctl(checkout, 0)
    assert step(checkout, LINE, STACK="prod").returncode == 0
    (checkout / ".venv/bin/python").unlink()
    assert step(checkout, LINE, STACK="prod").returncode == 1
    assert (checkout / "drift-report/code").read_text() == "1\n"
    assert step(checkout, LINE).returncode != 0, "without a stack there is no look"


def test_who_looks_may_not_write_and_who_writes_installs_nothing():
    assert DRIFT["permissions"] == {}
    assert LOOK["permissions"] == {"contents": "read", "id-token": "write"}
    assert ISSUES["permissions"] == {"contents": "read", "actions": "read", "issues": "write"}
    assert "environment" not in ISSUES
    [checkout_step, tell] = ISSUES["steps"]
    assert checkout_step["uses"].startswith("actions/checkout@")
    assert checkout_step["with"] == {"persist-credentials": False}
    assert tell["run"] == "python3 -m on_github drift"
    assert "ARM_CLIENT_SECRET" not in str(DRIFT)
    [engine] = [one["with"]["pulumi-version"] for one in LOOK["steps"] if "pulumi/" in one.get("uses", "")]
    assert engine == ENGINE


def test_it_runs_every_day_on_main_one_at_a_time_and_a_fork_stays_quiet():
    assert set(DRIFT["on"]) == {"schedule", "workflow_dispatch"}
    [every] = DRIFT["on"]["schedule"]
    assert every["cron"].split()[2:] == ["*", "*", "*"]
    assert DRIFT["concurrency"] == {"group": "${{ github.workflow }}", "cancel-in-progress": False}
    for job in (LOOK, ISSUES):
        assert "(vars.PLACEOS_STACK != '' || vars.PLACEOS_STACKS != '')" in job["if"]
        assert "github.ref == 'refs/heads/main'" in job["if"]
        assert job["timeout-minutes"]
    assert ISSUES["needs"] == "look"
    assert "!cancelled()" in ISSUES["if"], "a look that failed is told, too"


def test_one_stack_and_many_are_looked_at_alike():
    strategy = LOOK["strategy"]
    stacks = """vars.PLACEOS_STACKS || format('["{0}"]', vars.PLACEOS_STACK)"""
    assert strategy["matrix"] == {"stack": f"${{{{ fromJSON({stacks}) }}}}"}
    assert strategy["fail-fast"] is False
    assert strategy["max-parallel"] <= 20
    assert LOOK["environment"] == "placeos-read${{ vars.PLACEOS_STACKS && format('-{0}', matrix.stack) }}"
    assert LOOK["env"]["STACK"] == "${{ matrix.stack }}"
    assert ISSUES["steps"][-1]["env"]["STACKS"] == f"${{{{ {stacks} }}}}"


def test_a_look_that_failed_leaves_what_it_has():
    [upload] = [one for one in LOOK["steps"] if "upload-artifact" in one.get("uses", "")]
    assert "!cancelled()" in upload["if"]
    assert upload["with"]["path"] == "drift-report/"
