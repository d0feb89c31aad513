"""Whether an application exists or could come back."""

from graph.api import SERVICE, GraphApi
from wire import Invalid

_WHERE = ("/v1.0/applications", "/v1.0/directory/deletedItems/microsoft.graph.application")


def exists_or_restorable(graph: GraphApi, client_id: str) -> bool:
    """Whether the tenant has the application, or deleted it less than 30 days ago and could restore it.

    A restored application has its permissions again
    (https://learn.microsoft.com/graph/api/directory-deleteditems-restore). WireError when that is not known.
    """
    query = {"$filter": f"appId eq '{client_id}'", "$select": "id,appId"}
    found = [str(one["appId"]).lower() for path in _WHERE for one in graph.list(path, query)]
    if any(app_id != client_id.lower() for app_id in found):
        raise Invalid(SERVICE, f"looking up {client_id}", f"{', '.join(found)} came back")
    return bool(found)
