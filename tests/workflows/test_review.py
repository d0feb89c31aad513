"""The workflows that review: the step's own command on a runner's checkout, and who may do what."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.reader import copy_checkout
from toolchain.versions import ENGINE

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github/workflows"
TESTED = ("OWNER", "PULUMI_", "ARM_", "EXCHANGE_", "GIT_", "GITHUB_", "STACK", "TF_BUILD")


def workflow(name: str) -> dict[str, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text())
    return loaded | {"on": loaded[True]}  # YAML's "on"


def command(name: str, job: str) -> str:
    [found] = [one["run"] for one in workflow(name)["jobs"][job]["steps"] if ".ci/" in one.get("run", "")]
    return str(found)


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=Ada", "-c", "user.email=ada@contoso.example", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", *own, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The merge of a branch into main, as actions/checkout leaves it: detached, with its parents."""
    folder = tmp_path / "checkout"
    copy_checkout(folder)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "main")
    git(folder, "checkout", "--quiet", "-b", "change")
    (folder / ".venv").symlink_to(ROOT / ".venv")  # what is tracked is checked out as the base, too
    return folder


def merge(folder: Path) -> None:
    git(folder, "commit", "--quiet", "--all", "--message", "change")
    git(folder, "checkout", "--quiet", "--detach", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--message", "merged", "change")


def step(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does, without what a run of the tests adds to the environment."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(TESTED)}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env={**own, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.engine
def test_the_review_of_a_fork_tells_what_the_merge_changes(checkout: Path, tmp_path: Path) -> None:
    settings = checkout / "Pulumi.dev.yaml"
    settings.write_text(
        settings.read_text() + "  placeos-m365:permissions: [Calendars.ReadWrite, Mail.Send]\n"
    )
    merge(checkout)
    done = step(checkout, command("review", "review"), GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert done.returncode == 0, done.stdout + done.stderr
    left = checkout / "access"
    assert (left / "code").read_text() == "7\n"
    report = (left / "report.md").read_text()
    assert "Mail.Send" in report
    assert "**+ new**" in report
    assert (tmp_path / "summary.md").read_text() == report
    sarif = json.loads((left / "dev.sarif").read_text())
    assert sarif["runs"][0]["tool"]["driver"]["name"] == "roomctl review"


def fake_toolchain(folder: Path, answers: dict[str, int]) -> None:
    """A Python that answers for `roomctl review`, by the stack, and notes how it was called."""
    python = folder / ".venv/bin/python"
    (folder / ".venv").unlink(missing_ok=True)
    python.parent.mkdir(parents=True)
    cases = "".join(f"*--stack={name}\\ *) exit {code} ;; " for name, code in answers.items())
    python.write_text(f'#!/bin/sh\necho "$*"\ncase "$*" in {cases} esac\nexit 64\n')
    python.chmod(0o700)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"prod": 0}, 0),
        ({"prod": 0, "test": 7}, 7),
        ({"prod": 7, "test": 0}, 7),
        ({"prod": 1, "test": 7}, 1),
        ({"prod": 7, "test": 64}, 1),
    ],
)
def test_every_stack_of_ones_own_is_reviewed_and_the_worst_answer_counts(
    checkout: Path, answers: dict[str, int], code: int
) -> None:
    fake_toolchain(checkout, answers)
    for stack in answers:
        (checkout / f"Pulumi.{stack}.yaml").touch()
    done = step(checkout, command("review", "review"))
    assert done.returncode == (1 if code == 1 else 0)
    assert (checkout / "access/code").read_text() == f"{code}\n"
    report = (checkout / "access/report.md").read_text().splitlines()
    assert [f"--stack={one} " in line for one, line in zip(sorted(answers), report, strict=True)]
    for line in report:
        assert "--base HEAD^1" in line
        assert "--policy-config policies/config/production.json" in line


def test_the_emulated_tenant_s_stack_is_reviewed_when_there_is_no_other_and_one_may_be_named(
    checkout: Path,
) -> None:
    fake_toolchain(checkout, {"dev": 0, "prod": 0})
    assert step(checkout, command("review", "review")).returncode == 0
    [line] = (checkout / "access/report.md").read_text().splitlines()
    assert "--stack=dev " in line
    assert "--policy-config policies/config/default.json" in line
    (checkout / "Pulumi.test.yaml").touch()
    assert step(checkout, command("preview", "preview"), STACK="prod").returncode == 0
    [line] = (checkout / "access/report.md").read_text().splitlines()
    assert "--stack=prod " in line
    assert "--base" not in line


def test_a_review_has_no_secret_and_may_only_read():
    review = workflow("review")
    assert review["permissions"] == {}
    assert review["jobs"]["review"]["permissions"] == {"contents": "read"}
    text = (WORKFLOWS / "review.yml").read_text()
    assert "secrets." not in text
    assert "vars." not in text, "GitHub gives no variables to a fork's run"
    assert set(review["on"]) == {"pull_request"}


def test_a_preview_is_for_branches_of_this_repository_behind_an_environment():
    [job] = workflow("preview")["jobs"].values()
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    assert "vars.PLACEOS_STACK != ''" in job["if"]
    assert job["environment"] == "placeos-preview"
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert "ARM_CLIENT_SECRET" not in str(job)


def test_who_writes_to_a_pull_request_runs_nothing_of_it():
    told = workflow("review-comment")
    names = {workflow(name)["name"] for name in ("review", "preview")}
    assert set(told["on"]["workflow_run"]["workflows"]) == names
    for job in told["jobs"].values():
        [checkout] = [one for one in job["steps"] if "uses" in one]
        assert checkout["with"] == {
            "ref": "${{ github.event.repository.default_branch }}",
            "persist-credentials": False,
        }
        [line] = [one["run"] for one in job["steps"] if "run" in one]
        assert line.startswith("python3 -m on_github ")
        assert "id-token" not in job["permissions"]
    assert told["jobs"]["comment"]["permissions"] == {
        "contents": "read", "actions": "read", "pull-requests": "write", "statuses": "write"
    }  # fmt: skip
    assert told["jobs"]["findings"]["permissions"] == {
        "contents": "read", "actions": "read", "pull-requests": "read", "security-events": "write"
    }  # fmt: skip


@pytest.mark.parametrize("name", ["apply", "drift", "preview", "review", "review-comment", "rotate"])
def test_no_line_of_a_shell_holds_what_an_event_says(name: str) -> None:
    for job in workflow(name)["jobs"].values():
        for one in job["steps"]:
            assert "${{" not in one.get("run", "")
            if "pulumi-version" in one.get("with", {}):
                assert one["with"]["pulumi-version"] == ENGINE
