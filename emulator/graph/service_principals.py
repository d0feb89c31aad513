"""Service principals: an application's identity in a tenant.

https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal
"""

import uuid

from emulator.clock import stamp
from emulator.graph import key_credentials, passwords, query
from emulator.graph.applications import taken_over
from emulator.graph.authorization import (
    MANAGE_APPLICATIONS,
    READ_APPLICATIONS,
    READ_EVERY_APPLICATION,
    must_manage,
)
from emulator.graph.deletion import delete_service_principal
from emulator.graph.entities import SERVICE_PRINCIPAL, merge
from emulator.graph.errors import GraphError, bad_request, not_found
from emulator.graph.memberships import membership_operations
from emulator.graph.owners import first_owners, owned_operations, owner_operations, spread_owners
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()

_BY_ID = ("/servicePrincipals/{id}", "/servicePrincipals(appId='{app_id}')")


@OPERATIONS.on("GET", "/servicePrincipals", needs=READ_APPLICATIONS)
def list_service_principals(call: Call) -> Answer:
    """List service principals."""
    known = call.known("servicePrincipal", call.store.all("servicePrincipal"))
    return query.many(call, SERVICE_PRINCIPAL, known)


@OPERATIONS.on("GET", *_BY_ID, needs=READ_APPLICATIONS)
def get_service_principal(call: Call) -> Answer:
    """Read a service principal."""
    return query.one(call, SERVICE_PRINCIPAL, find(call))


@OPERATIONS.on("POST", "/servicePrincipals", needs=MANAGE_APPLICATIONS)
def create_service_principal(call: Call) -> Answer:
    """Create the service principal of an application of this tenant."""
    body = SERVICE_PRINCIPAL.accept(call.body)
    app_id = str(body.get("appId"))
    application = next((a for a in call.store.all("application") if a["appId"] == app_id.lower()), None)
    if application is None or not call.known("application", [application], "refer to"):
        raise bad_request(
            f"The appId '{app_id}' of the service principal does not reference a valid application object."
        )
    if "Application.ReadWrite.All" not in call.token.roles:
        _must_own_backing(call, application)
    if any(principal["appId"] == application["appId"] for principal in call.store.all("servicePrincipal")):
        raise GraphError(
            409,
            "Request_MultipleObjectsWithSameKeyValue",
            f"The service principal cannot be created, updated, or restored because the service principal "
            f"name {app_id} is already in use.",
        )
    principal = SERVICE_PRINCIPAL.whole({})
    merge(principal, body)
    principal |= {name: value for name, value in taken_over(application).items() if not body.get(name)}
    principal |= {
        "id": str(uuid.uuid4()),
        "appId": application["appId"],
        "appOwnerOrganizationId": call.tenant.id,
        "createdDateTime": stamp(call.tenant.clock.now()),
        "servicePrincipalType": "Application",
        "_owners": first_owners(call),
    }
    call.store.put("servicePrincipal", principal["id"], principal)
    call.tenant.made("servicePrincipal", principal["id"])
    spread_owners(call, principal)
    return query.one(call, SERVICE_PRINCIPAL, principal, 201)


@OPERATIONS.on("PATCH", *_BY_ID, needs=MANAGE_APPLICATIONS)
def update_service_principal(call: Call) -> Answer:
    """Change a service principal."""
    principal = _own(call)
    change = SERVICE_PRINCIPAL.accept(call.body, principal)
    if change.get("appId", principal["appId"]) != principal["appId"]:
        raise bad_request("Property 'appId' is read-only and cannot be set.")
    kept = principal.get("passwordCredentials", [])
    if change.pop("passwordCredentials", kept) != kept:
        raise bad_request("Secrets can't be changed by PATCH: use addPassword and removePassword.")
    whole = {**SERVICE_PRINCIPAL.whole({}), **principal}
    if "keyCredentials" in change:
        key_credentials.replace(whole, change.pop("keyCredentials"))
    merge(whole, change)
    call.store.put("servicePrincipal", principal["id"], whole)
    return NO_CONTENT


@OPERATIONS.on("DELETE", *_BY_ID, needs=MANAGE_APPLICATIONS)
def remove_service_principal(call: Call) -> Answer:
    """Delete a service principal with its consents; it can be restored for 30 days."""
    delete_service_principal(call.store, _own(call), call.tenant.clock.now())
    return NO_CONTENT


@OPERATIONS.on("POST", "/servicePrincipals/{id}/addPassword", needs=MANAGE_APPLICATIONS)
def add_password(call: Call) -> Answer:
    """Add a secret to a service principal; its application signs in with it, too."""
    return passwords.add(call, SERVICE_PRINCIPAL, _own(call))


@OPERATIONS.on("POST", "/servicePrincipals/{id}/removePassword", needs=MANAGE_APPLICATIONS)
def remove_password(call: Call) -> Answer:
    """Remove a secret of a service principal."""
    return passwords.remove(call, SERVICE_PRINCIPAL, _own(call))


def find(call: Call) -> Document:
    """The service principal that the path names by its id or its appId; GraphError when there is none."""
    if "app_id" in call.params:
        app_id = call.params["app_id"].lower()
        for principal in call.store.all("servicePrincipal"):
            if principal["appId"] == app_id:
                return principal
        raise not_found(app_id)
    found = call.store.get("servicePrincipal", call.params["id"])
    if found is None or not call.known("servicePrincipal", [found], "read"):
        raise not_found(call.params["id"])
    return found


membership_operations(OPERATIONS, _BY_ID, find, READ_APPLICATIONS, READ_EVERY_APPLICATION)
owner_operations(OPERATIONS, "/servicePrincipals/{id}/owners", SERVICE_PRINCIPAL, find)
owned_operations(OPERATIONS, "/servicePrincipals/{id}/ownedObjects", find)


def _own(call: Call) -> Document:
    principal = find(call)
    must_manage(call.token, principal)
    return principal


def _must_own_backing(call: Call, application: Document) -> None:
    if call.token.object_id not in application["_owners"]:
        raise GraphError(
            403,
            "Authorization_RequestDenied",
            "When using this permission, the backing application of the service principal being created "
            "must in the local tenant",
        )
