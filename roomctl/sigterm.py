"""An end that somebody else wants, unwound like Ctrl-C."""

import signal
from types import FrameType
from typing import NoReturn


def heed_sigterm() -> None:
    """From now on SIGTERM unwinds the process, so that whatever is private or temporary is removed."""
    signal.signal(signal.SIGTERM, _end)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal_number)
