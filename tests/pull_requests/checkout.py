"""A checkout of the project, and what a pull request does to it."""

import shutil
from pathlib import Path
from typing import Any

from tests.engine.rehearsal import ROOT

PERMISSIONS = "[Calendars.ReadWrite, GroupMember.Read.All, Place.Read.All, User.Read.All]"
_NOT_NEEDED = shutil.ignore_patterns(
    ".*", "benchmarks", "docs", "emulator", "tests", "toolchain", "*.lock", "*.md"
)


def merged(folder: Path) -> Path:
    """What pull requests start from: one room is still being built, and the permissions are listed.

    It has what the engine and `roomctl review` take to run, with this installation's environment.
    """
    shutil.copytree(ROOT, folder, ignore=_NOT_NEEDED)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    built = {"replace": "area-lon-04-wapping,yes,active", "with": "area-lon-04-wapping,yes,planned"}
    listed = {"append": f"  placeos-m365:permissions: {PERMISSIONS}\n"}
    apply([{"file": "examples/contoso/rooms.csv", **built}, {"file": "Pulumi.dev.yaml", **listed}], folder)
    return folder


def apply(edits: list[dict[str, Any]], folder: Path) -> None:
    """Change the files as the pull request does; what it replaces stands there once."""
    for edit in edits:
        file = folder / edit["file"]
        text = file.read_text(encoding="utf-8")
        if "append" in edit:
            file.write_text(text + edit["append"], encoding="utf-8")
            continue
        assert text.count(edit["replace"]) == 1, f"{edit['file']} has changed: {edit['replace']!r}"
        file.write_text(text.replace(edit["replace"], edit["with"]), encoding="utf-8")
