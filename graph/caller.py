"""Who asks Microsoft Graph: the person, or the application."""

from graph.api import SERVICE, GraphApi
from graph.service_principals import find_service_principal
from wire import Invalid


def caller_id(graph: GraphApi, client_id: str) -> str:
    """The object id of who is signed in; `client_id` is that of an application, "" for a person.

    https://learn.microsoft.com/graph/api/user-get
    """
    if client_id:
        return find_service_principal(graph, client_id)
    found = str(graph.get("/v1.0/me", {"$select": "id"}).get("id") or "")
    if not found:
        raise Invalid(SERVICE, "looking up who is signed in", "the answer has no id")
    return found.lower()
