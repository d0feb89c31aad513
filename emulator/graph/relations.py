"""What objects have to do with each other: owners, members, references by address."""

from emulator.graph.entities import APP_ROLE_ASSIGNMENT, DIRECTORY_OBJECTS, Entity
from emulator.graph.errors import GraphError, bad_request, not_found
from emulator.store import Document, Store

# https://learn.microsoft.com/en-us/graph/query-parameters#expand-parameter: at most 20 objects
_EXPANDED = 20
_OWNERS = 100


def directory_object(store: Store, object_id: str) -> tuple[Entity, Document]:
    """The object of any type that has this id; GraphError when there is none."""
    for entity in DIRECTORY_OBJECTS:
        document = store.get(entity.kind, object_id)
        if document is not None:
            return entity, document
    raise not_found(object_id)


def related(store: Store, document: Document, relation: str) -> list[tuple[Entity, Document]]:
    """The objects that a document's relation (`owners`, `members`) leads to, as far as Entra has them."""
    ids = document.get(f"_{relation}") or document.get(relation) or []
    found = ((entity, store.get(entity.kind, id_)) for id_ in ids for entity in DIRECTORY_OBJECTS)
    return [(entity, target) for entity, target in found if target is not None]


def expanded(store: Store, entity: Entity, document: Document, relation: str) -> list[Document]:
    """What `$expand` shows inside an object."""
    if relation not in entity.expandable:
        raise GraphError(
            400,
            "BadRequest",
            f"Could not find a property named '{relation}' on type 'microsoft.graph.{entity.name}'.",
        )
    if relation == "appRoleAssignments":
        return [
            APP_ROLE_ASSIGNMENT.whole(grant)
            for grant in store.all("appRoleAssignment")
            if grant["principalId"] == document["id"]
        ]
    return [
        {"@odata.type": f"#microsoft.graph.{found.name}", **found.usual(found.whole(target))}
        for found, target in related(store, document, relation)[:_EXPANDED]
    ]


def referenced(store: Store, address: object) -> str:
    """The id of the existing object that an `@odata.id` or `@odata.bind` names; GraphError otherwise."""
    if not isinstance(address, str) or "/" not in address:
        raise bad_request("The request body must hold the address of an object in '@odata.id'.")
    object_id = address.rstrip("/").rpartition("/")[2].lower()
    directory_object(store, object_id)
    return object_id


def add_reference(store: Store, entity: Entity, document: Document, relation: str, object_id: str) -> None:
    """Add an object to a relation; GraphError when it is in it already."""
    ids = document.setdefault(f"_{relation}", [])
    if object_id in ids:
        raise bad_request(
            "One or more added object references already exist for the following modified properties: "
            f"'{relation}'."
        )
    if relation == "owners" and len(ids) >= _OWNERS:
        raise GraphError(403, "Directory_QuotaExceeded", "The owners quota of this object has been exceeded.")
    ids.append(object_id)
    store.put(entity.kind, document["id"], document)


def remove_reference(store: Store, entity: Entity, document: Document, relation: str, object_id: str) -> None:
    """Remove an object from a relation; GraphError when it isn't in it."""
    ids = document.get(f"_{relation}", [])
    if object_id.lower() not in ids:
        raise not_found(object_id)
    ids.remove(object_id.lower())
    store.put(entity.kind, document["id"], document)


def bound(store: Store, body: Document, relation: str) -> list[str]:
    """The ids in a body's `owners@odata.bind` (or members), each once."""
    addresses = body.get(f"{relation}@odata.bind") or []
    return list(dict.fromkeys(referenced(store, address) for address in addresses))
