"""In which shell a proposed command is typed."""

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from operator import itemgetter


class Shell(StrEnum):
    """Where a command is typed; the name is that of its language in Markdown."""

    SH = "sh"
    POWERSHELL = "powershell"

    @property
    def called(self) -> str:
        """What people call it."""
        return "PowerShell" if self is Shell.POWERSHELL else "sh"


_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z]\w+( |$)")


def by_shell(lines: Iterable[str]) -> tuple[tuple[Shell, tuple[str, ...]], ...]:
    """The lines in their order, cut where the next has to be typed elsewhere.

    A comment stands with the command after it, and at the end with the one before.
    """
    held = tuple(lines)
    shell = next(filter(None, map(_shell, reversed(held))), Shell.SH)
    placed: list[tuple[Shell, str]] = []
    for line in reversed(held):  # so that a comment meets the shell of what comes after it
        shell = _shell(line) or shell
        placed.append((shell, line))
    together = groupby(reversed(placed), key=itemgetter(0))
    return tuple((shell, tuple(line for _, line in of)) for shell, of in together)


def _shell(line: str) -> Shell | None:
    if line.startswith("#"):
        return None
    return Shell.POWERSHELL if _CMDLET.match(line) else Shell.SH
