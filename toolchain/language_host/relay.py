"""A process's output as a stream of messages."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import IO, Literal

Chunk = tuple[Literal["stdout", "stderr"], bytes]


def relay(process: subprocess.Popen[bytes]) -> Iterator[Chunk]:
    """What a process writes to its two pipes, as it comes, until both are closed."""
    chunks: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()

    def pump(name: Literal["stdout", "stderr"], pipe: IO[bytes]) -> None:
        with pipe:
            while data := pipe.read1(65536):  # type: ignore[attr-defined] # a pipe of Popen is a BufferedReader
                chunks.put((name, data))
        chunks.put(None)

    assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 - started with pipes
    for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
        threading.Thread(target=pump, args=(name, pipe), daemon=True).start()
    for _ in range(2):
        while chunk := chunks.get():
            yield chunk
