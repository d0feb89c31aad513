"""One thing that a change does to what PlaceOS, or somebody else, may do."""

from dataclasses import dataclass
from enum import StrEnum

LEVELS = ("low", "moderate", "high", "critical", "unknown")
"""From harmless to the tenant's own keys; what nobody has judged stands last: it has to be read."""


class Effect(StrEnum):
    """What a change does to the access."""

    GAINS = "gains"
    LOSES = "loses"
    NEITHER = "neither"


class Area(StrEnum):
    """What it is a change of: the part of the report where it stands."""

    PERMISSIONS = "permissions"
    REACH = "reach"
    SCOPE = "scope"
    GROUPS = "groups"
    APPLICATION = "application"
    CREDENTIALS = "credentials"
    PROOF = "proof"
    OTHER = "other"


@dataclass(frozen=True)
class Change:
    """What changes, in one sentence. `level` is how much harm it can do; `ask` is for the reviewer."""

    effect: Effect
    area: Area
    what: str
    level: str = "low"
    ask: str = ""
