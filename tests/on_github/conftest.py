"""The workflow's own commands, run against a GitHub on this machine."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pytest_httpserver import HTTPServer

from on_github.__main__ import main
from tests.fake_service import authority, server, service, trusted
from tests.on_github.fake_github import REPOSITORY, SHA, TOKEN, FakeGitHub

__all__ = ["authority", "server", "service", "trusted"]
ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/review-comment.yml"

Step = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def github(service: HTTPServer) -> FakeGitHub:
    return FakeGitHub(service)


@pytest.fixture
def variables(github: FakeGitHub, trusted: Path) -> dict[str, str]:
    """What the runner and the workflow set."""
    told = {
        "GITHUB_TOKEN": TOKEN, "BASE_BRANCH": "main", "HEAD_OWNER": "ada", "HEAD_BRANCH": "wing",
        "HEAD_SHA": SHA,
    }  # fmt: skip
    assert told.keys() == yaml.safe_load(WORKFLOW.read_text())["env"].keys()
    own = {"GITHUB_API_URL": github.service.url_for("/api/v3"), "GITHUB_REPOSITORY": REPOSITORY}
    return {**os.environ, **own, **told}


@pytest.fixture
def step(variables: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Step:
    """Run what a job of the workflow runs, in this process: a new one takes a second."""

    def run(job: str = "comment", **more: str) -> subprocess.CompletedProcess[str]:
        words = shlex.split(_command(job))
        assert words[:3] == ["python3", "-m", "on_github"]
        code = main(words[3:], {**variables, **more})
        return subprocess.CompletedProcess(words, code, *capsys.readouterr())

    return run


@pytest.fixture
def typed(variables: dict[str, str]) -> Step:
    """Run it as the runner does."""

    def run(job: str = "comment", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", _command(job)],
            cwd=ROOT,
            env={**variables, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _command(job: str) -> str:
    [command] = [
        one["run"] for one in yaml.safe_load(WORKFLOW.read_text())["jobs"][job]["steps"] if "run" in one
    ]
    return str(command)
