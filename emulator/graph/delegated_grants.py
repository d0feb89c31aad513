"""Delegated permission grants: what an app may do in somebody's name, or in everybody's.

https://learn.microsoft.com/en-us/graph/api/resources/oauth2permissiongrant. A second grant of the same
client, resource and person is refused as hashicorp/terraform-provider-azuread #690 quotes it; the other texts
are not confirmed, nor that a scope which the resource doesn't have is taken, as it is here.
"""

import base64
import uuid

from emulator.graph import query
from emulator.graph.authorization import MANAGE_DELEGATED_GRANTS, READ_DELEGATED_GRANTS
from emulator.graph.entities import DELEGATED_GRANT
from emulator.graph.errors import GraphError, bad_request, not_found
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.graph.service_principals import find as service_principal
from emulator.store import Document

OPERATIONS = Operations()

_EVERYBODY, _SOMEBODY = "AllPrincipals", "Principal"


@OPERATIONS.on("GET", "/oauth2PermissionGrants", needs=READ_DELEGATED_GRANTS)
def list_grants(call: Call) -> Answer:
    """List delegated permission grants."""
    return query.many(call, DELEGATED_GRANT, call.store.all("oauth2PermissionGrant"))


@OPERATIONS.on("GET", "/oauth2PermissionGrants/{id}", needs=READ_DELEGATED_GRANTS)
def get_grant(call: Call) -> Answer:
    """Read a delegated permission grant."""
    return query.one(call, DELEGATED_GRANT, _find(call))


@OPERATIONS.on("GET", "/servicePrincipals/{id}/oauth2PermissionGrants", needs=READ_DELEGATED_GRANTS)
def list_grants_of(call: Call) -> Answer:
    """List the delegated permission grants of a service principal."""
    principal = service_principal(call)
    found = [g for g in call.store.all("oauth2PermissionGrant") if g["clientId"] == principal["id"]]
    return query.many(call, DELEGATED_GRANT, found)


@OPERATIONS.on("POST", "/oauth2PermissionGrants", needs=MANAGE_DELEGATED_GRANTS)
def create_grant(call: Call) -> Answer:
    """Let an app act in everybody's name, or in one person's."""
    wanted = DELEGATED_GRANT.accept(call.body)
    client_id, resource_id = (_existing(call, wanted, name) for name in ("clientId", "resourceId"))
    principal_id = _principal_id(call, wanted)
    ids = [client_id, resource_id, *filter(None, [principal_id])]
    # Azure/azure-cli #20974 shows what the id is made of
    packed = b"".join(uuid.UUID(one).bytes_le for one in ids)
    id_ = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if call.store.get("oauth2PermissionGrant", id_):
        raise GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
    granted = {
        "id": id_,
        "clientId": client_id,
        "consentType": wanted["consentType"],
        "principalId": principal_id,
        "resourceId": resource_id,
        "scope": _scope(wanted),
    }
    _put(call, granted)
    return query.one(call, DELEGATED_GRANT, granted, 201)


@OPERATIONS.on("PATCH", "/oauth2PermissionGrants/{id}", needs=MANAGE_DELEGATED_GRANTS)
def update_grant(call: Call) -> Answer:
    """Change what a grant is for; whose it is stays."""
    grant = _find(call)
    change = DELEGATED_GRANT.accept(call.body, grant)
    for name, value in change.items():
        if name != "scope" and value != grant[name]:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    if "scope" in change:
        _put(call, grant | {"scope": _scope(change)})
    return NO_CONTENT


@OPERATIONS.on("DELETE", "/oauth2PermissionGrants/{id}", needs=MANAGE_DELEGATED_GRANTS)
def remove_grant(call: Call) -> Answer:
    """Revoke a delegated permission grant."""
    call.store.delete("oauth2PermissionGrant", _find(call)["id"])
    return NO_CONTENT


def _find(call: Call) -> Document:
    found = call.store.get("oauth2PermissionGrant", call.params["id"])
    if found is None:
        raise not_found(call.params["id"])
    return found


def _put(call: Call, grant: Document) -> None:
    call.store.put("oauth2PermissionGrant", grant["id"], grant)


def _existing(call: Call, wanted: Document, name: str) -> str:
    """The id of the service principal that a property names."""
    id_ = str(wanted.get(name) or "").lower()
    if not id_:
        raise bad_request(f"Property {name} is required and must not be empty.")
    if call.store.get("servicePrincipal", id_) is None:
        raise not_found(id_)
    return id_


def _principal_id(call: Call, wanted: Document) -> str | None:
    consent_type, id_ = wanted.get("consentType"), str(wanted.get("principalId") or "").lower()
    if consent_type not in (_EVERYBODY, _SOMEBODY):
        raise bad_request(f"Invalid value specified for property 'consentType': '{consent_type}'.")
    if bool(id_) != (consent_type == _SOMEBODY):
        raise bad_request(
            f"principalId must be set when consentType is {_SOMEBODY}, and null when it is {_EVERYBODY}."
        )
    if id_ and call.store.get("user", id_) is None:
        raise not_found(id_)
    return id_ or None


def _scope(wanted: Document) -> str:
    scope = wanted.get("scope")
    if not isinstance(scope, str) or not scope.strip():
        raise bad_request("Property scope is required and must not be empty.")
    return scope
