"""Third way: build the engine from its released Go module, for machines that reach only a module proxy."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from toolchain.cache import cache_root, whole_directory
from toolchain.report import Report
from toolchain.versions import ENGINE
from toolchain.ways import Engine, WayClosedError

NAME = "a build of its released Go module"

_HERE = Path(__file__).parent
_MODULE = _HERE / "engine"
_LAUNCHER = _HERE / "pulumi-language-python"
_COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")


def find(environ: Mapping[str, str]) -> Engine | None:
    """The engine that was built earlier, with the launcher of this checkout."""
    home = _home(environ)
    if not (home / "pulumi").is_file():
        return None
    _place_launcher(home)
    return Engine(home, ENGINE, "module")


def make(environ: Mapping[str, str], report: Report) -> Engine:
    """Build the engine with `go`. Raises WayClosedError when there is no `go` or the build fails."""
    go = shutil.which("go", path=environ.get("PATH"))
    if go is None:
        raise WayClosedError("there is no go on PATH")
    home = _home(environ)
    report.begin(f"Building the Pulumi engine {ENGINE} from its released module (about 4 minutes, once)")
    with whole_directory(home) as part:
        _run(_build_command(go, part), environ, report)
        sdk = _run([go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _SDK], environ, report).strip()
        for script in _SCRIPTS:
            _place(Path(sdk) / script, part)
        _place_launcher(part)
    report.finish()
    return Engine(home, ENGINE, "module")


def _home(environ: Mapping[str, str]) -> Path:
    return cache_root(environ) / f"pulumi-{ENGINE}-module"


def _build_command(go: str, target: Path) -> list[str]:
    stamp = f"-s -w -X {_SDK}/go/common/version.Version=v{ENGINE}"
    flags = ["-mod=readonly", "-buildvcs=false", "-ldflags", stamp]
    return [go, "build", *flags, "-o", str(target / "pulumi"), _COMMAND]


def _run(command: Sequence[str], environ: Mapping[str, str], report: Report) -> str:
    """Run a command in the module's directory with signs of life, and return what it printed.

    Raises WayClosedError with the last lines of its complaint when it fails.
    """
    alone = {**environ, "GOWORK": "off"}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        with _started(command, alone, said, complained) as process:
            code = _wait(process, report)
        said.seek(0)
        complained.seek(0)
        if code != 0:
            reason = " / ".join(complained.read().strip().splitlines()[-3:])
            raise WayClosedError(f"`go {command[1]}` failed with exit code {code}: {reason}")
        return said.read()


@contextmanager
def _started(
    command: Sequence[str], environ: Mapping[str, str], said: IO[str], complained: IO[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a command in the module's directory, which does not outlive the block."""
    process = None
    try:
        with _no_signal_between():
            process = subprocess.Popen(command, cwd=_MODULE, env=environ, stdout=said, stderr=complained)
        yield process
    finally:
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait()


@contextmanager
def _no_signal_between() -> Iterator[None]:
    """Hear a signal that comes inside of the block after it: while a process starts there is none to end.

    By handlers, not by a mask: that a process inherits, and to undo it there takes Python's own fork, which a
    library with threads may not survive. What is ignored stays ignored. Only the main thread hears signals.
    """
    heard: list[int] = []
    usual = {}
    if threading.current_thread() is threading.main_thread():
        usual = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    usual = {one: how for one, how in usual.items() if how not in {signal.SIG_IGN, None}}
    for one in usual:
        signal.signal(one, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        for one, how in usual.items():
            signal.signal(one, how)
        for number in heard:
            signal.raise_signal(number)


def _wait(process: subprocess.Popen[bytes], report: Report) -> int:
    """The exit code of a process, with signs of life until then."""
    while True:
        try:
            return process.wait(timeout=report.interval)
        except subprocess.TimeoutExpired:
            report.running()


def _place_launcher(directory: Path) -> None:
    target = directory / _LAUNCHER.name
    if not target.is_file() or target.read_bytes() != _LAUNCHER.read_bytes():
        _place(_LAUNCHER, directory)


def _place(script: Path, directory: Path) -> None:
    """Copy a script as an executable; whoever runs it meanwhile sees the old one or the new one."""
    part = directory / f"{script.name}.{os.getpid()}.part"
    part.write_bytes(script.read_bytes())
    part.chmod(0o755)
    part.replace(directory / script.name)
