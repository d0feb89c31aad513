"""The life of the host's process."""

import os
import signal
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from pulumi.runtime.proto.language_pb2_grpc import add_LanguageRuntimeServicer_to_server

from toolchain.language_host.children import Children
from toolchain.language_host.service import LanguageHost

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve(executor: Path, engine_address: str) -> None:
    """Serve on a free port of this machine until a signal comes or the engine is gone, then end the children.

    The engine holds the other end of standard input: when it is killed, that end closes.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    children = Children()
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=_UNLIMITED)
    add_LanguageRuntimeServicer_to_server(LanguageHost(executor, engine_address, children), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")  # the engine reads this line
    sys.stdout.flush()
    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        threading.Thread(target=_watch_engine, args=(over,), daemon=True).start()
    over.wait()
    children.end_all()
    # Not by returning: calls that wait for a child in other threads would hold the process.
    os._exit(0)


def _watch_engine(over: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    over.set()
