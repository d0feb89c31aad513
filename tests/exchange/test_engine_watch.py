"""A provider's process ends with the engine that started it, and not before."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = """
import threading
from exchange.engine_watch import end_with_engine
end_with_engine()
end_with_engine()
print(sum(one.name == "engine-watch" for one in threading.enumerate()), flush=True)
threading.Event().wait({wait})
"""


def start(*arguments: str, wait: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(wait=wait), *arguments],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.fixture
def engine() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


def address(engine: socket.socket) -> str:
    return f"127.0.0.1:{engine.getsockname()[1]}"


def test_it_ends_when_the_engine_is_gone(engine):
    process = start("root", address(engine))
    connection, _ = engine.accept()
    engine.close()
    connection.close()
    assert process.wait(60) == 1


def test_it_stays_when_a_live_engine_closes_silent_connections(engine):
    process = start(address(engine))
    for _ in range(3):
        connection, _ = engine.accept()
        connection.close()
    connection, _ = engine.accept()
    connection.sendall(b"an engine that says something")
    assert process.poll() is None
    engine.close()
    connection.close()
    assert process.wait(60) == 1


def test_it_ends_when_the_engine_was_killed_with_its_connections_reset(engine):
    process = start(address(engine))
    connection, _ = engine.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing resets
    engine.close()
    connection.close()
    assert process.wait(60) == 1


def test_it_watches_once(engine):
    process = start(address(engine))
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    engine.close()
    assert process.wait(60) == 1


@pytest.mark.parametrize("argument", ["", "--serve", "example.com:443", "127.0.0.1"])
def test_without_an_engine_nothing_is_watched(argument):
    process = start(argument, wait="0.0")
    assert process.communicate(timeout=60)[0] == "0\n"
    assert process.returncode == 0
