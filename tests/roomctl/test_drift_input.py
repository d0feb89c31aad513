"""What `roomctl drift` is given: refused before anything is asked."""

from pathlib import Path

from typer.testing import CliRunner

from roomctl.__main__ import cli


def test_a_file_of_accepted_findings_that_is_named_must_be_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli, ["drift", "--accepted", str(tmp_path / "typo.yaml")], env={"COLUMNS": "200"}
    )
    assert done.exit_code == 2, "64 from the command line"
    assert "does not exist" in done.output + done.stderr
