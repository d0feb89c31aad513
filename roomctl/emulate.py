"""Run a command against a Microsoft 365 tenant on this machine."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from roomctl.console import console
from roomctl.outcome import USAGE, could_not_look, tell_error

_NOT_FOUND = 127
"""What a shell answers for a command that does not exist."""
_NOT_RUNNABLE = 126
"""What it answers for one that exists and can't be run."""
_REFUSED_OPTION = 2
"""What Python's argparse ends with; it has said why."""
_ENDING = {signal.SIGINT, signal.SIGTERM}
_STATE = Path(".dev/tenant.sqlite")
_console = console(stderr=True)


class AzureadPlugin(StrEnum):
    """Which azuread plugin the engine uses."""

    STANDIN = "standin"
    OWN = "own"


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
    signal.signal(signal.SIGTERM, _end)  # so that whatever is private is removed
    _console.print("[dim]Starting the emulated tenant …[/]")
    options = [*_given("--tenant", tenant), *_given("--as", name)]
    options += [f"--faults={plan}" for plan in faults or ()]
    with _tenant(state, options) as variables, _plugin(azuread_plugin, variables) as attached:
        environment = {**os.environ, **variables, **attached}
        if serve:
            _serve({**variables, **attached})
        else:
            raise typer.Exit(_run(command or [], environment))


def _given(option: str, value: Path | str | None) -> list[str]:
    return [option, str(value)] if value else []


@contextmanager
def _tenant(state: Path, options: list[str]) -> Iterator[dict[str, str]]:
    """Serve the tenant; its variables, among them a secret, come through a private file."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "environment.json")
        with _child(["emulator", "serve", "--state", str(state), "--ready", str(ready), *options]) as process:
            while not ready.exists():
                if process.poll() == _REFUSED_OPTION:
                    raise typer.Exit(USAGE)
                if process.poll() is not None:
                    could_not_look("The emulated tenant did not start; its reason stands above.")
                time.sleep(0.02)
            variables = json.loads(ready.read_text())
            ready.unlink()  # a secret is in it
            yield variables


@contextmanager
def _plugin(which: AzureadPlugin, variables: dict[str, str]) -> Iterator[dict[str, str]]:
    """Attach the stand-ins to the engine, which then starts no plugins of its own for them."""
    if which is AzureadPlugin.OWN:
        yield {}
        return
    # A real plugin polls for seconds until its service agrees with itself; the emulated one always does.
    quick = {**variables, "STANDIN_POLL_SECONDS": "0"}
    with _child(["emulator.stand_ins"], quick, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 (it was asked for above)
        attached = process.stdout.readline().decode().strip()
        if not attached:
            could_not_look("The stand-ins for the plugins did not start; the reason stands above.")
        yield {"PULUMI_DEBUG_PROVIDERS": attached}


@contextmanager
def _child(
    module: list[str], variables: dict[str, str] | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of this installation that ends when its standard input closes, however we end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=subprocess.PIPE,
        stdout=stdout,
        env={**os.environ, **(variables or {})},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


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


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal_number)


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
