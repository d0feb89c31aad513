"""The command line: one module a command; exit codes are 0, 7 (found), 1 (could not look), 64 (usage)."""

import sys
from typing import cast

import typer

from roomctl.emulate import emulate
from roomctl.finish_destroy import finish_destroy
from roomctl.handover import handover
from roomctl.outcome import USAGE

_INTERRUPTED = 130
# Typer carries click inside and exports, of the errors of usage, only this child of their class.
_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])

cli = typer.Typer(
    name="roomctl",
    help="Day-two commands for PlaceOS room calendar access on Microsoft 365.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command(context_settings={"ignore_unknown_options": True})(emulate)
cli.command()(handover)
cli.command()(finish_destroy)


def app() -> None:
    """Run the command line."""
    try:
        code = cli(standalone_mode=False)
    except _UsageError as error:
        error.show()
        code = USAGE
    except typer.Abort:
        code = _INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    app()
