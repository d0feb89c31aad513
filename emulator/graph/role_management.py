"""Directory roles: Microsoft's own, given for the whole tenant, and custom ones, on an application.

Or on its service principal alone.

https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/custom-create
"""

import uuid

from emulator.graph import query
from emulator.graph.authorization import MANAGE_ROLES, READ_ROLES
from emulator.graph.entities import GROUP, ROLE_ASSIGNMENT, ROLE_DEFINITION
from emulator.graph.errors import GraphError, bad_request, not_found, not_implemented
from emulator.graph.relations import directory_object
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.ids import stable_id
from emulator.store import Document, Store

OPERATIONS = Operations()

UPDATE_CREDENTIALS = "microsoft.directory/applications/credentials/update"
"""learn.microsoft.com/entra/identity/role-based-access-control/custom-available-permissions. Here it opens
client secrets; certificates and federated credentials stay closed."""
_WHOLE_TENANT = "/"


@OPERATIONS.on("GET", "/roleManagement/directory/roleDefinitions", needs=READ_ROLES)
def list_role_definitions(call: Call) -> Answer:
    """List the directory roles that there are, custom ones included."""
    own = [
        {"id": role["roleTemplateId"], "displayName": role["displayName"], "isBuiltIn": True}
        for role in call.store.all("directoryRole")
    ]
    return query.many(call, ROLE_DEFINITION, [*own, *call.store.all("roleDefinition")])


@OPERATIONS.on("POST", "/roleManagement/directory/roleDefinitions", needs=MANAGE_ROLES)
def create_role_definition(call: Call) -> Answer:
    """Make a custom role, which takes Entra ID P1; of actions only those on an application's credentials."""
    if not call.tenant.settings.get("premium", True):
        raise bad_request("The tenant has no license for custom roles.")  # the service's words are not known
    wanted = ROLE_DEFINITION.accept(call.body)
    if not wanted.get("displayName") or "isEnabled" not in wanted:
        raise bad_request("displayName, isEnabled and rolePermissions are required.")
    for action in _actions(wanted):
        if action != UPDATE_CREDENTIALS:
            raise not_implemented(f"the action {action}")
    if any(one["displayName"] == wanted["displayName"] for one in call.store.all("roleDefinition")):
        raise bad_request("A role definition with the same display name already exists.")
    made = ROLE_DEFINITION.whole({**wanted, "id": str(uuid.uuid4()), "isBuiltIn": False})
    call.store.put("roleDefinition", made["id"], made)
    return query.one(call, ROLE_DEFINITION, made, 201)


@OPERATIONS.on("GET", "/roleManagement/directory/roleAssignments", needs=READ_ROLES)
def list_role_assignments(call: Call) -> Answer:
    """List who holds which directory role."""
    return query.many(call, ROLE_ASSIGNMENT, _assignments(call.store))


@OPERATIONS.on("GET", "/roleManagement/directory/roleAssignments/{id}", needs=READ_ROLES)
def get_role_assignment(call: Call) -> Answer:
    """Read who holds one directory role."""
    return query.one(call, ROLE_ASSIGNMENT, _find(call))


@OPERATIONS.on("DELETE", "/roleManagement/directory/roleAssignments/{id}", needs=MANAGE_ROLES)
def remove_role_assignment(call: Call) -> Answer:
    """Take a directory role away; nobody takes one of Microsoft's from itself.

    https://learn.microsoft.com/en-us/graph/api/unifiedroleassignment-delete. The refusal is known from single
    reports; that it holds for each of Microsoft's roles is not confirmed.
    """
    found = _find(call)
    if call.store.delete("roleAssignment", found["id"]):
        return NO_CONTENT
    for role in call.store.all("directoryRole"):
        if role["roleTemplateId"] != found["roleDefinitionId"]:
            continue
        if found["principalId"] == call.token.object_id:
            raise bad_request(f"Removing self from {role['displayName']} built-in role is not allowed.")
        members = [member for member in role["members"] if member != found["principalId"]]
        call.store.put("directoryRole", role["id"], role | {"members": members})
    return NO_CONTENT


@OPERATIONS.on("POST", "/roleManagement/directory/roleAssignments", needs=MANAGE_ROLES)
def assign_role(call: Call) -> Answer:
    """Give somebody one of Microsoft's roles tenant-wide, or a custom one on an application or its principal.

    https://learn.microsoft.com/en-us/graph/api/rbacapplication-post-roleassignments
    """
    wanted = ROLE_ASSIGNMENT.accept(call.body)
    entity, principal = directory_object(call.store, str(wanted.get("principalId", "")).lower())
    if entity is GROUP and not principal.get("isAssignableToRole"):
        # Microsoft365DSC #879
        raise bad_request("Groups without IsAssignableToRole property set cannot be assigned to roles.")
    definition = str(wanted.get("roleDefinitionId", "")).lower()
    scope = str(wanted.get("directoryScopeId"))
    if call.store.get("roleDefinition", definition):
        return _assign_custom(call, principal["id"], definition, scope)
    role = next((r for r in call.store.all("directoryRole") if r["roleTemplateId"] == definition), None)
    if role is None:
        raise not_found(definition)
    if scope != _WHOLE_TENANT:
        raise not_implemented(f"{role['displayName']} with directoryScopeId {scope}")
    if principal["id"] in role.get("members", []):
        raise _conflict()
    members = [*role.get("members", []), principal["id"]]
    call.store.put("directoryRole", role["id"], role | {"members": members})
    return query.one(call, ROLE_ASSIGNMENT, _tenant_wide(role, principal["id"]), 201)


def by_custom_role(call: Call) -> bool:
    """Whether a custom role lets the caller change the credentials of the application in the path."""
    scope = f"/{call.params['id'].lower()}"
    return any(
        UPDATE_CREDENTIALS in _actions(call.store.get("roleDefinition", one["roleDefinitionId"]) or {})
        for one in call.store.all("roleAssignment")
        if (one["principalId"], one["directoryScopeId"]) == (call.token.object_id, scope)
    )


def _assign_custom(call: Call, principal_id: str, definition: str, scope: str) -> Answer:
    if scope == _WHOLE_TENANT:
        raise not_implemented("a custom role with directoryScopeId /")
    if not any(call.store.get(kind, scope.removeprefix("/")) for kind in ("application", "servicePrincipal")):
        raise not_found(scope)
    id_ = stable_id(definition, principal_id, scope)
    if call.store.get("roleAssignment", id_):
        raise _conflict()
    made = {"principalId": principal_id, "roleDefinitionId": definition, "directoryScopeId": scope}
    call.store.put("roleAssignment", id_, {"id": id_, **made})
    return query.one(call, ROLE_ASSIGNMENT, {"id": id_, **made}, 201)


def _find(call: Call) -> Document:
    for assignment in _assignments(call.store):
        if assignment["id"] == call.params["id"].lower():
            return assignment
    raise not_found(call.params["id"])


def _assignments(store: Store) -> list[Document]:
    tenant_wide = [
        _tenant_wide(role, member)
        for role in store.all("directoryRole")
        for member in role.get("members", [])
    ]
    return [*tenant_wide, *store.all("roleAssignment")]


def _actions(definition: Document) -> list[str]:
    return [
        str(action)
        for permission in definition.get("rolePermissions", [])
        for action in permission.get("allowedResourceActions", [])
    ]


def _conflict() -> GraphError:
    return bad_request(
        "A conflicting object with one or more of the specified property values is present in the directory."
    )


def _tenant_wide(role: Document, member: str) -> Document:
    return {
        "id": stable_id(role["id"], member),
        "principalId": member,
        "roleDefinitionId": role["roleTemplateId"],
        "directoryScopeId": _WHOLE_TENANT,
    }
