"""What a person sees while the toolchain works."""

import sys
import time
from typing import TextIO

TERMINAL_SECONDS = 2.0
LOG_SECONDS = 20.0


class Report:
    """Says each step in one line, and for a long step how long it has been running.

    On a terminal the running line is rewritten every two seconds; in a log one is added every twenty.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._started = 0.0

    @property
    def interval(self) -> float:
        """Seconds between two signs of life."""
        return TERMINAL_SECONDS if self._live else LOG_SECONDS

    def say(self, line: str) -> None:
        """Say one line."""
        print(line, file=self._stream, flush=True)

    def begin(self, step: str) -> None:
        """Say that a long step begins."""
        self.say(f"{step} ...")
        self._started = time.monotonic()

    def running(self) -> None:
        """Say that the step goes on."""
        self._elapsed("still running, ", last=False)

    def finish(self) -> None:
        """Say that the step is over."""
        self._elapsed("done in ", last=True)

    def _elapsed(self, text: str, *, last: bool) -> None:
        minutes, seconds = divmod(round(time.monotonic() - self._started), 60)
        start, end = ("\r\x1b[K", "\n" if last else "") if self._live else ("", "\n")
        print(f"{start}  {text}{minutes} min {seconds:02} s", end=end, file=self._stream, flush=True)
