"""The way back after a run that was killed: what it left, and the commands that put it right."""

import json
import shlex
import subprocess
import sys
import textwrap
from typing import Annotated

import typer

from deployer import DeployerError, current_deployer
from exchange.admin_api import current_exchange
from graph.api import current_graph
from https_json import EndpointError
from roomctl.console import console, working
from roomctl.leftovers import Declared, Leftovers, leftovers
from roomctl.outcome import FOUND, could_not_look
from roomctl.pulumi import ask_pulumi
from roomctl.recorded_stack import RecordedStack, read_stack
from roomctl.stack_lock import Lock, LockNotVisibleError, locks
from roomctl.stack_settings import StackSettings, stack_settings
from roomctl.way_back import Step, way_back
from wire import WireError


def recover(
    stack: Annotated[str | None, typer.Option(help="Stack name; the selected one when not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Run the commands, after asking.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --apply: run them without asking.")] = False,
) -> None:
    """Show the commands that lead back after a killed run; they can be run line by line. Changes nothing.

    Ends with 0 when nothing is left to do, with 7 when something is.
    """
    if as_json and apply:
        raise typer.BadParameter("--json shows, --apply runs: choose one")
    if yes and not apply:
        raise typer.BadParameter("--yes goes with --apply")
    recorded = read_stack(stack)
    held, hint = _locks(recorded)
    left = _look(recorded, stack)
    steps = way_back(recorded, held, left)
    undecided = [*left.undecided, *([hint] if hint and recorded.pending else [])]
    if as_json:
        typer.echo(_document(recorded, steps, left.taken_over, undecided))
    else:
        _show(recorded, steps, left.taken_over, undecided)
    if apply and steps:
        _run(steps, yes)
        _say(f"# Now: {_next(recorded)}")
        return
    raise typer.Exit(FOUND if steps or undecided else 0)


def _locks(recorded: RecordedStack) -> tuple[list[Lock], str]:
    """The locks, and what to do where they can't be seen; a run that goes on ends the command with 1."""
    backend = str(json.loads(ask_pulumi("whoami", "--verbose", "--json")).get("url") or "")
    try:
        found = locks(backend, recorded.name)
    except LockNotVisibleError as error:
        return [], (
            f"whether a lock is left can't be seen on {error}: if Pulumi says that the stack is locked, and "
            f"nobody runs it, pulumi cancel --yes --stack {recorded.called}"
        )
    for lock in found:
        if lock.is_held:
            could_not_look(f"a run of {recorded.name} goes on ({lock}); wait until it has ended")
    return found, ""


def _look(recorded: RecordedStack, stack: str | None) -> Leftovers:
    declared = _declared(stack_settings(recorded, stack))
    try:
        current_deployer()
        with working("Asking Microsoft Graph and Exchange"):
            return leftovers(recorded, current_graph(), current_exchange(), declared)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))


def _declared(chosen: StackSettings) -> Declared:
    """With the consents that the state is to hold: a person's stand in none."""
    address, existing = chosen.text("roomGroupAddress") or None, chosen.client_id
    if chosen.consent_by_person:
        return Declared(address, existing, ())
    return Declared(address, existing, chosen.asked()) if existing else Declared(address)


def _show(recorded: RecordedStack, steps: list[Step], taken_over: list[str], undecided: list[str]) -> None:
    """Commands, and comments as a shell takes them."""
    for one in undecided:
        _remark(f"To decide: {one}.", "yellow")
    for what in taken_over:
        _remark(f"The next run takes over: {what}.", "dim")
    for step in steps:
        _say("")
        _remark(step.why, "dim")
        _say(step.command)
    if not steps:
        _remark(f"Nothing of {recorded.name} is to be recovered.", "green")
    else:
        _say(f"\n# Then: {_next(recorded)}")


def _remark(text: str, style: str) -> None:
    """A comment; on a terminal it is broken between words, into several."""
    out = console()
    words = textwrap.TextWrapper(
        out.width if out.is_terminal else len(text) + 2,
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    out.print(words.fill(f"# {text}"), style=style, soft_wrap=True, markup=False)


def _say(text: str) -> None:
    console().print(text, soft_wrap=True, markup=False)


def _next(recorded: RecordedStack) -> str:
    return f"pulumi up --stack {recorded.called}, or pulumi destroy, whichever was killed"


def _document(recorded: RecordedStack, steps: list[Step], taken_over: list[str], undecided: list[str]) -> str:
    document = {
        "stack": recorded.name,
        "mark": recorded.mark,
        "commands": [{"command": step.command, "words": step.words, "why": step.why} for step in steps],
        "takenOver": taken_over,
        "undecided": undecided,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _run(steps: list[Step], yes: bool) -> None:
    if not yes and not typer.confirm("Run these?"):
        raise typer.Exit(FOUND)
    for step in steps:
        _say(f"\n$ {step.command}")
        words = step.words if step.words[0] != "roomctl" else (sys.executable, "-m", *step.words)
        code = subprocess.run(words, check=False).returncode
        if code:
            could_not_look(f"it ended with {code}: {shlex.join(step.words)}. What follows it was not run")
