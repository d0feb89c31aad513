"""An end that somebody else wants, unwound like Ctrl-C."""

import signal
from types import FrameType
from typing import NoReturn


def heed_sigterm() -> None:
    """From now on SIGTERM, and SIGHUP of a terminal that closes, unwind the process.

    So whatever is private or temporary is removed.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal_number)
