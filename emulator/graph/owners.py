"""Owners: who may manage an object with Application.ReadWrite.OwnedBy alone.

https://learn.microsoft.com/en-us/graph/api/application-post-owners
"""

from collections.abc import Callable

from emulator.graph import query
from emulator.graph.authorization import (
    ADD_OWNERS,
    MANAGE_APPLICATIONS,
    READ_APPLICATIONS,
    READ_GROUPS,
    READ_ROLES,
    READ_UNITS,
    READ_USERS,
    Needs,
    must_manage,
    satisfies,
)
from emulator.graph.entities import (
    ADMINISTRATIVE_UNIT,
    APPLICATION,
    DIRECTORY_ROLE,
    GROUP,
    SERVICE_PRINCIPAL,
    USER,
    Entity,
)
from emulator.graph.errors import request_denied
from emulator.graph.relations import (
    add_reference,
    bound,
    directory_object,
    referenced,
    related,
    remove_reference,
)
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

_READERS: dict[str, Needs] = {
    USER.name: READ_USERS,
    GROUP.name: READ_GROUPS,
    DIRECTORY_ROLE.name: READ_ROLES,
    ADMINISTRATIVE_UNIT.name: READ_UNITS,
}


def first_owners(call: Call) -> list[str]:
    """The owners of a new object: those that the body binds; else, with OwnedBy alone, the caller."""
    owners = bound(call.store, call.body, "owners")
    for object_id in owners:
        _must_read(call, object_id)
    if not owners and "Application.ReadWrite.All" not in call.token.roles:
        return [call.token.object_id]
    return owners


def spread_owners(call: Call, document: Document) -> None:
    """The new object's owners begin to be known."""
    for owner in document["_owners"]:
        call.tenant.made("owner", f"{document['id']}/{owner}")


def limited(call: Call) -> Callable[[Entity], bool]:
    """Of which types the caller may see no more than the id."""
    return lambda entity: not satisfies(call.token, _READERS.get(entity.name, READ_APPLICATIONS))


def _must_read(call: Call, object_id: str) -> None:
    """Who names an object as an owner must be allowed to read it: User.Read.All for users."""
    entity, _ = directory_object(call.store, object_id)
    if limited(call)(entity):
        raise request_denied()


def owned_operations(operations: Operations, path: str, find: Callable[[Call], Document]) -> None:
    """Listing what a service principal owns.

    https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-ownedobjects
    """

    @operations.on("GET", path, needs=READ_APPLICATIONS)
    def list_owned(call: Call) -> Answer:
        """List the applications, service principals and groups that it owns."""
        owner = find(call)["id"]
        owned = [
            (entity, document)
            for entity in (APPLICATION, SERVICE_PRINCIPAL, GROUP)
            for document in call.store.all(entity.kind)
            if owner in document.get("_owners", [])
        ]
        return query.mixed(call, owned, limited(call))


def owner_operations(
    operations: Operations, path: str, entity: Entity, find: Callable[[Call], Document]
) -> None:
    """Listing, adding and removing the owners of applications and service principals."""

    @operations.on("GET", path, needs=READ_APPLICATIONS)
    def list_owners(call: Call) -> Answer:
        """List the owners."""
        document = find(call)
        owners = [
            (found, owner)
            for found, owner in related(call.store, document, "owners")
            if call.tenant.knows("owner", f"{document['id']}/{owner['id']}", "list")
        ]
        return query.mixed(call, owners, limited(call))

    @operations.on("POST", path + "/$ref", needs=ADD_OWNERS)
    def add_owner(call: Call) -> Answer:
        """Add an owner."""
        document = find(call)
        must_manage(call.token, document)
        owner = referenced(call.store, call.body.get("@odata.id"))
        _must_read(call, owner)
        add_reference(call.store, entity, document, "owners", owner)
        call.tenant.made("owner", f"{document['id']}/{owner}")
        return NO_CONTENT

    @operations.on("DELETE", path + "/{owner}/$ref", needs=MANAGE_APPLICATIONS)
    def remove_owner(call: Call) -> Answer:
        """Remove an owner."""
        document = find(call)
        must_manage(call.token, document)
        remove_reference(call.store, entity, document, "owners", call.params["owner"])
        return NO_CONTENT
