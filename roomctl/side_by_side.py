"""Other commands, several at once: each to its end, and none outlives this one."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

_One = TypeVar("_One")
_What = TypeVar("_What")
_GRACE = 20.0
"""Seconds that a command has to put away what is private or temporary; Pulumi ends its plugins in them."""


@dataclass(frozen=True)
class Ended:
    """A command that ended: its exit code, less than 0 for a signal's number, and what it printed."""

    code: int
    out: str
    err: str


async def run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Ended:
    """Run it with these variables and no others; TimeoutError when it takes longer than that.

    However this ends, the command has.
    """
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
        process_group=0,  # so that Ctrl-C reaches it through here alone, once
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            await _end(process)
    code = process.returncode
    return Ended(code if code is not None else 1, out.decode(errors="replace"), err.decode(errors="replace"))


async def _end(process: Process) -> None:
    process.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _GRACE)
    with suppress(ProcessLookupError):  # and what it left
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def each(
    do: Callable[[_One], Awaitable[_What]],
    those: Iterable[_One],
    at_once: int,
    done: Callable[[int], None],
) -> list[_What]:
    """What comes of each, in their order; `done` hears after each how many are."""
    room = asyncio.Semaphore(at_once)
    ended = 0

    async def one(this: _One) -> _What:
        nonlocal ended
        async with room:
            what = await do(this)
        ended += 1
        done(ended)
        return what

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(this)) for this in those]
    return [task.result() for task in tasks]
