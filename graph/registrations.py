"""Making an application that signs in by itself: its registration, consents and federated credentials.

What comes back is believed only where it is what was asked for; else Invalid is raised.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from graph.api import SERVICE, Document, GraphApi
from graph.applications import Password
from pipeline_subject import AUDIENCE
from wire import AlreadyExists, Invalid, NotFound, Unclear

SINGLE_TENANT = "AzureADMyOrg"
_APPLICATION = "id,appId,displayName,notes,uniqueName,signInAudience,passwordCredentials,keyCredentials"
_DELETED = (
    "An application that was made under this name was deleted less than 30 days ago. Restore it or delete it "
    "for good in Entra, App registrations, Deleted applications; or choose another --name."
)


@dataclass(frozen=True)
class Principal:
    """A service principal; its owners are object ids, sorted, `credentials` counts those of its own."""

    object_id: str
    owners: tuple[str, ...]
    credentials: int


@dataclass(frozen=True)
class Registration:
    """An app registration, and its service principal if it has one. Owners are object ids, sorted."""

    object_id: str
    app_id: str
    name: str
    notes: str
    unique_name: str
    audience: str
    passwords: tuple[Password, ...]
    certificates: int
    owners: tuple[str, ...]
    principal: Principal | None


@dataclass(frozen=True)
class Service:
    """A service of Microsoft's in this tenant: its object id, and its application permissions by name."""

    object_id: str
    roles: dict[str, str]


@dataclass(frozen=True)
class Trust:
    """A federated credential: whose tokens, for which subject and audiences, are as good as a secret.

    `subject` is "" for one that trusts by an expression.
    """

    issuer: str
    subject: str
    audiences: tuple[str, ...] = (AUDIENCE,)


def unique_name(name: str) -> str:
    """The alternate key under which `register` makes the application of this display name."""
    return f"roomctl-deployer-{hashlib.sha256(name.casefold().encode()).hexdigest()[:24]}"


def find_registrations(graph: GraphApi, name: str) -> list[Registration]:
    """Every app registration of this display name, and the one that `register` made for it, by object id."""
    quoted = name.replace("'", "''")
    query = {"$filter": f"displayName eq '{quoted}'", "$select": "id,displayName"}
    found = {_same(one, "displayName", name, "id") for one in graph.list("/v1.0/applications", query)} | set(
        _made_for(graph, name)
    )
    return [registration(graph, object_id) for object_id in sorted(found)]


def registration(graph: GraphApi, object_id: str) -> Registration:
    """The app registration of this object id; NotFound when there is none."""
    path = _application(object_id)
    found = graph.get(path, {"$select": _APPLICATION})
    _same(found, "id", object_id)
    app_id = _required(found, "appId")
    return Registration(
        object_id=object_id,
        app_id=app_id,
        name=str(found.get("displayName") or ""),
        notes=str(found.get("notes") or ""),
        unique_name=str(found.get("uniqueName") or ""),
        audience=str(found.get("signInAudience") or ""),
        passwords=tuple(Password.of(one) for one in found.get("passwordCredentials") or ()),
        certificates=len(found.get("keyCredentials") or ()),
        owners=_owners(graph, path),
        principal=_principal(graph, app_id),
    )


def register(graph: GraphApi, name: str, notes: str) -> str:
    """Make an application of this tenant alone that nobody signs in to; its object id.

    Made once, however often and by however many it is asked for: what is there under its unique name is
    taken instead, so look at it before trusting it. AlreadyExists while a deleted one could be restored.
    """
    path = _by_unique_name(name)
    body: Document = {"displayName": name, "notes": notes, "signInAudience": SINGLE_TENANT}
    try:
        made = graph.upsert(path, body)
    except Unclear:
        made = graph.upsert(path, body)
    except AlreadyExists as error:  # github.com/microsoftgraph/msgraph-bicep-types/issues/137
        raise AlreadyExists.like(error, _DELETED) from None
    return _required(made or graph.get(path, {"$select": "id"}), "id")


def add_service_principal(graph: GraphApi, app_id: str) -> str:
    """Make the application's service principal, or find it; its object id.

    NotReady while the application is too new, NotFound while the principal is.
    """
    try:
        return _same(graph.post("/v1.0/servicePrincipals", {"appId": app_id}), "appId", app_id, "id")
    except AlreadyExists:
        if principal := _principal(graph, app_id):
            return principal.object_id
        raise NotFound(SERVICE, f"looking up the service principal of {app_id}", "it is too new") from None


def add_owner(graph: GraphApi, object_id: str, owner: str) -> None:
    """Make it an owner of the application; one that is, is fine."""
    try:
        graph.post(
            f"{_application(object_id)}/owners/$ref",
            {"@odata.id": graph.address(f"/v1.0/directoryObjects/{quote(owner, safe='')}")},
        )
    except AlreadyExists:
        return


def remove_owner(graph: GraphApi, object_id: str, owner: str) -> None:
    """Take an owner from the application; one that is none is fine."""
    _remove_owner(graph, _application(object_id), owner)


def remove_principal_owner(graph: GraphApi, principal_id: str, owner: str) -> None:
    """Take an owner from the service principal; one that is none is fine."""
    _remove_owner(graph, _service_principal(principal_id), owner)


def service(graph: GraphApi, app_id: str) -> Service:
    """The service of this client id; NotFound when the tenant has none."""
    query = {"$filter": f"appId eq '{app_id}'", "$select": "id,appId,appRoles"}
    for one in graph.list("/v1.0/servicePrincipals", query):
        roles = {str(role.get("value")): _required(role, "id") for role in one.get("appRoles") or ()}
        return Service(_same(one, "appId", app_id, "id"), roles)
    raise NotFound(SERVICE, f"looking up the service {app_id}", "there is none in this tenant")


def consent(graph: GraphApi, principal_id: str, service_id: str, role_id: str) -> None:
    """Grant an application permission: admin consent; one that is granted is fine.

    NotReady or NotFound while the principal is too new.
    """
    try:
        graph.post(
            f"{_service_principal(service_id)}/appRoleAssignedTo",
            {"principalId": principal_id, "resourceId": service_id, "appRoleId": role_id},
        )
    except AlreadyExists:
        return


def trusts(graph: GraphApi, object_id: str) -> set[Trust]:
    """The federated credentials of an application; NotFound when there is no such application."""
    return set(_trusts(graph, object_id))


def add_trust(graph: GraphApi, object_id: str, name: str, trust: Trust) -> None:
    """Let the issuer's tokens for this subject sign in as the application; if they may, it is fine.

    AlreadyExists when the name, or issuer and subject, are those of a credential that trusts others.
    """
    try:
        graph.post(
            f"{_application(object_id)}/federatedIdentityCredentials",
            {
                "name": name,
                "issuer": trust.issuer,
                "subject": trust.subject,
                "audiences": list(trust.audiences),
            },
        )
    except AlreadyExists:
        if trust not in trusts(graph, object_id):
            raise


def user_id(graph: GraphApi, name: str) -> str:
    """The object id of a person by user principal name or object id; NotFound when there is nobody."""
    path = f"/v1.0/users/{quote(name, safe='@')}"
    found = graph.get(path, {"$select": "id,userPrincipalName"})
    return _same(found, "userPrincipalName" if "@" in name else "id", name, "id")


def _application(object_id: str) -> str:
    return f"/v1.0/applications/{quote(object_id, safe='')}"


def _service_principal(object_id: str) -> str:
    return f"/v1.0/servicePrincipals/{quote(object_id, safe='')}"


def _remove_owner(graph: GraphApi, path: str, owner: str) -> None:
    try:
        graph.delete(f"{path}/owners/{quote(owner, safe='')}/$ref")
    except NotFound:
        return


def _by_unique_name(name: str) -> str:
    return f"/v1.0/applications(uniqueName='{unique_name(name)}')"


def _made_for(graph: GraphApi, name: str) -> Iterator[str]:
    try:
        found = graph.get(_by_unique_name(name), {"$select": "id,uniqueName"})
    except NotFound:
        return
    yield _same(found, "uniqueName", unique_name(name), "id")


def _trusts(graph: GraphApi, object_id: str) -> Iterator[Trust]:
    for one in graph.list(f"{_application(object_id)}/federatedIdentityCredentials"):
        audiences = tuple(str(audience) for audience in one.get("audiences") or ())
        yield Trust(str(one.get("issuer") or ""), str(one.get("subject") or ""), audiences)


def _principal(graph: GraphApi, app_id: str) -> Principal | None:
    query = {"$filter": f"appId eq '{app_id}'", "$select": "id,appId,passwordCredentials,keyCredentials"}
    for one in graph.list("/v1.0/servicePrincipals", query):
        object_id = _same(one, "appId", app_id, "id")
        held = [*(one.get("passwordCredentials") or ()), *(one.get("keyCredentials") or ())]
        return Principal(object_id, _owners(graph, _service_principal(object_id)), len(held))
    return None


def _owners(graph: GraphApi, path: str) -> tuple[str, ...]:
    found = graph.list(f"{path}/owners", {"$select": "id"})
    return tuple(sorted(_required(one, "id") for one in found))


def _same(document: Document, key: str, expected: str, wanted: str = "") -> str:
    """The id under `wanted` of the document whose `key` must be as expected."""
    value = str(document.get(key) or "")
    if value.casefold() != expected.casefold():
        raise Invalid(
            SERVICE,
            f"looking up {expected}",
            f"{value or 'something else'} came back",
            advice="Nothing was changed on the strength of it.",
        )
    return _required(document, wanted or key)


def _required(document: Document, key: str) -> str:
    """An id, in lower case."""
    value = str(document.get(key) or "")
    if not value:
        raise Invalid(
            SERVICE, f"reading {key}", "the answer has none", advice="Run it again, which looks first."
        )
    return value.lower()
