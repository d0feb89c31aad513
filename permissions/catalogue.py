"""The reader of `catalogue.json`, whose fields `catalogue.schema.json` describes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from nearest import did_you_mean


class Level(StrEnum):
    """What happens at worst with a permission, from the least to the most; `LEVELS` says it in words."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class Scope(StrEnum):
    """What narrows a permission to some mailboxes."""

    POLICY = "applicationAccessPolicy"
    """learn.microsoft.com/graph/auth-limit-mailbox-access"""
    RBAC = "rbac"
    """learn.microsoft.com/exchange/permissions-exo/application-rbac"""


@dataclass(frozen=True, slots=True)
class Need:
    """A call that needs a permission, and the public address where the call can be read."""

    call: str
    source: str


@dataclass(frozen=True, slots=True)
class ModuleNeed:
    """A role of this project's own identities that takes a permission, and why (`rights.Role`).

    `administrator` is an application that runs `roomctl create-deployer`.
    """

    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Narrower:
    """A permission that may be granted in place of another and opens less, and what is lost with it."""

    name: str
    loses: str


@dataclass(frozen=True, slots=True)
class Rating:
    """What one of `SOURCES` says of a permission, in its own words."""

    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A service that offers permissions. Its `app_id` is the same in every tenant."""

    name: str
    app_id: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who rates permissions, where, and of which day (ISO 8601) the ratings are."""

    title: str
    url: str
    read: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of permissions: whom it is for, who asks for it, and their names, sorted."""

    purpose: str
    source: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One name that is known, on one service.

    `id`: the app role's; "" when the service has no such app role. `kind`: "delegated" when the service knows
    the name for people who are signed in only. `mailbox`: it opens what is in mailboxes. `scoped_by`: what
    narrows it; what nothing narrows is open tenant-wide. `grantable`: the room application may have it;
    `excluded` says why not, "" when it may, and `instead` what to write in its place.
    """

    name: str
    id: str
    resource: Resource
    kind: str
    opens: str
    mailbox: bool
    scoped_by: tuple[Scope, ...]
    grantable: bool
    needed_by: tuple[Need, ...]
    needed_by_module: tuple[ModuleNeed, ...]
    excluded: str
    instead: tuple[str, ...]
    narrower: Narrower | None
    ratings: tuple[Rating, ...]
    level: Level
    level_reason: str

    @property
    def scoped_by_policy(self) -> bool:
        """Whether an application access policy narrows it."""
        return Scope.POLICY in self.scoped_by


class UnknownPermissionError(ValueError):
    """A permission or profile that can't be granted; the text says why, and what to write instead."""


_CATALOGUE = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
_RESOURCES = {key: Resource(one["name"], one["appId"]) for key, one in _CATALOGUE["resources"].items()}

GRAPH_APP_ID = _RESOURCES["graph"].app_id
"""Microsoft Graph's own application id."""

EXCHANGE_APP_ID = _RESOURCES["exchange"].app_id
"""That of Exchange Online itself, "Office 365 Exchange Online"."""

LEVELS: Mapping[Level, str] = {Level(key): meaning for key, meaning in _CATALOGUE["levels"].items()}
"""What each level means, in a sentence."""

SOURCES: Mapping[str, Source] = {key: Source(**one) for key, one in _CATALOGUE["sources"].items()}
"""Who rates permissions, by the key of a `Rating`."""

PROFILES_IN_FULL: Mapping[str, Profile] = {
    name: Profile(one["for"], one["source"], tuple(one["permissions"]))
    for name, one in _CATALOGUE["profiles"].items()
}
"""The named sets of permissions, with whom they are for."""

# The named sets of permissions: name of the profile -> names of its permissions, sorted.
PROFILES: dict[str, tuple[str, ...]] = {name: one.permissions for name, one in PROFILES_IN_FULL.items()}


def _permission(entry: dict[str, Any]) -> Permission:
    return Permission(
        name=entry["name"],
        id=entry["id"] or "",
        resource=_RESOURCES[entry["resource"]],
        kind=entry["kind"],
        opens=entry["opens"],
        mailbox=entry["mailbox"],
        scoped_by=tuple(map(Scope, entry["scopedBy"])),
        grantable=entry["grantable"],
        needed_by=tuple(Need(**need) for need in entry["neededBy"]),
        needed_by_module=tuple(ModuleNeed(**need) for need in entry["neededByModule"]),
        excluded=entry["excluded"] or "",
        instead=tuple(entry["instead"]),
        narrower=Narrower(**entry["narrower"]) if entry["narrower"] else None,
        ratings=tuple(Rating(source, value) for source, value in entry["ratings"].items()),
        level=Level(entry["level"]),
        level_reason=entry["levelReason"],
    )


_KNOWN = tuple(map(_permission, _CATALOGUE["permissions"]))
_GRANTABLE = {one.name: one for one in _KNOWN if one.grantable}
_BY_ID = {(one.resource.app_id, one.id): one for one in _KNOWN if one.id}


def known() -> tuple[Permission, ...]:
    """Everything that the catalogue knows: those of Microsoft Graph first, then those of Exchange Online."""
    return _KNOWN


def by_id(resource_app_id: str, role_id: str) -> Permission | None:
    """The permission of that app role on that service, both by id; None for one that isn't catalogued.

    An id alone says nothing: Exchange Online has app roles with ids of Microsoft Graph's and other names.
    """
    return _BY_ID.get((resource_app_id.lower(), role_id.lower()))


def names() -> tuple[str, ...]:
    """The name of every permission that may be granted, sorted."""
    return tuple(_GRANTABLE)


def find(name: str) -> Permission:
    """The permission of that name, written exactly; UnknownPermissionError for any that can't be granted."""
    reason = why_not(name)
    if reason is not None:
        raise UnknownPermissionError(f'"{name}" can\'t be granted: {reason}.')
    return _GRANTABLE[name]


def profile(name: str) -> tuple[Permission, ...]:
    """The permissions of a named profile, sorted by name; UnknownPermissionError for any other name."""
    if name not in PROFILES:
        raise UnknownPermissionError(f'"{name}" is no permission profile: {did_you_mean(name, PROFILES)}.')
    return tuple(_GRANTABLE[permission] for permission in PROFILES[name])


def why_not(name: str) -> str | None:
    """Why the permission can't be granted, with what to write instead, as half a sentence; None if it can."""
    if name in _GRANTABLE:
        return None
    if one := next((one for one in _KNOWN if one.name == name), None):
        return f"{one.excluded}; write {' and '.join(one.instead)}" if one.instead else one.excluded
    return f"it isn't among the permissions that PlaceOS needs; {did_you_mean(name, _GRANTABLE)}"
