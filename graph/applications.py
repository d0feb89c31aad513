"""Applications in Microsoft Graph: their consent, owners and secrets."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote

from graph.api import SERVICE, Document, GraphApi
from wire import Invalid, NotFound, Unclear

UNFINISHED = "TERRAFORM_UPDATE_"
"""How azuread calls an application for a moment, between making it and naming it
(terraform-provider-azuread 3.9, application resource)."""


@dataclass(frozen=True)
class Password:
    """A password credential as Graph lists it: never its text. Times are aware, in UTC."""

    key_id: str
    display_name: str
    expires: datetime | None

    @classmethod
    def of(cls, document: Document) -> Self:
        """From an entry of passwordCredentials."""
        end = document.get("endDateTime")
        return cls(
            key_id=str(document["keyId"]).lower(),
            display_name=str(document.get("displayName") or ""),
            expires=datetime.fromisoformat(end) if end else None,
        )


@dataclass(frozen=True)
class NewPassword:
    """A secret that was just made; the only moment at which `secret` is known. It is never shown."""

    key_id: str
    secret: str

    def __repr__(self) -> str:
        return f"NewPassword(key_id={self.key_id!r})"


@dataclass(frozen=True)
class Application:
    """An app registration. Ids are in lower case; owners are object ids, sorted.

    certificates are listed as secrets are: by key id, name and end.
    """

    object_id: str
    app_id: str
    name: str
    notes: str
    passwords: tuple[Password, ...]
    certificates: tuple[Password, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True)
class AppRoleAssignment:
    """A consented application permission: app role `role_id` of service principal `resource_id`."""

    assignment_id: str
    role_id: str
    resource_id: str
    resource_name: str


@dataclass(frozen=True)
class OauthGrant:
    """Delegated permissions that were consented to, for one person or everyone."""

    grant_id: str
    resource_id: str
    scopes: tuple[str, ...]
    everyone: bool


def application(graph: GraphApi, object_id: str) -> Application | None:
    """The app registration with this object id, its secrets and owners; None when there is none."""
    path = f"/v1.0/applications/{quote(object_id, safe='')}"
    try:
        found = graph.get(path, {"$select": "id,appId,displayName,notes,passwordCredentials,keyCredentials"})
        owners = graph.list(f"{path}/owners", {"$select": "id"})
    except NotFound:
        return None
    _same(found, "id", object_id)
    return _application(found, _ids(owners))


def marked(graph: GraphApi, mark: str) -> list[Application]:
    """The app registrations whose notes carry the mark, by object id, without their owners.

    Graph can't filter by notes, so all of the tenant's are listed.
    """
    return [one for one in _listed(graph) if mark in one.notes]


def namesakes(graph: GraphApi, of: Application) -> list[Application]:
    """The other app registrations of its display name and those that azuread never named, by object id."""
    condition = f"{_is_named(of.name)} or startswith(displayName,'{UNFINISHED}')"
    return [one for one in _listed(graph, condition) if one.object_id != of.object_id]


def named(graph: GraphApi, name: str) -> list[Application]:
    """The app registrations of this display name, without their owners, by object id."""
    return _listed(graph, _is_named(name))


def by_client_id(graph: GraphApi, client_id: str) -> Application | None:
    """The app registration with this client id, without its owners; None when there is none."""
    found = [one for one in _listed(graph, f"appId eq '{client_id}'") if one.app_id == client_id.lower()]
    return found[0] if found else None


def _is_named(name: str) -> str:
    quoted = name.replace("'", "''")
    return f"displayName eq '{quoted}'"


def _listed(graph: GraphApi, condition: str = "") -> list[Application]:
    query = {"$select": "id,appId,displayName,notes,passwordCredentials,keyCredentials", "$top": "999"}
    if condition:
        query["$filter"] = condition
    found = [_application(one, ()) for one in graph.list("/v1.0/applications", query)]
    return sorted(found, key=lambda one: one.object_id)


def app_role_assignments(graph: GraphApi, service_principal_id: str) -> list[AppRoleAssignment]:
    """The application permissions that this service principal holds, on whatever resource."""
    path = f"/v1.0/servicePrincipals/{quote(service_principal_id, safe='')}/appRoleAssignments"
    found = [
        AppRoleAssignment(
            assignment_id=str(one["id"]),
            role_id=str(one["appRoleId"]).lower(),
            resource_id=str(one["resourceId"]).lower(),
            resource_name=str(one.get("resourceDisplayName") or ""),
        )
        for one in graph.list(path)
    ]
    return sorted(found, key=lambda grant: (grant.resource_id, grant.role_id))


def oauth_grants(graph: GraphApi, service_principal_id: str) -> list[OauthGrant]:
    """The delegated permissions that this service principal holds."""
    path = f"/v1.0/servicePrincipals/{quote(service_principal_id, safe='')}/oauth2PermissionGrants"
    found = [
        OauthGrant(
            grant_id=str(one["id"]),
            resource_id=str(one["resourceId"]).lower(),
            scopes=tuple(sorted(str(one.get("scope") or "").split())),
            everyone=one.get("consentType") == "AllPrincipals",
        )
        for one in graph.list(path)
    ]
    return sorted(found, key=lambda grant: (grant.resource_id, grant.grant_id))


def passwords(graph: GraphApi, object_id: str) -> tuple[Password, ...]:
    """The application's client secrets; NotFound when there is no such application."""
    path = f"/v1.0/applications/{quote(object_id, safe='')}"
    found = graph.get(path, {"$select": "id,passwordCredentials"})
    _same(found, "id", object_id)
    return tuple(Password.of(one) for one in found.get("passwordCredentials") or ())


def credentials(graph: GraphApi, object_id: str, service_principal_id: str) -> int:
    """How many secrets, certificates and federated credentials an application and its principal have.

    Those that have ended count too: nothing is said here about who may use them. NotFound when either is
    gone.
    """
    held = "id,passwordCredentials,keyCredentials"
    application_path = f"/v1.0/applications/{quote(object_id, safe='')}"
    owners = (application_path, f"/v1.0/servicePrincipals/{quote(service_principal_id, safe='')}")
    documents = [graph.get(path, {"$select": held}) for path in owners]
    stored = sum(
        len(document.get(kind) or ())
        for document in documents
        for kind in ("passwordCredentials", "keyCredentials")
    )
    return stored + len(graph.list(f"{application_path}/federatedIdentityCredentials"))


def add_password(graph: GraphApi, object_id: str, *, display_name: str, ends: datetime) -> NewPassword:
    """Make a client secret that nobody else's secret on this application shares its name with.

    When the answer is lost the secret is lost with it: whatever carries the name is removed, and the secret
    is made once more.
    """
    try:
        return _add_password(graph, object_id, display_name, ends)
    except Unclear:
        for left in passwords(graph, object_id):
            if left.display_name == display_name:
                remove_password(graph, object_id, left.key_id)
        return _add_password(graph, object_id, display_name, ends)


def remove_password(graph: GraphApi, object_id: str, key_id: str) -> None:
    """Remove the client secret; one that is gone already, or whose application is, is fine."""
    remove_password_of(graph, f"/v1.0/applications/{quote(object_id, safe='')}", key_id)


def remove_password_of(graph: GraphApi, path: str, key_id: str) -> None:
    """The same of the application or service principal at `path`."""
    try:
        graph.post(f"{path}/removePassword", {"keyId": key_id})
    except NotFound:
        return
    except (Invalid, Unclear):  # Graph answers an unknown key id with 400
        if _has(graph, path, key_id):
            graph.post(f"{path}/removePassword", {"keyId": key_id})


def remove(graph: GraphApi, object_id: str) -> None:
    """Delete the app registration and with it its service principal; one that is gone already is fine."""
    try:
        graph.delete(f"/v1.0/applications/{quote(object_id, safe='')}")
    except NotFound:
        return


def _application(found: Document, owners: tuple[str, ...]) -> Application:
    return Application(
        object_id=str(found["id"]).lower(),
        app_id=str(found["appId"]).lower(),
        name=str(found.get("displayName") or ""),
        notes=str(found.get("notes") or ""),
        passwords=tuple(Password.of(one) for one in found.get("passwordCredentials") or ()),
        certificates=tuple(Password.of(one) for one in found.get("keyCredentials") or ()),
        owners=owners,
    )


def _has(graph: GraphApi, path: str, key_id: str) -> bool:
    try:
        found = graph.get(path, {"$select": "id,passwordCredentials"})
    except NotFound:
        return False
    return any(str(one["keyId"]).lower() == key_id.lower() for one in found.get("passwordCredentials") or ())


def _add_password(graph: GraphApi, object_id: str, display_name: str, ends: datetime) -> NewPassword:
    end = ends.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    answer = graph.post(
        f"/v1.0/applications/{quote(object_id, safe='')}/addPassword",
        {"passwordCredential": {"displayName": display_name, "endDateTime": end}},
    )
    if not answer.get("secretText") or not answer.get("keyId"):
        raise Unclear(SERVICE, f"addPassword on application {object_id}", "the answer held no secret")
    return NewPassword(str(answer["keyId"]).lower(), str(answer["secretText"]))


def _same(document: Document, key: str, expected: str) -> str:
    value = str(document.get(key) or "").lower()
    if value != expected.lower():
        raise Invalid(SERVICE, f"looking up {expected}", f"{value or 'something else'} came back")
    return value


def _ids(documents: list[Document]) -> tuple[str, ...]:
    return tuple(sorted(str(one["id"]).lower() for one in documents))
