"""How a command of `roomctl` ends when it does not end well."""

from typing import NoReturn

import typer
from rich.markup import escape

from roomctl.console import console
from visible import visible

FOUND = 7
"""Something was found that a person should see; Pulumi's own number for changes."""
COULD_NOT_LOOK = 1
USAGE = 64
"""EX_USAGE of sysexits(3): a typo in CI must not read as drift or as clean."""


def tell_error(reason: str) -> None:
    """Say on standard error what went wrong; lines stay lines, and what else a terminal obeys is escaped."""
    shown = "\n".join(map(visible, reason.splitlines()))
    console(stderr=True).print(f"[red]error:[/] {escape(shown)}", soft_wrap=True)


class CouldNotLook(typer.Exit):
    """The command ends with 1; why has been said on standard error."""

    def __init__(self, reason: str) -> None:
        super().__init__(COULD_NOT_LOOK)
        self.reason = reason


def could_not_look(reason: str) -> NoReturn:
    """Say why, on standard error, and end with 1."""
    tell_error(reason)
    raise CouldNotLook(reason)
