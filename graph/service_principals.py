"""Service principals in Microsoft Graph."""

from graph.api import SERVICE, GraphApi
from wire import NotFound


def find_service_principal(graph: GraphApi, app_id: str) -> str:
    """The object id of the tenant's service principal of an application; NotFound when it has none."""
    found = graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{app_id}'", "$select": "id,appId"})
    for one in found:
        if str(one["appId"]).lower() == app_id.lower():
            return str(one["id"]).lower()
    raise NotFound(SERVICE, f"looking up the service principal of {app_id}", "there is none in this tenant")
