"""Making an application that signs in by itself: its registration, consents and federated credentials."""

from dataclasses import dataclass
from urllib.parse import quote

from graph.api import SERVICE, Document, GraphApi
from wire import NotFound

FEDERATION_AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True)
class Registration:
    """An app registration, and its service principal: "" when it has none. Owners are object ids, sorted."""

    object_id: str
    app_id: str
    principal_id: str
    owners: tuple[str, ...]
    secret_names: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """A service of Microsoft's in this tenant: its object id, and its application permissions by name."""

    object_id: str
    roles: dict[str, str]


@dataclass(frozen=True)
class Trust:
    """A federated credential: whose tokens, for which subject, are as good as a secret."""

    issuer: str
    subject: str


def find_registrations(graph: GraphApi, name: str) -> list[Registration]:
    """Every app registration of this display name; a name is not unique in Entra."""
    quoted = name.replace("'", "''")
    found = graph.list(
        "/v1.0/applications",
        {"$filter": f"displayName eq '{quoted}'", "$select": "id,appId,passwordCredentials"},
    )
    return [_registration(graph, one) for one in found]


def register(graph: GraphApi, name: str, notes: str, owners: list[str]) -> tuple[str, str]:
    """Make an application of this tenant alone that nobody signs in to; its object id and client id."""
    body: Document = {"displayName": name, "notes": notes, "signInAudience": "AzureADMyOrg"}
    if owners:
        body["owners@odata.bind"] = [graph.address(f"/v1.0/directoryObjects/{owner}") for owner in owners]
    made = graph.post("/v1.0/applications", body)
    return str(made["id"]).lower(), str(made["appId"]).lower()


def add_service_principal(graph: GraphApi, app_id: str) -> str:
    """Make the application's service principal; its object id. NotReady while the application is too new."""
    return str(graph.post("/v1.0/servicePrincipals", {"appId": app_id})["id"]).lower()


def service(graph: GraphApi, app_id: str) -> Service:
    """The service of this client id; NotFound when the tenant has none."""
    query = {"$filter": f"appId eq '{app_id}'", "$select": "id,appId,appRoles"}
    for one in graph.list("/v1.0/servicePrincipals", query):
        roles = {str(role["value"]): str(role["id"]).lower() for role in one.get("appRoles") or ()}
        return Service(str(one["id"]).lower(), roles)
    raise NotFound(SERVICE, f"looking up the service {app_id}", "there is none in this tenant")


def consent(graph: GraphApi, principal_id: str, service_id: str, role_id: str) -> None:
    """Grant an application permission: admin consent. NotReady while the principal is too new."""
    graph.post(
        f"/v1.0/servicePrincipals/{quote(service_id, safe='')}/appRoleAssignedTo",
        {"principalId": principal_id, "resourceId": service_id, "appRoleId": role_id},
    )


def trusts(graph: GraphApi, object_id: str) -> set[Trust]:
    """The federated credentials of an application."""
    path = f"/v1.0/applications/{quote(object_id, safe='')}/federatedIdentityCredentials"
    return {Trust(str(one["issuer"]), str(one["subject"])) for one in graph.list(path)}


def add_trust(graph: GraphApi, object_id: str, name: str, trust: Trust) -> None:
    """Let the issuer's tokens for this subject sign in as the application."""
    graph.post(
        f"/v1.0/applications/{quote(object_id, safe='')}/federatedIdentityCredentials",
        {
            "name": name,
            "issuer": trust.issuer,
            "subject": trust.subject,
            "audiences": [FEDERATION_AUDIENCE],
        },
    )


def user_id(graph: GraphApi, name: str) -> str:
    """The object id of a person by user principal name or object id; NotFound when there is nobody."""
    return str(graph.get(f"/v1.0/users/{quote(name, safe='@')}", {"$select": "id"})["id"]).lower()


def _registration(graph: GraphApi, found: Document) -> Registration:
    path = f"/v1.0/applications/{quote(str(found['id']), safe='')}"
    app_id = str(found["appId"]).lower()
    principals = graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{app_id}'", "$select": "id"})
    owners = sorted(str(one["id"]).lower() for one in graph.list(f"{path}/owners", {"$select": "id"}))
    return Registration(
        object_id=str(found["id"]).lower(),
        app_id=app_id,
        principal_id=str(principals[0]["id"]).lower() if principals else "",
        owners=tuple(owners),
        secret_names=tuple(str(one.get("displayName")) for one in found.get("passwordCredentials") or ()),
    )
