"""The cache that all checkouts share: whole directories only, each made by one process at a time."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolchain.report import Report


def cache_root(environ: Mapping[str, str]) -> Path:
    """Where the cache is: `placeos-m365` in the user's cache directory (XDG base directory specification)."""
    base = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME") or Path.home()) / ".cache")
    return Path(base) / "placeos-m365"


@contextlib.contextmanager
def locked(file: Path, report: Report) -> Iterator[None]:
    """Hold an exclusive lock between processes; the system releases it even when the holder is killed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report.say("Another process is setting up the engine; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def whole_directory(target: Path) -> Iterator[Path]:
    """A directory to fill that takes the name `target` only when the block ends without an error.

    To be used under `locked`: what a killed process left is removed first.
    """
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
