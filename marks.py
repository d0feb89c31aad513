"""The stack's ownership mark and the names that an interrupted run's objects are recognised by."""

import hashlib
import re
from datetime import datetime

_SLOT = "PlaceOS until "
_MARK = re.compile(r"\bplc:[0-9a-f]{8}\b")
_PROBE, _REMOVED = "Probe of ", ", removed by the next run"


def mark_of(stack: str) -> str:
    """The mark of `organization/project/stack`: short, for descriptions count against a tenant's limit."""
    return f"plc:{hashlib.sha256(stack.encode()).hexdigest()[:8]}"


def notes_of(mark: str) -> str:
    """What stands in the notes of the application and of its principal."""
    return f"Managed by Pulumi. {mark}"


def marks_in(text: str) -> list[str]:
    """The marks of any stacks that a description or notes hold."""
    return _MARK.findall(text)


def slot_name(end: datetime) -> str:
    """What a client secret is called in Entra."""
    return f"{_SLOT}{end:%Y-%m-%d}"


def is_slot_name(name: str) -> bool:
    """Whether a secret is called as `slot_name` calls them."""
    return name.startswith(_SLOT)


def probe_name(mark: str) -> str:
    """What the probe's credential is called in Entra, so that one left over is known as that."""
    return f"{_PROBE}{mark}{_REMOVED}"


def is_probe_name(name: str) -> bool:
    """Whether a secret is called as `probe_name` calls those of any stack."""
    return name.startswith(_PROBE) and name.endswith(_REMOVED)
