"""The file for code scanning: of this look, or none."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from roomctl.outcome import could_not_look


def make_way(file: Path) -> None:
    """Leave nothing of an earlier look there; ends the command with 1 when the file can't be written."""
    _write(file, "")
    if file.is_file() and not file.is_symlink():  # a device or a pipe stays
        with suppress(OSError):  # it is empty, which no scanner takes for a log
            file.unlink()


def write(file: Path, log: Mapping[str, Any]) -> None:
    """Write the log; ends the command with 1 when it can't."""
    _write(file, f"{json.dumps(log, indent=2)}\n")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        could_not_look(f"{file} can't be written: {error.strerror}. Make its folder, or name another file.")
