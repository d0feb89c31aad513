"""The command line: one module a command; exit codes are 0, 7 (found), 1 (could not look), 64 (usage)."""

import os
import sys
import traceback
from typing import cast

import typer

from fault import fault_of_ours
from roomctl.commands import Commands
from roomctl.console import console
from roomctl.outcome import COULD_NOT_LOOK, USAGE, tell_error
from roomctl.signals import unwind_on_signals

_INTERRUPTED = 130
_NOBODY_READS = 141
"""What a shell answers for a command whose output went to one that had ended, as `head` does."""
_DEBUG = "ROOMCTL_DEBUG"
"""Set, it shows where an error that nobody foresaw comes from."""
# Typer carries click inside and exports, of the errors of usage, only this child of their class.
_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])

cli = typer.Typer(
    name="roomctl",
    cls=Commands,
    help="Day-two commands for PlaceOS room calendar access on Microsoft 365.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def _roomctl() -> None:
    """There is nothing to say before a command."""


def app() -> None:
    """Run the command line and end with its exit code, whatever happens."""
    unwind_on_signals()
    sys.exit(_run())


def _run() -> int | None:
    try:
        return cast("int | None", cli(standalone_mode=False))
    except _UsageError as error:
        return _misused(error)
    except typer.Abort as aborted:
        return _unanswered() if isinstance(aborted.__context__, EOFError) else _INTERRUPTED
    except SystemExit as ended:
        # typer and rich turn a closed pipe into exit code 1, which here means that nobody could look.
        return _NOBODY_READS if isinstance(ended.__context__, BrokenPipeError) else cast(int, ended.code)
    except OSError as error:
        tell_error(f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - told, and the command ends
        tell_error(f"{fault_of_ours(error)} With {_DEBUG}=1 it says more.")
        if os.environ.get(_DEBUG):
            traceback.print_exc()
    return COULD_NOT_LOOK


def _unanswered() -> int:
    """A question reached the end of standard input: at a terminal that is an answer, elsewhere nobody is."""
    console().print()
    if sys.stdin.isatty():
        return _INTERRUPTED
    tell_error("nobody is at a terminal to answer, and nothing was done: add --yes to do it without asking")
    return USAGE


def _misused(error: typer.BadParameter) -> int:
    reason = error.format_message()
    if not reason:  # roomctl alone: its help stands there already
        return USAGE
    if error.ctx:
        asked = f"{error.ctx.command_path} {error.ctx.help_option_names[0]}"
        console(stderr=True).print(f"{error.ctx.get_usage()}\nTry: {asked}\n", style="dim", markup=False)
    tell_error(reason)
    return USAGE


if __name__ == "__main__":
    app()
