"""What `roomctl drift` is given, and the file that it leaves."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drift.report import Report
from roomctl.__main__ import cli
from roomctl.drift import tell_scanner
from tests.drift.told import BLIND, finding, reported


def drift(*options: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(cli, ["drift", *options], env={"COLUMNS": "200"})


def test_a_file_of_accepted_findings_that_is_named_must_be_there(tmp_path: Path) -> None:
    done = drift("--accepted", str(tmp_path / "typo.yaml"))
    assert done.exit_code == 2, "64 from the command line"
    assert "does not exist" in done.output + done.stderr


def test_a_file_for_code_scanning_that_can_t_be_written_is_told_before_the_look(tmp_path: Path) -> None:
    done = drift("--sarif", str(tmp_path / "nowhere/drift.sarif"))
    assert done.exit_code == 1
    assert "nowhere/drift.sarif can't be written: No such file or directory. Make its folder" in done.stderr
    assert done.stderr.count("error: ") == 1, "nothing was looked at"


def test_without_an_answer_no_file_of_an_earlier_look_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no stack to look at
    earlier = tmp_path / "drift.sarif"
    earlier.write_text("{}")
    assert drift("--sarif", str(earlier)).exit_code == 1
    assert not earlier.exists()


@pytest.mark.parametrize("told", [reported(unseen=[BLIND]), reported(finding(), unseen=[BLIND])])
def test_code_scanning_gets_only_what_saw_all(
    tmp_path: Path, told: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drift.sarif"
    tell_scanner(file, told)
    assert not file.exists()
    assert "is not written: code scanning would close what was not looked at" in capsys.readouterr().err
    tell_scanner(file, reported(finding()))
    assert len(json.loads(file.read_text())["runs"][0]["results"]) == 1
