"""The reader of `catalogue.json`."""

import json
from dataclasses import dataclass
from pathlib import Path

from nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class Need:
    """A call that needs a permission, and the public address where the call can be read."""

    call: str
    source: str


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One application permission (app role) of Microsoft Graph that may be granted.

    `mailbox`: it opens what is in mailboxes. `scoped_by_policy`: an application access policy narrows it
    (learn.microsoft.com/graph/auth-limit-mailbox-access); what no policy narrows is open tenant-wide.
    """

    name: str
    id: str
    opens: str
    mailbox: bool
    scoped_by_policy: bool
    needed_by: tuple[Need, ...]


class UnknownPermissionError(ValueError):
    """A permission or profile that can't be granted; the text says why, and what to write instead."""


_CATALOGUE = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))

# Microsoft Graph's own application id, the same in every tenant.
GRAPH_APP_ID: str = _CATALOGUE["resource"]["appId"]

EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000"
"""That of Exchange Online itself, "Office 365 Exchange Online"."""

_PERMISSIONS = {
    entry["name"]: Permission(
        name=entry["name"],
        id=entry["id"],
        opens=entry["opens"],
        mailbox=entry["mailbox"],
        scoped_by_policy=entry["scopedByPolicy"],
        needed_by=tuple(Need(**need) for need in entry["neededBy"]),
    )
    for entry in _CATALOGUE["permissions"]
}
_LOOK_ALIKES = {entry["name"]: entry for entry in _CATALOGUE["lookAlikes"]}

# The named sets of permissions: name of the profile -> names of its permissions, sorted.
PROFILES: dict[str, tuple[str, ...]] = {
    name: tuple(entry["permissions"]) for name, entry in _CATALOGUE["profiles"].items()
}


def names() -> tuple[str, ...]:
    """The name of every permission that may be granted, sorted."""
    return tuple(_PERMISSIONS)


def find(name: str) -> Permission:
    """The permission of that name, written exactly; UnknownPermissionError for any other."""
    reason = why_not(name)
    if reason is not None:
        raise UnknownPermissionError(f'"{name}" can\'t be granted: {reason}.')
    return _PERMISSIONS[name]


def profile(name: str) -> tuple[Permission, ...]:
    """The permissions of a named profile, sorted by name; UnknownPermissionError for any other name."""
    if name not in PROFILES:
        raise UnknownPermissionError(f'"{name}" is no permission profile: {did_you_mean(name, PROFILES)}.')
    return tuple(_PERMISSIONS[permission] for permission in PROFILES[name])


def why_not(name: str) -> str | None:
    """Why the permission can't be granted, with what to write instead, as half a sentence; None if it can."""
    if name in _PERMISSIONS:
        return None
    if look_alike := _LOOK_ALIKES.get(name):
        return f"{look_alike['reason']}; write {' and '.join(look_alike['instead'])}"
    return f"it isn't among the permissions that PlaceOS needs; {did_you_mean(name, _PERMISSIONS)}"
