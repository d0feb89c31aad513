"""Exceptions to a rule: for which resource, why, who answers for it, and until when.

They stand in the rule's configuration. One in force is told by the rule `exceptions-in-force` at every run;
one that has expired excuses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_KEYS = ("resource", "reason", "owner", "expires")
SCHEMA: dict[str, Any] = {
    "type": "array",
    "default": [],
    "description": "Resources that the rule lets pass for a while.",
    "items": {
        "type": "object",
        "required": list(_KEYS),
        "additionalProperties": False,
        "properties": {
            "resource": {**_TEXT, "description": "Name of the resource, or a pattern with * and ?."},
            "reason": {**_TEXT, "description": "Why it is accepted."},
            "owner": {**_TEXT, "description": "Who answers for it."},
            "expires": {**_TEXT, "format": "date", "description": "The last day, YYYY-MM-DD (UTC)."},
        },
    },
}
"""Of the configuration key `exceptions`, which every rule has."""


@dataclass(frozen=True)
class Exemption:
    """One exception."""

    resource: str
    reason: str
    owner: str
    expires: date

    def covers(self, name: str) -> bool:
        """Whether it is for the resource of that name."""
        return fnmatchcase(name, self.resource)

    def expired(self) -> bool:
        """Whether its last day is over, UTC."""
        return self.expires < datetime.now(UTC).date()


@dataclass(frozen=True)
class InForce:
    """An exception that let something pass in this run."""

    rule: str
    urn: str
    name: str
    exemption: Exemption


class MalformedError(ValueError):
    """An exception that can't be read; the text says which one and what it needs."""


def read(config: Mapping[str, Any]) -> list[Exemption]:
    """The exceptions of a rule's configuration; MalformedError for one that lacks something."""
    return [_read(number, entry) for number, entry in enumerate(config.get("exceptions") or [], 1)]


def _read(number: int, entry: Any) -> Exemption:
    texts = [entry.get(key) if isinstance(entry, Mapping) else None for key in _KEYS]
    resource, reason, owner, expires = (text if isinstance(text, str) else "" for text in texts)
    if resource.strip() and reason.strip() and owner.strip() and (last := _date(expires)):
        return Exemption(resource, reason, owner, last)
    raise MalformedError(
        f"exception {number} needs resource, reason, owner and expires (YYYY-MM-DD), and excuses nothing so"
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_in_force: list[InForce] = []


def remember(used: InForce) -> None:
    """Keep it until it is told."""
    _in_force.append(used)


def take() -> list[InForce]:
    """What was remembered since the last time, each once and sorted."""
    found, _in_force[:] = set(_in_force), []
    return sorted(found, key=lambda one: (one.rule, one.name, one.urn, one.exemption.expires))
