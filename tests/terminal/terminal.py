"""A terminal of a given width: a command is run on it, and what stands there in the end is told as text."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char

from tests.terminal.steady import steady, without_progress

ROWS = 50
_SCROLLBACK = 10_000
_WRAPPED = "↩"
_FAINT, _ITALIC = 2, 3
_EXTENDED = {38, 48}
"""After these, which begin a colour of many, a 2 is not "faint"."""
_NAMES = {
    "brown": "yellow",
    "00cd00": "green",
    "cd0000": "red",
    "5c5cff": "blue",
    "ff00ff": "magenta",
}
"""pyte's yellow, as the first terminals showed it, and Pulumi's colours, which are some of 256."""


class _Screen(pyte.HistoryScreen):
    """A screen that knows which lines the terminal wrapped, and what is dim.

    A wrapped line is marked in the column beyond its last. pyte has no "faint", so it is kept as italic,
    which nothing here prints.
    """

    def __init__(self, columns: int) -> None:
        super().__init__(columns, ROWS, history=_SCROLLBACK)
        self.set_mode(pyte.modes.LNM)

    def draw(self, data: str) -> None:
        for letter in data:
            if self.cursor.x == self.columns:
                self.buffer[self.cursor.y][self.columns] = Char(_WRAPPED)
            super().draw(letter)

    def select_graphic_rendition(self, *attributes: int, **_private: bool) -> None:
        if not _EXTENDED & set(attributes):
            attributes = tuple(_ITALIC if one == _FAINT else one for one in attributes)
        super().select_graphic_rendition(*attributes)

    def text(self) -> str:
        """Every line, scrolled out or not, without the empty ones at the end."""
        lines = [*self.history.top, *(self.buffer[row] for row in range(self.lines))]
        told = [self._line([line[column] for column in range(self.columns + 1)]) for line in lines]
        return "\n".join(told).rstrip() + "\n"

    def _line(self, cells: list[Char]) -> str:
        last = max((at for at, cell in enumerate(cells) if cell.data != " "), default=-1)
        runs = groupby(cells[: last + 1], key=_style)
        return "".join(_run(style, "".join(cell.data for cell in run)) for style, run in runs).rstrip()


@dataclass(frozen=True)
class Shown:
    """A command's end: its exit code, what stands on the terminal, and all bytes that came there."""

    code: int
    text: str
    raw: str


def show(command: Sequence[str], columns: int, environment: Mapping[str, str], folder: Path) -> Shown:
    """Run a command on a terminal of its own; colour runs are told as «green»…«», wrapped lines end in ↩."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True
    )
    os.close(slave)
    raw = _everything(master).decode()
    return Shown(process.wait(), rendered(raw, columns), raw)


def rendered(raw: str, columns: int) -> str:
    """What stands on a terminal to which this was sent."""
    screen = _Screen(columns)
    pyte.Stream(screen).feed(steady(raw))
    return without_progress(screen.text())


def _everything(master: int) -> bytes:
    parts = []
    try:
        while part := os.read(master, 65536):
            parts.append(part)
    except OSError:  # Linux's end of a terminal that nobody holds open any more
        pass
    finally:
        os.close(master)
    return b"".join(parts)


def _style(cell: Char) -> str:
    named = {
        cell.fg: cell.fg != "default",
        f"on {cell.bg}": cell.bg != "default",
        "bold": cell.bold,
        "dim": cell.italics,
        "underlined": cell.underscore,
        "reverse": cell.reverse,
    }
    return " ".join(_NAMES.get(name, name) for name, has in named.items() if has)


def _run(style: str, text: str) -> str:
    return f"«{style}»{text}«»" if style and text.strip() else text
