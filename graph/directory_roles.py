"""Entra's directory roles, by template id."""

from graph.api import GraphApi
from wire import AlreadyExists

_PATH = "/v1.0/roleManagement/directory/roleAssignments"
WHOLE_TENANT = "/"
EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
"""Template ids: learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference."""


def held(graph: GraphApi, principal_id: str) -> set[tuple[str, str]]:
    """The roles that were given to it directly, each with its scope."""
    found = graph.list(_PATH, {"$filter": f"principalId eq '{principal_id}'"})
    return {
        (str(one.get("roleDefinitionId")).lower(), str(one.get("directoryScopeId")).lower()) for one in found
    }


def names(graph: GraphApi) -> dict[str, str]:
    """What roles are called, by id: Microsoft's own, whose template id it is, and custom ones."""
    found = graph.list("/v1.0/roleManagement/directory/roleDefinitions", {"$select": "id,displayName"})
    return {str(one.get("id")).lower(): str(one.get("displayName")) for one in found}


def of_application(object_id: str) -> str:
    """The scope of one application."""
    return f"/{object_id.lower()}"


def give(graph: GraphApi, principal_id: str, role: str, scope: str) -> None:
    """Give the role for this scope; one that it holds is fine."""
    body = {"principalId": principal_id, "roleDefinitionId": role, "directoryScopeId": scope}
    try:
        graph.post(_PATH, body)
    except AlreadyExists:
        return
