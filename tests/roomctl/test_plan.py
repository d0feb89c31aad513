"""What a plan is asked for and how the pack goes with it."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from roomctl.outcome import CouldNotLook
from roomctl.plan import plan
from roomctl.policy_pack import PolicyPack, policy_pack

NO_PACK = PolicyPack((), {})


def test_the_pack_advises_only_and_its_own_levels_are_kept(tmp_path: Path):
    config = tmp_path / "config.json"
    rules = {
        "a": {"enforcementLevel": "mandatory", "x": 1},
        "b": {"enforcementLevel": "disabled"},
        "c": {"x": 2},
    }
    config.write_text(json.dumps(rules))
    (tmp_path / "policies/rules").mkdir(parents=True)
    for rule in rules:
        (tmp_path / "policies/rules" / f"{rule}.py").touch()
    with policy_pack(config, tmp_path) as pack:
        folder, given = pack.options[1], json.loads(Path(pack.options[3]).read_text())
    assert folder == str(tmp_path / "policies")
    assert given == {
        "all": {"enforcementLevel": "advisory"},
        "a": {"enforcementLevel": "advisory", "x": 1},
        "b": {"enforcementLevel": "disabled"},
        "c": {"enforcementLevel": "advisory", "x": 2},
    }
    assert {rule: pack.refuses(rule) for rule in ("a", "b", "c", "not configured")} == {
        "a": True,
        "b": False,
        "c": True,
        "not configured": True,
    }
    assert not Path(pack.options[3]).exists()


def test_an_emulated_day_goes_to_the_rule_that_counts(tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    with policy_pack(Path("config.json"), tmp_path, date(2026, 11, 21)) as pack:
        given = json.loads(Path(pack.options[3]).read_text())
    assert given["secret-lifetime-limited"] == {"enforcementLevel": "advisory", "today": "2026-11-21"}


def test_a_pulumi_that_is_not_on_the_path(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", ["roomctl", "review", "--stack", "prod"])
    with pytest.raises(CouldNotLook):
        plan(None, NO_PACK)
    assert "pulumi is not on PATH. Run: python -m toolchain run -- roomctl review" in capsys.readouterr().err


def test_a_pulumi_that_can_not_be_run(monkeypatch, capsys, tmp_path: Path):
    (tmp_path / "pulumi").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotLook):
        plan(None, NO_PACK)
    assert "pulumi can't be run: Permission denied." in capsys.readouterr().err


def test_the_engine_runs_in_the_project_with_the_variables_given(tmp_path: Path):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(
        '#!/bin/sh\necho "$PULUMI_DEBUG_COMMANDS $GIVEN $*" > "$(dirname "$0")/told"\n'
        '/bin/pwd >> "$(dirname "$0")/told"\necho \'{"summaryEvent": {}}\' > "$4"\n'
    )
    pulumi.chmod(pulumi.stat().st_mode | stat.S_IXUSR)
    project = tmp_path / "project"
    project.mkdir()
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "GIVEN": "variable"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment["PATH"])
        made = plan(None, NO_PACK, options=["--diff"], environment=environment, project=project)
    assert made.settings == {}
    said, where = (tmp_path / "told").read_text().splitlines()
    assert said.startswith("true variable preview --non-interactive --event-log ")
    assert said.endswith(" --diff")
    assert where == str(project)
