"""A run that waits is taken up again; one that ended, well or not, is not."""

from pathlib import Path

import pytest

from on_github.__main__ import main
from tests.on_github.fake_github import SHA, FakeGitHub


@pytest.fixture
def run(variables: dict[str, str], tmp_path: Path):
    def task(name: str, **more: str) -> str:
        output = tmp_path / "output"
        output.write_text("before=1\n")
        assert main([name], {**variables, "GITHUB_SHA": SHA, "GITHUB_OUTPUT": str(output), **more}) == 0
        return output.read_text()

    return task


def test_it_waits_while_the_last_run_said_so(github: FakeGitHub, run) -> None:
    assert run("waits") == "before=1\nwaits=false\n"
    run("applied", STATE="pending", SAYS="WAITING for Microsoft Graph")
    github.statuses.append({"context": "CI", "state": "success"})
    assert run("waits") == "before=1\nwaits=true\n"
    run("applied", STATE="success", SAYS="Applied.")
    assert run("waits") == "before=1\nwaits=false\n"


def test_a_run_that_broke_off_has_failed_and_a_long_line_is_cut(github: FakeGitHub, run) -> None:
    run("applied", STATE="", SAYS="")
    assert github.status == ("failure", "The run did not come to its end.")
    run("applied", STATE="pending", SAYS="WAITING for " + "x" * 300)
    assert len(github.status[1]) == 140


def test_another_task_is_wrong_usage(variables: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply"], variables) == 64
    assert "comment|findings|applied|waits|drift" in capsys.readouterr().err
