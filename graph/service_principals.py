"""Service principals in Microsoft Graph."""

from dataclasses import dataclass

from graph.api import SERVICE, GraphApi
from wire import NotFound


@dataclass(frozen=True)
class AppRole:
    """An app role that a service principal offers. `value` is its name, such as Mail.Read; "" without one.

    usable: it is enabled, and an application may have it.
    """

    id: str
    value: str
    usable: bool


def find_service_principal(graph: GraphApi, app_id: str) -> str:
    """The object id of the tenant's service principal of an application; NotFound when it has none."""
    found = graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{app_id}'", "$select": "id,appId"})
    for one in found:
        if str(one["appId"]).lower() == app_id.lower():
            return str(one["id"]).lower()
    raise NotFound(SERVICE, f"looking up the service principal of {app_id}", "there is none in this tenant")


def display_name(graph: GraphApi, app_id: str) -> str:
    """How the tenant's service principal of an application is called; "" when it has none."""
    query = {"$filter": f"appId eq '{app_id}'", "$select": "id,appId,displayName"}
    found = graph.list("/v1.0/servicePrincipals", query)
    return next((str(one.get("displayName") or "") for one in found), "")


def app_roles(graph: GraphApi, object_id: str) -> list[AppRole]:
    """The app roles that a service principal offers (learn.microsoft.com/graph/api/resources/approle)."""
    found = graph.get(f"/v1.0/servicePrincipals/{object_id}", {"$select": "id,appRoles"})
    return [
        AppRole(
            id=str(role["id"]).lower(),
            value=str(role.get("value") or ""),
            usable=role.get("isEnabled") is not False
            and "Application" in (role.get("allowedMemberTypes") or ["Application"]),
        )
        for role in found.get("appRoles") or ()
    ]


def app_role_names(graph: GraphApi, object_id: str) -> dict[str, str]:
    """The values of the app roles that a service principal offers, such as Mail.Read, by the roles' ids."""
    return {role.id: role.value for role in app_roles(graph, object_id)}
