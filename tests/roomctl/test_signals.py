"""What ends a command, and what `nohup` keeps from it."""

import signal
import subprocess
import sys

import pytest

SPEAKS = """
import sys
from roomctl.signals import unwind_on_signals
unwind_on_signals()
try:
    print("ready", flush=True)
    for line in sys.stdin:
        print(line, end="", flush=True)
finally:
    print("unwound", flush=True)
"""


def _speaking(*before: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [*before, sys.executable, "-c", SPEAKS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_unwinds(number: signal.Signals) -> None:
    process = _speaking()
    process.send_signal(number)
    assert process.wait() == 128 + number
    assert process.communicate()[0] == "unwound\n"


def test_what_nohup_ignores_stays_ignored() -> None:
    process = _speaking("nohup")
    process.send_signal(signal.SIGHUP)
    said, _ = process.communicate("still here\n")
    assert said == "still here\nunwound\n"
    assert process.returncode == 0
