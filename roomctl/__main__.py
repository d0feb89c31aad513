"""The command line: one module a command; exit codes are 0, 7 (found), 1 (could not look), 64 (usage)."""

import os
import sys
import traceback
from typing import cast

import typer
from typer import rich_utils

from fault import fault_of_ours
from roomctl.consent import consent
from roomctl.console import console
from roomctl.contain import contain
from roomctl.create_deployer import create_deployer
from roomctl.drift import drift
from roomctl.emulate import emulate
from roomctl.evidence import evidence
from roomctl.finish_destroy import finish_destroy
from roomctl.handover import handover
from roomctl.many_stacks import for_many_stacks
from roomctl.outcome import COULD_NOT_LOOK, USAGE, tell_error
from roomctl.preflight import preflight
from roomctl.recover import recover
from roomctl.remove_application import remove_application
from roomctl.remove_secret import remove_secret
from roomctl.resume import resume
from roomctl.review import review
from roomctl.secrets import secrets
from roomctl.signals import unwind_on_signals
from roomctl.verify import verify

_INTERRUPTED = 130
_NOBODY_READS = 141
"""What a shell answers for a command whose output went to one that had ended, as `head` does."""
_DEBUG = "ROOMCTL_DEBUG"
"""Set, it shows where an error that nobody foresaw comes from."""
# Typer carries click inside and exports, of the errors of usage, only this child of their class.
_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])

# Help keeps to the colours of roomctl.console: yellow is for what a person has to do.
rich_utils.STYLE_TYPES = rich_utils.STYLE_USAGE = "dim"

cli = typer.Typer(
    name="roomctl",
    help="Day-two commands for PlaceOS room calendar access on Microsoft 365.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command(context_settings={"ignore_unknown_options": True})(emulate)
cli.command()(create_deployer)
cli.command()(for_many_stacks(preflight))
cli.command()(for_many_stacks(review))
cli.command()(for_many_stacks(drift))
cli.command()(evidence)
cli.command()(handover)
cli.command()(for_many_stacks(verify))
cli.command()(finish_destroy)
cli.command()(secrets)
cli.command()(consent)
cli.command()(contain)
cli.command()(resume)
cli.command()(recover)
cli.command()(remove_secret)
cli.command()(remove_application)


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
