"""What a run of a review left behind, read as data: the code of the pull request wrote it."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from on_github.github import GitHub

REVIEW, PREVIEW = "review.yml", "preview.yml"
"""The workflows: on an emulated tenant, and against the stack's own state."""
ARTIFACT = "access"
_MOST = 2_000_000
"""Bytes of an artifact, packed, and unpacked."""
_NEW_ACCESS = 7


@dataclass(frozen=True)
class Look:
    """A report, what `roomctl review` ended with, and when both were there, in UTC as GitHub writes it.

    `stacks` are those that were to be looked at.
    """

    report: str
    code: str
    sarif: Mapping[str, bytes]
    made: str
    stacks: frozenset[str] = frozenset()

    @property
    def looked(self) -> bool:
        """Whether there is an answer; anything else is not "nothing new"."""
        return self.code in {"0", str(_NEW_ACCESS)} and bool(self.report.strip())

    @property
    def finds(self) -> bool:
        """Whether the answer is that somebody should agree."""
        return self.code == str(_NEW_ACCESS)


@dataclass(frozen=True)
class Run:
    """The newest run of a workflow for a commit."""

    id: int
    ended: bool
    skipped: bool
    began: str
    page: str


def newest_run(github: GitHub, workflow: str, commit: str) -> Run | None:
    """The newest run for the commit that a pull request started, by the workflow's file, not by its name."""
    path = f"actions/workflows/{workflow}/runs"
    found = github.get(path, head_sha=commit, event="pull_request", per_page="1")["workflow_runs"]
    if not found:
        return None
    [run] = found
    return Run(
        id=run["id"],
        ended=run["status"] == "completed",
        skipped=run["conclusion"] == "skipped",
        began=run["run_started_at"],
        page=run["html_url"],
    )


def look_of(github: GitHub, run: Run) -> Look | None:
    """What the run left in its last attempt; None when that is nothing that can be read."""
    return left_in(github, run.id, ARTIFACT, since=run.began)


def left_in(github: GitHub, run: int, artifact: str, *, since: str) -> Look | None:
    """The newest artifact of this name in a run, if it can be read and is not older than `since`."""
    listed = github.get(f"actions/runs/{run}/artifacts", name=artifact, per_page="100")["artifacts"]
    own = [one for one in listed if one["created_at"] >= since and not one["expired"]]
    if not own:
        return None
    newest = max(own, key=_created)
    if newest["size_in_bytes"] > _MOST:
        return None
    try:
        files = _unpacked(github.download(f"actions/artifacts/{newest['id']}/zip", _MOST))
    except _UnreadableError:
        return None
    return Look(
        report=files.get("report.md", b"").decode(errors="replace"),
        code=files.get("code", b"").decode(errors="replace").strip(),
        sarif={name: data for name, data in sorted(files.items()) if name.endswith(".sarif")},
        made=newest["created_at"],
        stacks=frozenset(files.get("stacks", b"").decode(errors="replace").split()),
    )


def together(one: Look, other: Look) -> Look:
    """Both as one: the graver answer, and every report."""
    return Look(
        report=f"{one.report}\n\n{other.report}",
        code=max(one.code, other.code, key=_grave),
        sarif={**other.sarif, **one.sarif},
        made=max(one.made, other.made),
        stacks=one.stacks | other.stacks,
    )


def _grave(code: str) -> int:
    return {"0": 0, str(_NEW_ACCESS): 1}.get(code, 2)


def _created(artifact: Mapping[str, Any]) -> str:
    return str(artifact["created_at"])


_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError,
    EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip


class _UnreadableError(Exception):
    """No archive, or one that is made to hurt."""


def _unpacked(archive: bytes) -> dict[str, bytes]:
    """The files by name, in memory: no path of the archive is ever opened."""
    files, left = {}, _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for one in opened.infolist():
                with opened.open(one) as file:
                    found = file.read(left + 1)
                if len(found) > left:
                    raise _UnreadableError
                left -= len(found)
                files[one.filename] = found
    except _DAMAGED:
        raise _UnreadableError from None
    return files
