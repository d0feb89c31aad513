"""Consent: application permissions granted to service principals.

https://learn.microsoft.com/en-us/graph/api/serviceprincipal-post-approleassignedto
"""

import base64
import uuid

from emulator.clock import stamp
from emulator.graph import query
from emulator.graph.authorization import GRANT_CONSENTS, READ_CONSENTS, REVOKE_CONSENTS
from emulator.graph.directory_audits import consented
from emulator.graph.entities import APP_ROLE_ASSIGNMENT
from emulator.graph.errors import bad_request, not_found
from emulator.graph.relations import directory_object
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.graph.service_principals import find as service_principal
from emulator.store import Document

OPERATIONS = Operations()

# from both ends: what others hold on this service, and what this one holds on others
_ON = "/servicePrincipals/{id}/appRoleAssignedTo"
_OF = "/servicePrincipals/{id}/appRoleAssignments"


@OPERATIONS.on("GET", _ON, needs=READ_CONSENTS)
def list_consents_on(call: Call) -> Answer:
    """List who holds app roles of this service."""
    return _list(call, "resourceId")


@OPERATIONS.on("GET", _OF, needs=READ_CONSENTS)
def list_consents_of(call: Call) -> Answer:
    """List the app roles that this service principal holds."""
    return _list(call, "principalId")


@OPERATIONS.on("POST", _ON, _OF, needs=GRANT_CONSENTS)
def grant(call: Call) -> Answer:
    """Grant an app role to a principal: admin consent."""
    wanted = APP_ROLE_ASSIGNMENT.accept(call.body)
    service_principal(call)
    ids = [str(wanted.get(name, "")).lower() for name in ("principalId", "resourceId", "appRoleId")]
    principal_id, resource_id, app_role_id = ids
    if call.params["id"].lower() not in (principal_id, resource_id):
        raise bad_request("Not a valid reference update.")
    resource = call.store.get("servicePrincipal", resource_id)
    if resource is None:
        raise not_found(resource_id)
    entity, principal = directory_object(call.store, principal_id)
    if not call.known("servicePrincipal", [principal], "refer to"):
        raise not_found(principal_id)
    role = next((one for one in resource.get("appRoles", []) if one["id"] == app_role_id), None)
    if role is None:
        raise bad_request("Permission being assigned was not found on application")
    for consent in call.store.all("appRoleAssignment"):
        if [consent["principalId"], consent["resourceId"], consent["appRoleId"]] == ids:
            raise bad_request("Permission being assigned already exists on the object")
    granted = {
        "id": base64.urlsafe_b64encode(uuid.UUID(principal_id).bytes + uuid.uuid4().bytes)
        .decode()
        .rstrip("="),
        "appRoleId": app_role_id,
        "createdDateTime": stamp(call.tenant.clock.now()),
        "principalId": principal_id,
        "principalType": entity.name[0].upper() + entity.name[1:],
        "principalDisplayName": principal["displayName"],
        "resourceId": resource_id,
        "resourceDisplayName": resource["displayName"],
    }
    call.store.put("appRoleAssignment", granted["id"], granted)
    call.tenant.made("appRoleAssignment", granted["id"])
    consented(call, granted, role, resource, principal)
    return query.one(call, APP_ROLE_ASSIGNMENT, granted, 201)


@OPERATIONS.on("GET", _ON + "/{assignment}", _OF + "/{assignment}", needs=READ_CONSENTS)
def get_consent(call: Call) -> Answer:
    """Read a grant."""
    return query.one(call, APP_ROLE_ASSIGNMENT, _find(call))


@OPERATIONS.on("DELETE", _ON + "/{assignment}", _OF + "/{assignment}", needs=REVOKE_CONSENTS)
def revoke(call: Call) -> Answer:
    """Revoke a grant; tokens that were minted with it keep it until they expire."""
    call.store.delete("appRoleAssignment", _find(call)["id"])
    return NO_CONTENT


def _list(call: Call, end: str) -> Answer:
    principal = service_principal(call)
    found = [c for c in call.store.all("appRoleAssignment") if c[end] == principal["id"]]
    return query.many(call, APP_ROLE_ASSIGNMENT, call.known("appRoleAssignment", found))


def _find(call: Call) -> Document:
    principal = service_principal(call)
    consent = call.store.get("appRoleAssignment", call.params["assignment"])
    if consent is None or principal["id"] not in (consent["principalId"], consent["resourceId"]):
        raise not_found(call.params["assignment"])
    if not call.known("appRoleAssignment", [consent], "read"):
        raise not_found(call.params["assignment"])
    return consent
