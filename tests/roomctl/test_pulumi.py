"""What an operator reads when their own Pulumi can't say."""

from pathlib import Path

import pytest

from tests.emulated import emulated
from tests.roomctl.conftest import Scene

__all__ = ["emulated"]
_LOAD = "error: failed to load checkpoint: EOF"
_IN_GENERAL = "delete a STACK.json.attrs that is empty; over a STACK.json that is broken, copy STACK.json.bak"


def fails(scene: Scene, said: str) -> None:
    """Pulumi ends with 255 and these words, whatever it is asked."""
    (scene.folder / "pulumi").write_text(f'#!/bin/sh\necho "{said}" >&2\nexit 255\n')


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the project in a file backend whose path takes quotes, with a stack that is whole."""
    folder = tmp_path / "a backend/.pulumi/stacks/placeos-m365"
    folder.mkdir(parents=True)
    for name in ("dev.json", "dev.json.bak", "dev.json.attrs"):
        (folder / name).write_text("{}")
    return folder


def test_its_own_prefix_is_not_told_twice(scene: Scene) -> None:
    fails(scene, "error: no stack named 'nope' found")
    done = scene.again("handover", "--stack", "nope")
    assert done.returncode == 1
    assert done.stderr == "error: no stack named 'nope' found\n"


@pytest.mark.parametrize(
    ("broken", "command"),
    [
        ({"dev.json.attrs": ""}, "rm '{}/dev.json.attrs'"),
        ({"dev.json": ""}, "cp '{0}/dev.json.bak' '{0}/dev.json'"),
        ({"dev.json": '{"version": 3, "che'}, "cp '{0}/dev.json.bak' '{0}/dev.json'"),
        ({"dev.json": "", "dev.json.bak": ""}, ""),
        ({}, ""),
    ],
)
def test_what_brings_a_broken_checkpoint_back(
    scene: Scene, state: Path, broken: dict[str, str], command: str
) -> None:
    for name, text in broken.items():
        (state / name).write_text(text)
    fails(scene, _LOAD)
    done = scene.again("recover", PULUMI_BACKEND_URL=f"file://{state.parents[2]}".replace(" ", "%20"))
    assert done.returncode == 1
    assert done.stderr.startswith("error: failed to load checkpoint: EOF\n")
    assert (command.format(state) or _IN_GENERAL) in done.stderr
    assert (_IN_GENERAL in done.stderr) is not bool(command)


@pytest.mark.parametrize("backend", ["", "azblob://state"])
def test_a_backend_whose_folder_is_not_known(scene: Scene, backend: str) -> None:
    fails(scene, _LOAD)
    done = scene.again("recover", PULUMI_BACKEND_URL=backend)
    assert done.returncode == 1
    assert _IN_GENERAL in done.stderr
