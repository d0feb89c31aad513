"""Delegated permission grants: read only, so that a review sees them.

https://learn.microsoft.com/en-us/graph/api/resources/oauth2permissiongrant
"""

from emulator.graph import query
from emulator.graph.authorization import READ_DELEGATED_GRANTS
from emulator.graph.entities import DELEGATED_GRANT
from emulator.graph.errors import not_found
from emulator.graph.routing import Answer, Call, Operations
from emulator.graph.service_principals import find as service_principal

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/oauth2PermissionGrants", needs=READ_DELEGATED_GRANTS)
def list_grants(call: Call) -> Answer:
    """List delegated permission grants."""
    return query.many(call, DELEGATED_GRANT, call.store.all("oauth2PermissionGrant"))


@OPERATIONS.on("GET", "/oauth2PermissionGrants/{id}", needs=READ_DELEGATED_GRANTS)
def get_grant(call: Call) -> Answer:
    """Read a delegated permission grant."""
    found = call.store.get("oauth2PermissionGrant", call.params["id"])
    if found is None:
        raise not_found(call.params["id"])
    return query.one(call, DELEGATED_GRANT, found)


@OPERATIONS.on("GET", "/servicePrincipals/{id}/oauth2PermissionGrants", needs=READ_DELEGATED_GRANTS)
def list_grants_of(call: Call) -> Answer:
    """List the delegated permission grants of a service principal."""
    principal = service_principal(call)
    found = [g for g in call.store.all("oauth2PermissionGrant") if g["clientId"] == principal["id"]]
    return query.many(call, DELEGATED_GRANT, found)
