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
from drift.sarif import as_sarif
from roomctl.compared import compared
from roomctl.drift_on_terminal import show
from roomctl.outcome import COULD_NOT_LOOK, CouldNotLook, could_not_look
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
    # One without results would tell a scanner that all of it is repaired.
    if sarif and told.exit_code != COULD_NOT_LOOK:
        _write(sarif, json.dumps(as_sarif(told), indent=2))
    raise typer.Exit(told.exit_code)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        could_not_look(f"{file} can't be written: {error.strerror}. Make its folder, or name another file.")
