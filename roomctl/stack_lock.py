"""Who holds the stack: the lock that a run takes and a killed run leaves."""

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from roomctl.outcome import could_not_look


class LockNotVisibleError(Exception):
    """A backend that does not show its locks; the text says which."""


@dataclass(frozen=True)
class Lock:
    """A lock of Pulumi's file backend, as the run that took it wrote it."""

    user: str
    host: str
    process: int
    since: str

    @property
    def is_held(self) -> bool:
        """Whether its process runs on this machine; of other machines nothing is known."""
        return self.host == socket.gethostname() and _runs(self.process)

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.process}, since {self.since}"


def file_backend(backend: str) -> Path | None:
    """The folder of a file backend; None for any other."""
    address = urlsplit(backend)
    if address.scheme != "file":
        return None
    return Path(unquote(address.netloc + address.path)).expanduser()


def locks(backend: str, stack: str) -> list[Lock]:
    """The locks on `organization/project/stack` in the backend of that address.

    Only a file backend shows them: its lock files are listed by no command of Pulumi.
    Raises LockNotVisibleError for any other.
    """
    root = file_backend(backend)
    if root is None:
        address = urlsplit(backend)
        raise LockNotVisibleError(f"{address.scheme}://{address.hostname or ''}")
    found = sorted((root / ".pulumi/locks" / stack).glob("*.json"))
    try:
        return [_lock(json.loads(path.read_text(encoding="utf-8"))) for path in found]
    except (OSError, ValueError, KeyError) as error:
        could_not_look(f"the lock in {root} can't be read: {error}")


def _lock(document: dict[str, str]) -> Lock:
    return Lock(document["username"], document["hostname"], int(document["pid"]), document["timestamp"])


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
