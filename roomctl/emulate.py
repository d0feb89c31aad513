"""Run a command against a Microsoft 365 tenant on this machine."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from roomctl.console import console
from roomctl.emulated_tenant import AzureadPlugin, plugins_attached, served
from roomctl.outcome import could_not_look, tell_error
from roomctl.signals import unwind_on_signals

__all__ = ["AzureadPlugin", "emulate"]

_NOT_FOUND = 127
"""What a shell answers for a command that does not exist."""
_NOT_RUNNABLE = 126
"""What it answers for one that exists and can't be run."""
_ENDING = {signal.SIGINT, signal.SIGTERM}
_STATE = Path(".dev/tenant.sqlite")
_console = console(stderr=True)


def emulate(  # noqa: PLR0913, PLR0917 - each is an option of the command
    command: Annotated[list[str] | None, typer.Argument(help="The command, after --.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Serve until Ctrl-C, without a command.")] = False,
    tenant: Annotated[Path | None, typer.Option(help="Tenant file (YAML); contoso when not given.")] = None,
    state: Annotated[Path, typer.Option(help="Where the tenant lives between commands.")] = _STATE,
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="APP", help="Application of the tenant to sign in as; its deployer."),
    ] = None,
    faults: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:SEED]",
            help="Rehearse trouble: a fault plan of emulator/fault_plans.yaml; may be given several times.",
        ),
    ] = None,
    azuread_plugin: Annotated[
        AzureadPlugin,
        typer.Option(metavar="WHICH", help="standin, or own: the engine brings the real azuread plugin."),
    ] = AzureadPlugin.STANDIN,
) -> None:
    """Start the emulated tenant, run COMMAND with its endpoints and credentials, end with its exit code."""
    if bool(command) == serve:
        raise typer.BadParameter("give a command after --, or --serve")
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        could_not_look(f"The folder of {state} can't be made: {error.strerror}. Give another --state.")
    unwind_on_signals()
    _console.print("[dim]Starting the emulated tenant …[/]")
    options = [*_given("--tenant", tenant), *_given("--as", name)]
    options += [f"--faults={plan}" for plan in faults or ()]
    with served(state, options) as variables, plugins_attached(azuread_plugin, variables) as attached:
        environment = {**os.environ, **variables, **attached}
        if serve:
            _serve({**variables, **attached})
        else:
            raise typer.Exit(_run(command or [], environment))


def _given(option: str, value: Path | str | None) -> list[str]:
    return [option, str(value)] if value else []


def _run(command: list[str], environment: dict[str, str]) -> int:
    # Ctrl-C reaches the command too, which knows how to end; the tenant stays until it has.
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, env=environment, preexec_fn=_hear_ctrl_c)  # noqa: PLW1509 - no threads
        return process.wait()
    except FileNotFoundError:
        tell_error(f"{command[0]}: there is no such command on PATH.")
        return _NOT_FOUND
    except OSError as error:
        tell_error(f"{command[0]} can't be run: {error.strerror}.")
        return _NOT_RUNNABLE
    except SystemExit:
        process.terminate()
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, ignored)


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(variables: dict[str, str]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".env") as exported:
        # The file is made private by tempfile; the secret never stands on the terminal.
        exported.writelines(f"export {key}='{value}'\n" for key, value in variables.items())
        exported.flush()
        # Held back until it is waited for: a signal between the last line and the wait would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        _console.print(f"In another terminal:  source {exported.name}", soft_wrap=True, markup=False)
        _console.print("[dim]Ctrl-C ends it.[/]")
        if signal.sigwait(_ENDING) == signal.SIGTERM:
            raise typer.Exit(128 + signal.SIGTERM)
