"""What we know of the application permissions of Microsoft Graph and Exchange Online: `catalogue.json`.

It holds the permissions that some PlaceOS call needs, the rights of this project's own identities, those that
are left out on purpose, and the look-alikes that people write in their place. A permission that isn't in it
can't be granted: unknown means "find out first".
"""

from permissions.catalogue import (
    EXCHANGE_APP_ID,
    GRAPH_APP_ID,
    LEVELS,
    PROFILES,
    PROFILES_IN_FULL,
    SOURCES,
    Level,
    ModuleNeed,
    Narrower,
    Need,
    Permission,
    Profile,
    Rating,
    Resource,
    Scope,
    Source,
    UnknownPermissionError,
    by_id,
    find,
    known,
    names,
    profile,
    why_not,
)

__all__ = [
    "EXCHANGE_APP_ID",
    "GRAPH_APP_ID",
    "LEVELS",
    "PROFILES",
    "PROFILES_IN_FULL",
    "SOURCES",
    "Level",
    "ModuleNeed",
    "Narrower",
    "Need",
    "Permission",
    "Profile",
    "Rating",
    "Resource",
    "Scope",
    "Source",
    "UnknownPermissionError",
    "by_id",
    "find",
    "known",
    "names",
    "profile",
    "why_not",
]
