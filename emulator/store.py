"""The emulated tenant's memory: JSON documents by kind and id, in one SQLite file."""

import json
import marshal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

_Made = TypeVar("_Made")
Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS log (position INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
"""


class Store:
    """Documents that survive between commands; every call is atomic, `transaction` joins several.

    Ids are compared without regard to case, as Entra and Exchange do.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._made: dict[str, dict[Callable[..., Any], Any]] = {}
        self._version = 0
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        # A process that dies loses nothing by it, and to wait for the disk would take longer than most calls.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; the store can't be used afterwards."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens together or, on an exception, not at all."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                    self._made.clear()
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def get(self, kind: str, id_: str) -> Document | None:
        """The document, a copy of its own, or None."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM document WHERE kind = ? AND id = ?", (kind, id_.lower())
            ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put(self, kind: str, id_: str, document: Document) -> None:
        """Write the document whole; a new one goes to the end of its kind's order."""
        with self._lock:
            self._made.pop(kind, None)
            self._db.execute(
                "INSERT INTO document (kind, id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, id_.lower(), json.dumps(document)),
            )

    def delete(self, kind: str, id_: str) -> bool:
        """True when there was something to delete."""
        with self._lock:
            self._made.pop(kind, None)
            return (
                self._db.execute(
                    "DELETE FROM document WHERE kind = ? AND id = ?", (kind, id_.lower())
                ).rowcount
                > 0
            )

    def all(self, kind: str) -> list[Document]:
        """Every document of a kind, oldest first: copies, made from bytes that are read faster than JSON."""
        documents: list[Document] = marshal.loads(self.made_of(kind, marshal.dumps))  # noqa: S302 - our own
        return documents

    def made_of(self, kind: str, make: Callable[[list[Document]], _Made]) -> _Made:
        """What `make` makes of every document of a kind, kept until one is written; not to be changed."""
        with self._lock:
            # another one since another process wrote
            [version] = self._db.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version = version
                self._made.clear()
            kept = self._made.setdefault(kind, {})
            if make not in kept:
                kept[make] = make(self._read(kind))
            made: _Made = kept[make]
            return made

    def _read(self, kind: str) -> list[Document]:
        rows = self._db.execute("SELECT body FROM document WHERE kind = ? ORDER BY position", (kind,))
        documents: list[Document] = json.loads(f"[{','.join(body for (body,) in rows)}]")
        return documents

    def log(self, entry: Document) -> None:
        """Append one request to the log."""
        with self._lock:
            self._db.execute("INSERT INTO log (body) VALUES (?)", (json.dumps(entry),))

    def logged(self, after: int = 0) -> list[Document]:
        """The requests in the order they were answered, each with its `position`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT position, body FROM log WHERE position > ? ORDER BY position", (after,)
            )
            return [{"position": position, **json.loads(body)} for position, body in rows]
