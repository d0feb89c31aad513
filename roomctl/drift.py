"""What is really true in the tenant, held against the code: three looks in one report."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from drift.as_json import as_json as told_as_json
from drift.looks import AT_EVERY_MAILBOX, LOOKS
from drift.markdown import could_not_look as told_as_missing
from drift.markdown import markdown as told_as_markdown
from drift.report import Report
from drift.sarif import as_sarif
from roomctl.compared import compared
from roomctl.drift_on_terminal import show
from roomctl.outcome import CouldNotLook
from roomctl.sarif_file import make_way, write
from roomctl.which_application import StackName


def drift(  # noqa: PLR0913, PLR0917 - each is an option of the command
    stack: StackName = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="For an issue or a mail.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    sarif: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write SARIF too, for code scanning.")
    ] = None,
    accepted_file: Annotated[
        Path | None,
        typer.Option(
            "--accepted",
            metavar="FILE",
            help="Accepted findings.",
            show_default="accepted/STACK.yaml",
            exists=True,
        ),
    ] = None,
    every_mailbox: Annotated[
        bool,
        typer.Option("--every-mailbox", help="Look at full access, too: one call for each mailbox."),
    ] = False,
) -> None:
    """Tell what is true in the tenant and not in the code: 7 for drift, 1 when not all could be looked at.

    It changes nothing, and takes the rights of the role read.
    """
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    try:
        if sarif:
            make_way(sarif)
        told = compared(stack, accepted_file, AT_EVERY_MAILBOX if every_mailbox else LOOKS).report
    except CouldNotLook as reason:
        if markdown or not (as_json or sys.stdout.isatty()):
            typer.echo(told_as_missing(stack or "the selected stack", reason.reason), nl=False)
        raise
    if as_json:
        typer.echo(json.dumps(told_as_json(told), indent=2, ensure_ascii=False))
    elif markdown or not sys.stdout.isatty():
        typer.echo(told_as_markdown(told), nl=False)
    else:
        show(told)
    if sarif:
        tell_scanner(sarif, told)
    raise typer.Exit(told.exit_code)


def tell_scanner(file: Path, told: Report) -> None:
    """Write the file if all was looked at: what a scanner does not read of, it takes for repaired."""
    if told.unseen:
        typer.echo(f"{file} is not written: code scanning would close what was not looked at.", err=True)
    else:
        write(file, as_sarif(told))
