"""What the caller may do with a resource, which Azure tells to the caller.

Each entry is what one role brings: https://learn.microsoft.com/rest/api/authorization/permissions and
https://learn.microsoft.com/azure/role-based-access-control/role-definitions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from resource_manager.api import Document, ResourceManager
from resource_manager.judgement import REPORT, SERVICE
from wire import Invalid

_VERSION = "2022-04-01"


@dataclass(frozen=True)
class Permissions:
    """The caller's roles on one resource, as Azure lists them."""

    entries: Sequence[Document]

    def allow(self, action: str) -> bool:
        """Whether a role has the action and does not take it out again."""
        return any(_matches(one["actions"], action, one.get("notActions")) for one in self.entries)

    def allow_data(self, action: str) -> bool | None:
        """The same of a data action; None when the list tells of none of them, which older versions do."""
        told = [one for one in self.entries if "dataActions" in one]
        if any(_matches(one["dataActions"], action, one.get("notDataActions")) for one in told):
            return True
        return False if len(told) == len(self.entries) else None


def permissions(azure: ResourceManager, resource_id: str) -> Permissions:
    """What the caller may do with the resource."""
    path = f"{resource_id}/providers/Microsoft.Authorization/permissions"
    entries = azure.list(path, _VERSION)
    if not all(isinstance(one, dict) and isinstance(one.get("actions"), list) for one in entries):
        raise Invalid(SERVICE, f"GET {path}", "the answer is no list of actions", advice=REPORT)
    return Permissions(entries)


def _matches(allowed: Sequence[str], action: str, excepted: Sequence[str] | None) -> bool:
    return _is_among(action, allowed) and not _is_among(action, excepted or ())


def _is_among(action: str, patterns: Sequence[str]) -> bool:
    """Whether one of them names the action; a star stands for anything."""
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), action, re.IGNORECASE) for pattern in patterns
    )
