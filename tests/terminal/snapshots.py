"""What each command looked like when somebody last looked at it, and whether it still does."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docs.reader import environment
from tests.engine.rehearsal import ROOT
from tests.terminal.terminal import Shown, show

ROOMCTL = str(Path(sys.executable).with_name("roomctl"))
_SNAPSHOTS = Path(__file__).parent / "snapshots"
_RECORD = "RECORD_TERMINAL"
_STYLE = re.compile("«(.*?)»")
_NO_COLOURS = {"bold", "dim"}

_OF_COLOUR_AND_WIDTH = ("CLICOLOR", "COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PY_COLORS")
_OF_PIPELINES = ("CI", "BUILD_", "GITHUB_", "GITLAB_", "JENKINS_", "TF_BUILD")
_NOT_AT_A_DESK = (*_OF_COLOUR_AND_WIDTH, *_OF_PIPELINES, "RECORD_")
"""How variables begin that a person at a terminal has not, and a pipeline may have."""


@dataclass(frozen=True)
class Look:
    """A terminal: its columns, and whether its person wants colour."""

    columns: int
    colour: bool

    @property
    def variables(self) -> dict[str, str]:
        """What a program is told of it (https://no-color.org)."""
        return {"TERM": "xterm-256color", **({} if self.colour else {"NO_COLOR": "1"})}

    def __str__(self) -> str:
        return f"{self.columns}.{'colour' if self.colour else 'plain'}"


LOOKS = [Look(columns, colour) for columns in (80, 120) for colour in (True, False)]


def at_a_desk() -> dict[str, str]:
    """This machine's variables, without what tests, pipelines and other terminals add."""
    return {name: value for name, value in environment().items() if not name.startswith(_NOT_AT_A_DESK)}


def looks_as_recorded(
    name: str,
    command: Sequence[str],
    variables: Mapping[str, str] | None = None,
    *,
    folder: Path = ROOT,
    looks: Sequence[Look] = LOOKS,
) -> list[Shown]:
    """Type the command on each terminal and compare what it shows; with RECORD_TERMINAL=1 record that."""
    every = []
    for look in looks:
        shown = show(command, look.columns, {**at_a_desk(), **look.variables, **(variables or {})}, folder)
        _compare(_SNAPSHOTS / f"{name}.{look}.txt", shown, colour=look.colour)
        every.append(shown)
    return every


def _compare(path: Path, shown: Shown, *, colour: bool) -> None:
    text = f"{shown.text}\n(ends with {shown.code})\n"
    if not colour:
        words = {word for style in _STYLE.findall(text) for word in style.split()}
        assert words <= _NO_COLOURS, f"NO_COLOR is set, and there is colour: {text}"
        text = _STYLE.sub("", text)
    if os.environ.get(_RECORD):
        path.write_text(text, encoding="utf-8")
    recorded = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == recorded, f"{path.name} looks otherwise now. If it is meant, record it: {_RECORD}=1"
