"""The workflows: what they run exists in the locked versions, and `make lint` notices a bad one."""

import importlib.metadata
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.known_commands import check
from toolchain.versions import ENGINE

ROOT = Path(__file__).parents[2]
CI = ROOT / ".github/workflows/ci.yml"
LINT = [line.strip() for line in (ROOT / "Makefile").read_text().splitlines() if "zizmor" in line]


def steps(path: Path = CI) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(path.read_text())["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def commands() -> list[str]:
    found = [
        line
        for path in CI.parent.glob("*.yml")
        for step in steps(path)
        for line in step.get("run", "").splitlines()
    ]
    assert found
    return sorted(set(found))


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `make lint` says of the workflows of a folder."""
    [line] = LINT
    *words, checked = shlex.split(line.removeprefix("@"))
    assert checked == ".github"
    return subprocess.run([*words, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.engine
@pytest.mark.parametrize("command", commands())
def test_every_command_exists_with_its_options(command):
    check(command)


@pytest.mark.engine
@pytest.mark.parametrize(
    "command",
    [
        "make sok",
        ".ci/run --fast",
        ".venv/bin/pytest tests/engin",
        ".venv/bin/pytest tests/engine --azuread-plugin official",
        ".venv/bin/python -m tests.engine.plugin_comparision",
        "pulumi plugin instal resource azuread 6.11.1",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(command):
    with pytest.raises((AssertionError, ModuleNotFoundError)):
        check(command)


def test_the_official_engine_and_plugin_are_the_locked_ones():
    [engine] = [
        step["with"]["pulumi-version"] for step in steps() if "pulumi-version" in step.get("with", {})
    ]
    [plugin] = [command for command in commands() if command.startswith("pulumi plugin install")]
    assert engine == ENGINE
    assert plugin.split()[-2:] == ["azuread", importlib.metadata.version("pulumi-azuread")]


def test_every_job_may_read_the_sources_and_nothing_else():
    workflow = yaml.safe_load(CI.read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"]
    assert "secrets." not in CI.read_text()


def test_the_workflows_pass():
    done = lint(ROOT / ".github")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
        ("persist-credentials: false", "persist-credentials: true", "artipacked"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("run: .ci/run", "run: echo ${{ github.head_ref }}", "template-injection"),
        ("runs-on", "run-on", '"runs-on" is a required property'),
    ],
)
def test_a_bad_workflow_is_noticed(tmp_path, good, bad, said):
    workflows = tmp_path / ".github/workflows"
    workflows.mkdir(parents=True)
    text = CI.read_text()
    assert good in text
    (workflows / "ci.yml").write_text(text.replace(good, bad, 1))
    done = lint(tmp_path / ".github")
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_who_must_agree_is_said_of_files_that_exist():
    owned = [
        line.split()[0]
        for line in (ROOT / ".github/CODEOWNERS").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert owned[0] == "*"
    for path in owned[1:]:
        found = ROOT / path.strip("/")
        assert found.is_dir() if path.endswith("/") else list(ROOT.glob(path.strip("/"))), path
    assert {
        "/permissions/", "/components/admin_consent.py", "/exchange/consent_by_person.py", "/policies/",
        "/review/", "/.github/workflows/",
    } <= set(owned)  # fmt: skip
