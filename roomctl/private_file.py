"""A file that holds a secret: nobody else may read it, and it is never written over."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def new_private_file(path: Path) -> Iterator[TextIO]:
    """A new file of mode 0600; OSError when it can't be made. What was written is on the disk at the end."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(made, "w", encoding="utf-8") as file:
        yield file
        keep(file)


def keep(file: TextIO) -> None:
    """What was written so far outlives this process, and this machine's next minute."""
    file.flush()
    os.fsync(file.fileno())


def unfit(path: Path) -> str:
    """Why this is, and can become, no file of its own, with the fix; "" when it is or can."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}: make it, or name another file"
    if not os.path.lexists(path):
        reachable = os.access(folder, os.W_OK | os.X_OK)
        return "" if reachable else f"nothing can be written into {folder}: name another file"
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"{path} is a symbolic link: name the file itself, or another"
    return "" if stat.S_ISREG(mode) else f"{path} is no ordinary file: name another"


def exposed(path: Path) -> str:
    """Why others than its owner, or another than this person, may read the file; "" when nobody may."""
    found = path.lstat()
    if found.st_uid != os.getuid():
        return f"{path} belongs to somebody else: name another file"
    if found.st_mode & 0o077:
        return (
            f"others may open {path}: `chmod 600` it; if one of them has, remove its secret in Entra, take "
            "the file away, and run this again for a new one"
        )
    return ""
