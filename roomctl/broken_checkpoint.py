"""A checkpoint that Pulumi can't load: which file a killed run left broken, and what brings it back.

Only a file backend has it: beside STACK.json it writes STACK.json.attrs, and not at one stroke
(pkg.go.dev/gocloud.dev/blob/fileblob). It keeps the checkpoint of before as STACK.json.bak.
"""

import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from roomctl.stack_lock import file_backend

SAID = "failed to load checkpoint"
"""How Pulumi says so."""
_ADVICE = (
    "A killed run can leave this on a file backend. Look into its .pulumi/stacks/PROJECT/: delete a "
    "STACK.json.attrs that is empty; over a STACK.json that is broken, copy STACK.json.bak."
)


def way_out() -> str:
    """The commands for the files that are broken; in general, where the backend's folder is not known."""
    root = file_backend(os.environ.get("PULUMI_BACKEND_URL", ""))
    found = list(_commands(root)) if root else []
    return "\n".join(["A killed run left a broken file. Run:", *found] if found else [_ADVICE])


def _commands(root: Path) -> Iterator[str]:
    for attributes in sorted(root.glob(".pulumi/stacks/*/*.json.attrs")):
        if not attributes.stat().st_size:
            yield f"  rm {shlex.quote(str(attributes))}"
    for checkpoint in sorted(root.glob(".pulumi/stacks/*/*.json")):
        backup = checkpoint.with_name(f"{checkpoint.name}.bak")
        if not _is_whole(checkpoint) and _is_whole(backup):
            yield f"  cp {shlex.quote(str(backup))} {shlex.quote(str(checkpoint))}"


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads(checkpoint.read_bytes())
    except (OSError, ValueError):
        return False
    return True
