"""The command line: one module a command, exit codes are 0, 7 (found), 1 (could not look), 64 (usage)."""

import sys

import click
import typer

from roomctl.emulate import emulate
from roomctl.finish_destroy import finish_destroy
from roomctl.handover import handover

USAGE = 64
"""EX_USAGE of sysexits(3): a typo in CI must not read as drift or as clean."""

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
    """Run the command line; wrong usage ends with 64."""
    try:
        code = cli(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        code = USAGE
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    app()
