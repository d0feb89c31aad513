"""Entra's custom roles, which can be given on one application alone. They take Entra ID P1.

learn.microsoft.com/entra/identity/role-based-access-control/custom-create
"""

from dataclasses import dataclass

from graph.api import GraphApi
from wire import AlreadyExists

_PATH = "/v1.0/roleManagement/directory/roleDefinitions"


@dataclass(frozen=True)
class CustomRole:
    """A role definition and the actions that it opens."""

    id: str
    actions: frozenset[str]


def find(graph: GraphApi, name: str) -> CustomRole | None:
    """The custom role of this name; None when there is none."""
    quoted = name.replace("'", "''")
    for one in graph.list(_PATH, {"$filter": f"displayName eq '{quoted}'"}):
        if one.get("displayName") == name and one.get("isBuiltIn") is False:
            permissions = one.get("rolePermissions") or []
            actions = [action for part in permissions for action in part.get("allowedResourceActions") or []]
            return CustomRole(str(one["id"]).lower(), frozenset(actions))
    return None


def make(graph: GraphApi, name: str, description: str, actions: frozenset[str]) -> None:
    """Make the role; one of this name that is there already is fine."""
    body = {
        "displayName": name,
        "description": description,
        "isEnabled": True,
        "rolePermissions": [{"allowedResourceActions": sorted(actions)}],
    }
    try:
        graph.post(_PATH, body)
    except AlreadyExists:
        return
