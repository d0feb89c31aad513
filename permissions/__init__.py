"""What we know of Microsoft Graph's application permissions: `catalogue.json` and its reader.

The catalogue holds the permissions that some PlaceOS call needs, and the look-alikes that people write in
their place. A permission that isn't in it can't be granted: unknown means "find out first".
"""

from permissions.catalogue import (
    EXCHANGE_APP_ID,
    GRAPH_APP_ID,
    PROFILES,
    Need,
    Permission,
    UnknownPermissionError,
    find,
    names,
    profile,
    why_not,
)

__all__ = [
    "EXCHANGE_APP_ID",
    "GRAPH_APP_ID",
    "PROFILES",
    "Need",
    "Permission",
    "UnknownPermissionError",
    "find",
    "names",
    "profile",
    "why_not",
]
