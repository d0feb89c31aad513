"""Entra's directory roles, by template id, for the whole tenant."""

from graph.api import GraphApi

_PATH = "/v1.0/roleManagement/directory/roleAssignments"
EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
"""Template ids: learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference."""


def holds(graph: GraphApi, principal_id: str, role: str) -> bool:
    """Whether the role was given to it, directly and for the whole tenant."""
    found = graph.list(_PATH, {"$filter": f"principalId eq '{principal_id}'"})
    return any(one["roleDefinitionId"] == role and one["directoryScopeId"] == "/" for one in found)


def given(graph: GraphApi, principal_id: str) -> list[str]:
    """The names of the roles that it was given directly, on whatever; the id of one without a name here."""
    found = graph.list(_PATH, {"$filter": f"principalId eq '{principal_id}'"})
    if not found:
        return []
    roles = graph.list("/v1.0/directoryRoles", {"$select": "roleTemplateId,displayName"})
    names = {str(role["roleTemplateId"]): str(role["displayName"]) for role in roles}
    return sorted({names.get(one["roleDefinitionId"], str(one["roleDefinitionId"])) for one in found})


def give(graph: GraphApi, principal_id: str, role: str) -> None:
    """Give the role; AlreadyExists when it holds it."""
    graph.post(_PATH, {"principalId": principal_id, "roleDefinitionId": role, "directoryScopeId": "/"})
