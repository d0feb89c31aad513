"""Whether an application exists or could come back."""

from graph.api import GraphApi

_WHERE = ("/v1.0/applications", "/v1.0/directory/deletedItems/microsoft.graph.application")


def exists_or_restorable(graph: GraphApi, client_id: str) -> bool:
    """Whether the tenant has the application, or deleted it less than 30 days ago and could restore it.

    A restored application has its permissions again
    (https://learn.microsoft.com/graph/api/directory-deleteditems-restore).
    """
    query = {"$filter": f"appId eq '{client_id}'", "$select": "id,appId"}
    return any(graph.list(path, query) for path in _WHERE)
