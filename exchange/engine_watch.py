"""A provider whose engine was killed must not go on changing the tenant.

A SIGKILL of the engine leaves its provider processes running: one was seen to finish a create five seconds
later, which the state then knew nothing of. Nothing can be written once this process has ended.
"""

import os
import re
import socket
import sys
import threading
from functools import cache

_ADDRESS = re.compile(r"^(127\.0\.0\.1|localhost):(\d+)$")


@cache
def end_with_engine() -> None:
    """Watch the engine that started this plugin, whose address it is given as last argument; once a process.

    Without such an argument (a test, a tool) nothing is watched.
    """
    found = _ADDRESS.match(sys.argv[-1])
    if found:
        address = (found[1], int(found[2]))
        threading.Thread(target=_watch, args=(address,), name="engine-watch", daemon=True).start()


def _watch(address: tuple[str, int]) -> None:
    while _connected_until_closed(address):
        pass
    os._exit(1)


def _connected_until_closed(address: tuple[str, int]) -> bool:
    """Hold a connection until it breaks; False when nobody listens any more.

    The engine closes silent connections after a while, so a close alone says nothing.
    """
    try:
        with socket.create_connection(address) as connection:
            while connection.recv(1024):
                pass
    except ConnectionRefusedError:
        return False
    except OSError:
        return True
    return True
