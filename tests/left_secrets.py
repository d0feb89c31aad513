"""Where secrets of emulated tenants were left: what a test printed, logged, ran and wrote into its folder."""

import base64
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.issued import forget, issued, issued_here
from emulator.store import Store

_STORES = {".sqlite", ".sqlite-journal"}
"""A tenant's own memory, beyond the wire."""
_MADE_TO_BE_KEPT = {"deployer.env", "kept.env", "next.env", "ready.json"}
"""Files that a person asks a command for, to keep the secret in; nobody else may read them."""
_BROUGHT_BY_TESTS = {"az", "token"}
"""Stand-ins for what has a secret already: Azure CLI, the token file of a pipeline."""
_INSTALLED = ".venv"
"""Packages as they were installed, in files that all environments of this machine share."""
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){10,}")
_START = 8
"""Bytes with which many secrets begin alike, as tokens do: what holds no such start is read once."""
_command_lines: list[str] = []


def watch_command_lines() -> None:
    """From now on every command line that this process starts is remembered; it can't be undone."""
    sys.addaudithook(_remember)


def _remember(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        _command_lines.append(" ".join(map(str, arguments[1])))


def command_lines() -> str:
    """Those that this process started since it was asked last, one a line."""
    found = "\n".join(_command_lines)
    _command_lines.clear()
    return found


def after(item: pytest.Item, report: pytest.TestReport) -> str:
    """The places in which the test left a secret, or ""."""
    texts = dict(report.sections) | {"a command line": command_lines()}
    secrets = set(issued_here())
    forget()
    folder = item.funcargs.get("tmp_path") if isinstance(item, pytest.Function) else None
    if not isinstance(folder, Path):
        return ", ".join(left_in_text(secrets, texts))
    secrets.update(issued_by_stores(folder))
    files = [str(file.relative_to(folder)) for file in left_in_files(secrets, folder)]
    return ", ".join([*left_in_text(secrets, texts), *files])


def left_in_text(secrets: Iterable[str], texts: dict[str, str]) -> list[str]:
    """The names of the texts that hold a secret, never the secret."""
    return [name for name, text in texts.items() if any(secret in text for secret in secrets)]


def left_in_files(secrets: Iterable[str], folder: Path) -> list[Path]:
    """The files that hold a secret, plain or in base64, as a pickle is in the state; stores are not read."""
    wanted = [secret.encode() for secret in secrets]
    if not wanted:
        return []
    starts = {secret[:_START] for secret in wanted}
    return [
        file
        for file in sorted(folder.rglob("*"))
        if _INSTALLED not in file.relative_to(folder).parts
        and file.is_file()
        and not file.is_symlink()
        and not _has_its_reason(file)
        and _any_in(starts, text := _readable(file.read_bytes()))
        and _any_in(wanted, text)
    ]


def issued_by_stores(folder: Path) -> Iterator[str]:
    """What the tenants whose memory is in this folder handed out, in whatever process they ran."""
    for file in folder.rglob("*.sqlite"):
        store = Store(file)
        yield from issued(store)
        store.close()


def _has_its_reason(file: Path) -> bool:
    private = not file.stat().st_mode & 0o077
    return (
        file.suffix in _STORES
        or file.name in _BROUGHT_BY_TESTS
        or (file.name in _MADE_TO_BE_KEPT and private)
    )


def _any_in(wanted: Iterable[bytes], text: bytes) -> bool:
    return any(one in text for one in wanted)


def _readable(content: bytes) -> bytes:
    """What is in a file, and what it holds in base64, one after the other."""
    return b"\n".join([content, *map(base64.b64decode, set(_BASE64.findall(content)))])
