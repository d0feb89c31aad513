"""The processes that the host has started, and their end."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

GRACE_SECONDS = 2.0
"""How long a process may take to end; the engine gives the host itself five seconds."""


class Children:
    """Starts processes and ends them together. Safe to use from several threads."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def start(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        cwd: Path | None = None,
        output: int | IO[bytes] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own.

        The engine interrupts the host's whole group; a Python in it would answer with a traceback.
        `output` is where its standard output and error go; by default where the host's go.
        Raises OSError when it cannot be started, or when the host is about to end.
        """
        with self._lock:
            if self._closed:
                raise OSError("the language host is about to end")
            process = subprocess.Popen(
                command,
                env=environ,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )
            self._running.add(process)
            return process

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """The exit code of a process, once it has ended."""
        code = process.wait()
        with self._lock:
            self._running.discard(process)
        return code

    def end(self, processes: Iterable[subprocess.Popen[bytes]]) -> None:
        """End processes with what they started: politely, after GRACE_SECONDS by force."""
        running = [process for process in processes if process.poll() is None]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        for process in running:
            try:
                process.wait(timeout=GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)

    def end_all(self) -> None:
        """End every process, and start no more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        self.end(running)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
