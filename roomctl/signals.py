"""An end that somebody else wants, unwound like Ctrl-C."""

import signal
from types import FrameType
from typing import NoReturn

_ENDS = (signal.SIGTERM, signal.SIGHUP)


def unwind_on_signals() -> None:
    """From now on SIGTERM, and SIGHUP of a terminal that closes, unwind the process.

    So whatever is private or temporary is removed. One that was ignored when the process began stays ignored:
    that is what `nohup` asks for.
    """
    for number in _ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal_number)
