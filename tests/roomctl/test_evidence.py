"""Where evidence is written: known before anybody is asked, and never over what is there."""

import json
from pathlib import Path

import pytest

from roomctl.evidence import _write
from roomctl.outcome import CouldNotLook
from tests.roomctl.conftest import Scene


def asked(scene: Scene) -> list[str]:
    """What Microsoft Graph and Exchange were asked for."""
    return [one["path"] for one in scene.emulated.tenant.store.logged() if "client" in one]


def test_a_folder_that_is_not_there_is_told_before_anybody_is_asked(scene: Scene, tmp_path: Path) -> None:
    told = scene.roomctl("evidence", "--folder", str(tmp_path / "nowhere"))
    assert told.returncode == 1
    assert f"there is no folder {tmp_path / 'nowhere'}" in told.stderr
    assert asked(scene) == []


@pytest.mark.parametrize("kind", ["json", "html"])
def test_evidence_of_this_day_stays_what_it_was(scene: Scene, tmp_path: Path, kind: str) -> None:
    now = scene.emulated.deployer.clock.now()
    there = tmp_path / f"evidence-dev-{now:%Y-%m-%d}.{kind}"
    there.write_text("signed")
    told = scene.roomctl("evidence", "--folder", str(tmp_path))
    assert told.returncode == 1
    assert "evidence is never written over" in told.stderr
    assert there.read_text() == "signed"
    assert not list(tmp_path.glob("evidence-*"))[1:]


def test_a_stack_without_a_scope_has_no_evidence_and_leaves_no_file(scene: Scene, tmp_path: Path) -> None:
    scene.is_told()
    scene.tells("config.json", json.dumps({}))
    told = scene.again("evidence", "--folder", str(tmp_path))
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert not list(tmp_path.glob("evidence-*"))


def test_both_files_are_written_or_neither(tmp_path: Path) -> None:
    first, second = tmp_path / "one.json", tmp_path / "no folder" / "two.html"
    with pytest.raises(CouldNotLook) as told:
        _write({first: "{}", second: "<p>"})
    assert not first.exists()
    assert "Nothing is left of it" in told.value.reason
