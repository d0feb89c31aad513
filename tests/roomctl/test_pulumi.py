"""How the operator's own Pulumi is run, and what they read when it can't say."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roomctl.pulumi import run_pulumi
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


def _pulumi(folder: Path, text: str) -> str:
    """The PATH on which a script is Pulumi."""
    (folder / "pulumi").write_text(text)
    (folder / "pulumi").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_it_is_run_where_and_with_what_is_asked_and_every_end_is_told(tmp_path: Path) -> None:
    text = '#!/bin/sh\necho "$* $GIVEN $(pwd)"\ncat\necho "not so" >&2\nexit 9\n'
    environment = {"PATH": _pulumi(tmp_path, text), "GIVEN": "variable"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment["PATH"])
        done = run_pulumi("stack", "ls", environment=environment, folder=tmp_path)
    assert (done.returncode, done.stderr) == (9, "not so\n")
    assert done.stdout == f"stack ls variable {tmp_path}\n"


_WAITS = f"""#!{sys.executable}
import os, signal, sys
from pathlib import Path

folder = Path(__file__).parent

def end(*_):
    (folder / "ended").touch()
    sys.exit(0)

signal.signal(signal.SIGTERM, end)
(folder / "waits").write_text("yes")
signal.pause()
"""


def test_pulumi_ends_before_the_command_that_is_ended(tmp_path: Path) -> None:
    path = _pulumi(tmp_path, _WAITS)
    os.mkfifo(tmp_path / "waits")
    runs = "from roomctl.signals import unwind_on_signals as u; from roomctl.pulumi import run_pulumi as r"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{runs}; u(); r('up')"], env=os.environ | {"PATH": path}
    )
    assert (tmp_path / "waits").read_text() == "yes"
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 128 + signal.SIGTERM
    assert (tmp_path / "ended").exists()
