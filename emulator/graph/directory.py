"""The directory itself: organization, domains, directory roles, and objects whatever their type.

https://learn.microsoft.com/en-us/graph/api/resources/directory
"""

from emulator.graph import query
from emulator.graph.authorization import (
    NOTHING,
    READ_DOMAINS,
    READ_ORGANIZATION,
    READ_ROLES,
)
from emulator.graph.entities import DIRECTORY_OBJECTS, DIRECTORY_ROLE, DOMAIN, ORGANIZATION
from emulator.graph.errors import not_found, request_denied
from emulator.graph.owners import limited
from emulator.graph.relations import directory_object, related
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/organization", needs=READ_ORGANIZATION)
def list_organization(call: Call) -> Answer:
    """Read the tenant itself, as a list of one."""
    return query.many(call, ORGANIZATION, [_organization(call)])


@OPERATIONS.on("GET", "/organization/{id}", needs=READ_ORGANIZATION)
def get_organization(call: Call) -> Answer:
    """Read the tenant itself."""
    if call.params["id"].lower() != call.tenant.id:
        raise not_found(call.params["id"])
    return query.one(call, ORGANIZATION, _organization(call))


@OPERATIONS.on("GET", "/domains", needs=READ_DOMAINS)
def list_domains(call: Call) -> Answer:
    """List the tenant's domains."""
    return query.many(call, DOMAIN, _domains(call))


@OPERATIONS.on("GET", "/domains/{id}", needs=READ_DOMAINS)
def get_domain(call: Call) -> Answer:
    """Read a domain."""
    for domain in _domains(call):
        if domain["id"] == call.params["id"].lower():
            return query.one(call, DOMAIN, domain)
    raise not_found(call.params["id"])


@OPERATIONS.on("GET", "/directoryRoles", needs=READ_ROLES)
def list_directory_roles(call: Call) -> Answer:
    """List the directory roles that are activated."""
    return query.many(call, DIRECTORY_ROLE, call.store.all("directoryRole"))


@OPERATIONS.on(
    "GET", "/directoryRoles/{id}", "/directoryRoles(roleTemplateId='{template}')", needs=READ_ROLES
)
def get_directory_role(call: Call) -> Answer:
    """Read a directory role."""
    return query.one(call, DIRECTORY_ROLE, _role(call))


@OPERATIONS.on(
    "GET",
    "/directoryRoles/{id}/members",
    "/directoryRoles(roleTemplateId='{template}')/members",
    needs=READ_ROLES,
)
def list_role_members(call: Call) -> Answer:
    """List who holds a directory role."""
    return query.mixed(call, related(call.store, _role(call), "members"), limited(call))


@OPERATIONS.on("GET", "/directoryRoleTemplates", needs=READ_ROLES)
def list_role_templates(call: Call) -> Answer:
    """List the directory roles that there are."""
    templates = [
        {"id": role["roleTemplateId"], "displayName": role["displayName"], "description": role["description"]}
        for role in call.store.all("directoryRole")
    ]
    return query.many(call, DIRECTORY_ROLE, templates, context="directoryRoleTemplates")


@OPERATIONS.on("GET", "/directoryObjects/{id}", needs=NOTHING)
def get_directory_object(call: Call) -> Answer:
    """Read an object of any type; the permission to read its type is needed."""
    entity, document = directory_object(call.store, call.params["id"])
    if limited(call)(entity):
        raise request_denied()
    answer = query.one(call, entity, document)
    typed = {"@odata.type": f"#microsoft.graph.{entity.name}"}
    context = {"@odata.context": call.context("directoryObjects/$entity")}
    return Answer(body={**context, **typed, **{k: v for k, v in answer.body.items() if k not in context}})


@OPERATIONS.on("POST", "/directoryObjects/getByIds", needs=NOTHING)
def get_by_ids(call: Call) -> Answer:
    """Read the objects with these ids, as far as there are any; unreadable types show their id only."""
    wanted = [str(id_).lower() for id_ in call.body.get("ids", [])]
    found = [
        (entity, document)
        for id_ in wanted
        for entity in DIRECTORY_OBJECTS
        if (document := call.store.get(entity.kind, id_)) is not None
    ]
    return query.mixed(call, found, limited(call))


def _organization(call: Call) -> Document:
    verified = [
        {
            "name": domain["id"],
            "isDefault": domain["isDefault"],
            "isInitial": domain["isInitial"],
            "type": domain["authenticationType"],
            "capabilities": "Email",
        }
        for domain in _domains(call)
        if domain["isVerified"]
    ]
    return {
        "id": call.tenant.id,
        "displayName": call.tenant.settings["displayName"],
        "tenantType": "AAD",
        "verifiedDomains": verified,
    }


def _domains(call: Call) -> list[Document]:
    """The one that new objects get, and the others."""
    first: Document = {"id": call.tenant.domain, "isDefault": True, "isInitial": True}
    others = [{"isDefault": False, "isInitial": False} | domain for domain in call.tenant.store.all("domain")]
    common: Document = {"authenticationType": "Managed", "isVerified": True, "supportedServices": ["Email"]}
    return [common | domain for domain in (first, *others)]


def _role(call: Call) -> Document:
    wanted = call.params.get("id") or call.params["template"]
    by = "id" if "id" in call.params else "roleTemplateId"
    for role in call.store.all("directoryRole"):
        if role[by] == wanted.lower():
            return role
    raise not_found(wanted)
