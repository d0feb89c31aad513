"""How many run at once, and that none is left."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from roomctl import side_by_side
from roomctl.side_by_side import Ended, each, run

STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with open(sys.argv[1], "w") as pid: pid.write(str(os.getpid()))
signal.pause()
"""


def test_so_many_at_once_and_their_order_is_kept() -> None:
    running: list[int] = []
    most: list[int] = []
    heard: list[int] = []

    async def all_() -> list[int]:
        pair = asyncio.Barrier(2)

        async def do(number: int) -> int:
            running.append(number)
            most.append(len(running))
            await pair.wait()  # which one alone would never leave
            running.remove(number)
            return -number

        return await each(do, range(6), 2, heard.append)

    assert asyncio.run(all_()) == [0, -1, -2, -3, -4, -5]
    assert (max(most), heard) == (2, [1, 2, 3, 4, 5, 6])


def test_what_it_printed_and_how_it_ended() -> None:
    speaks = "import os, sys; print(os.environ['GIVEN'], os.environ.get('HOME')); sys.exit('no')"
    done = asyncio.run(run([sys.executable, "-c", speaks], {"GIVEN": "variable"}, 60))
    assert done == Ended(1, "variable None\n", "no\n")


def test_one_that_does_not_end_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "_GRACE", 0.0)
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)

    async def begun_and_ended() -> int:
        task = asyncio.create_task(run([sys.executable, "-c", STUBBORN, str(fifo)], os.environ, 3600))
        pid = int(await asyncio.to_thread(fifo.read_text))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return pid

    pid = asyncio.run(begun_and_ended())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
