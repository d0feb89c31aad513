"""How a command of `roomctl` ends when it does not end well."""

from typing import NoReturn

import typer
from rich.console import Console

FOUND = 7
"""Something was found that a person should see; Pulumi's own number for changes."""
COULD_NOT_LOOK = 1
USAGE = 64
"""EX_USAGE of sysexits(3): a typo in CI must not read as drift or as clean."""


def could_not_look(reason: str) -> NoReturn:
    """Say why, on standard error, and end with 1."""
    Console(stderr=True).print(f"[red]error:[/] {reason}", highlight=False, soft_wrap=True)
    raise typer.Exit(COULD_NOT_LOOK)
