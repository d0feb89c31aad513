"""The workflow that applies: behind its environment, by the policy pack, and waiting is not failing."""

import json
from pathlib import Path

import pytest

from tests.docs.reader import copy_checkout
from tests.engine.conftest import rehearsal
from tests.engine.rehearsal import Rehearsal
from tests.workflows.test_review import ROOT, command, step, workflow

__all__ = ["rehearsal"]

WAITING = (
    "    error: Stopped: WAITING for Microsoft Graph (0 of 2), nothing usable exists; "
    "run pulumi up again after 14:20 UTC"
)


def test_it_is_behind_an_environment_and_shares_the_turn_with_the_rotation():
    apply, rotate = workflow("apply"), workflow("rotate")
    assert apply["permissions"] == {}
    assert set(apply["on"]) == {"push", "schedule", "workflow_dispatch"}
    assert apply["on"]["push"] == {"branches": ["main"]}
    job = apply["jobs"]["apply"]
    assert job["environment"] == "placeos-apply"
    assert job["concurrency"] == rotate["concurrency"]
    assert job["concurrency"]["cancel-in-progress"] is False
    assert job["permissions"] == {"contents": "read", "id-token": "write", "statuses": "write"}
    assert "github.ref == 'refs/heads/main'" in job["if"]
    assert "ARM_CLIENT_SECRET" not in str(apply)
    assert apply["jobs"]["look"]["permissions"] == {"contents": "read", "statuses": "read"}
    for one in apply["jobs"].values():
        assert "vars.PLACEOS_STACK != ''" in one["if"]


@pytest.mark.parametrize(
    ("said", "code", "ends", "state"),
    [
        ("Resources:\n    20 unchanged\n", 0, 0, "success"),
        (f"{WAITING}\n    error: update failed\n", 255, 0, "pending"),
        (f"{WAITING}\n{WAITING}\n    error: update failed\n", 1, 0, "pending"),
        (f"{WAITING}\n    error: Stopped: the group is gone\n", 1, 1, "failure"),
        (f"{WAITING}\n    [mandatory]  placeos-m365  no-critical-permission (x)\n", 255, 255, "failure"),
        (f"{WAITING}\n    Exception: Forbidden\n    error: update failed\n", 255, 255, "failure"),
        (f"{WAITING}\n    Error: another failure\n    error: update failed\n", 255, 255, "failure"),
        (f"{WAITING}\n    panic: boom\n", 2, 2, "failure"),
        ("error: could not acquire the lock while WAITING for it\n", 255, 255, "failure"),
        ("    warning: WAITING for nobody\n", 1, 1, "failure"),
        ("", 137, 137, "failure"),
    ],
)
def test_it_waits_only_when_nothing_else_is_wrong(
    tmp_path: Path, said: str, code: int, ends: int, state: str
) -> None:
    script = tmp_path / "checkout/.ci/apply"
    script.parent.mkdir(parents=True)
    script.write_bytes((ROOT / ".ci/apply").read_bytes())
    script.chmod(0o700)
    python = tmp_path / "checkout/.venv/bin/python"
    python.parent.mkdir(parents=True)
    (tmp_path / "said").write_text(said)
    python.write_text(f"#!/bin/sh\ncat {tmp_path}/said >&2\nexit {code}\n")
    python.chmod(0o700)
    output = tmp_path / "output"
    done = step(
        script.parents[1],
        command("apply", "apply"),
        STACK="prod",
        GITHUB_OUTPUT=str(output),
        GITHUB_ACTIONS="1",
    )
    assert done.returncode == ends, done.stdout + done.stderr
    lines = output.read_text().splitlines()
    assert lines[0] == f"state={state}"
    assert len(lines) == 2
    assert ("::warning" in done.stdout) == (state == "pending")
    if state == "pending":
        assert lines[1].startswith("says=WAITING for Microsoft Graph")
        assert lines[1].endswith("14:20 UTC")


@pytest.mark.parametrize(
    ("code", "state", "says"),
    [
        (0, "success", "Applied and verified."),
        (
            7,
            "failure",
            "Applied; PlaceOS's credentials do not do what was promised. The log says what to do.",
        ),
        (1, "failure", "Applied; it could not be verified. The log says why."),
    ],
)
def test_what_was_applied_is_verified(tmp_path: Path, code: int, state: str, says: str) -> None:
    script = tmp_path / ".ci/apply"
    script.parent.mkdir()
    script.write_bytes((ROOT / ".ci/apply").read_bytes())
    script.chmod(0o700)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    asked = "-m toolchain run -- .venv/bin/roomctl verify --wait 2h --stack prod"
    python.write_text(f'#!/bin/sh\n[ "$*" != "{asked}" ] || exit {code}\n')
    python.chmod(0o700)
    output = tmp_path / "output"
    done = step(tmp_path, ".ci/apply", STACK="prod", GITHUB_OUTPUT=str(output))
    assert done.returncode == code, done.stdout + done.stderr
    assert output.read_text().splitlines() == [f"state={state}", f"says={says}"]


@pytest.mark.engine
def test_it_is_refused_then_waits_then_is_done(rehearsal: Rehearsal, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    copy_checkout(checkout)
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    output = tmp_path / "output"
    told = {**rehearsal.environment, "STACK": "rehearsal", "GITHUB_OUTPUT": str(output)}
    line = command("apply", "apply")

    def settings(**more: object) -> None:
        rehearsal.configure(**more)
        lines = [f"  placeos-m365:{key}: {json.dumps(value)}" for key, value in rehearsal.settings.items()]
        salt = (rehearsal.folder / "Pulumi.rehearsal.yaml").read_text().partition("config:")[0]
        (checkout / "Pulumi.rehearsal.yaml").write_text(f"{salt}config:\n" + "\n".join(lines) + "\n")

    settings(enforcementWaitMinutes=0, protect=False)
    refused = step(checkout, line, **told)
    assert refused.returncode not in {0, 7}, refused.stdout
    assert "protected-from-deletion" in refused.stdout
    assert not rehearsal.resources(), "nothing was begun"

    settings(protect=True)
    waiting = step(checkout, line, **told)
    assert waiting.returncode == 0, waiting.stdout + waiting.stderr
    assert output.read_text().splitlines()[-2] == "state=pending"
    assert "clientSecret" not in rehearsal.outputs()

    settings(enforcementWaitMinutes=180)
    done = step(checkout, line, **told)
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.read_text().splitlines()[-2:] == ["state=success", "says=Applied and verified."]
    assert "answers as promised" in done.stdout
    assert rehearsal.outputs()["enforcedAccess"]
