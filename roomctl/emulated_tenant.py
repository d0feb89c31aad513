"""The emulated tenant as a command uses it: served, with the stand-in plugins attached, and thrown away."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path

import typer

from roomctl.console import working
from roomctl.outcome import USAGE, could_not_look
from roomctl.signals import unwind_on_signals

_REFUSED_OPTION = 2
"""What Python's argparse ends with; it has said why."""
_HARMLESS = {
    "PATH", "USER", "LANG", "TZ", "TERM", "COLUMNS", "NO_COLOR", "PULUMI_PYTHON_CMD",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
}  # fmt: skip
"""What a program needs to be found, to speak and to trust; variables of locales (LC_…) beside them."""


class AzureadPlugin(StrEnum):
    """Which azuread plugin the engine uses."""

    STANDIN = "standin"
    OWN = "own"


@contextmanager
def served(
    state: Path, options: Sequence[str], environ: Mapping[str, str] = os.environ, stdout: int | None = None
) -> Iterator[dict[str, str]]:
    """Serve the tenant of a state file; its variables, among them a secret, come through a private file.

    `options` are those of `python -m emulator serve`. Ends the command when it does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "environment.json")
        command = ["emulator", "serve", "--state", str(state), "--ready", str(ready), *options]
        with _child(command, environ, stdout) as process:
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
def plugins_attached(
    which: AzureadPlugin, variables: Mapping[str, str], environ: Mapping[str, str] = os.environ
) -> Iterator[dict[str, str]]:
    """Attach the stand-ins to the engine, which then starts no plugins of its own for them."""
    if which is AzureadPlugin.OWN:
        yield {}
        return
    # A real plugin polls for seconds until its service agrees with itself; the emulated one always does.
    quick = {**environ, **variables, "STANDIN_POLL_SECONDS": "0"}
    with _child(["emulator.stand_ins"], quick, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 (it was asked for above)
        attached = process.stdout.readline().decode().strip()
        if not attached:
            could_not_look("The stand-ins for the plugins did not start; the reason stands above.")
        yield {"PULUMI_DEBUG_PROVIDERS": attached}


@contextmanager
def thrown_away(tenant_file: Path) -> Iterator[dict[str, str]]:
    """A new tenant of the file, and a backend for stacks in it: the whole environment of what runs there.

    Nothing of either is left at the end, however it ends; signals unwind from now on. Of the caller's
    environment only what names programs, language and trusted authorities is kept: no variable, and by
    another home no file, by which tools sign in anywhere. That is no sandbox: code can read what its user can
    read, so strangers' code is run where there is nothing to find.
    """
    unwind_on_signals()
    with ExitStack() as open_:
        # An engine that was killed may leave a process behind that still writes.
        made = tempfile.TemporaryDirectory(prefix="roomctl-", ignore_cleanup_errors=True)
        folder = Path(open_.enter_context(made))
        environ = _harmless(os.environ) | _places(folder)
        options = ["--tenant", str(tenant_file)]
        with working("Starting the emulated tenant"):
            # What it prints would stand in the answer of the command.
            tenant = served(folder / "tenant.sqlite", options, environ, stdout=subprocess.DEVNULL)
            variables = open_.enter_context(tenant)
            attached = open_.enter_context(plugins_attached(AzureadPlugin.STANDIN, variables, environ))
        yield {**environ, **variables, **attached}


@contextmanager
def only(environment: Mapping[str, str]) -> Iterator[None]:
    """These are this process's variables, and no others, as long as it lasts: what it starts gets no more."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _harmless(environ: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key in _HARMLESS or key.startswith("LC_")}


def _places(folder: Path) -> dict[str, str]:
    """A home, a temporary folder and a backend of its own, whose passphrase nobody learns."""
    places = {name: folder / name.lower() for name in ("HOME", "PULUMI_HOME", "TMPDIR", "BACKEND")}
    for place in places.values():
        place.mkdir()
    backend = places.pop("BACKEND")
    return {
        **{name: str(place) for name, place in places.items()},
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": secrets.token_urlsafe(32),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


@contextmanager
def _child(
    module: Sequence[str], environ: Mapping[str, str], stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of this installation that ends when its standard input closes, however we end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=subprocess.PIPE,
        stdout=stdout,
        env=dict(environ),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()
