"""Deleting and restoring: what Entra keeps of a deleted application for 30 days.

https://learn.microsoft.com/en-us/graph/api/resources/directory
"""

from datetime import datetime, timedelta

from emulator.clock import parse_stamp, stamp
from emulator.exchange.application_access import forget_application
from emulator.graph import query
from emulator.graph.authorization import MANAGE_APPLICATIONS, READ_APPLICATIONS, must_manage
from emulator.graph.entities import APPLICATION, SERVICE_PRINCIPAL, Entity
from emulator.graph.errors import not_found
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document, Store

OPERATIONS = Operations()

_KEPT = timedelta(days=30)
_ENTITIES = {entity.kind: entity for entity in (APPLICATION, SERVICE_PRINCIPAL)}


def delete_application(store: Store, application: Document, now: datetime) -> None:
    """Delete an application and, with it, its service principal."""
    _bury(store, APPLICATION, application, now, {})
    for principal in store.all("servicePrincipal"):
        if principal["appId"] == application["appId"]:
            delete_service_principal(store, principal, now)


def delete_service_principal(store: Store, principal: Document, now: datetime) -> None:
    """Delete a service principal with the consents given to it and those given on it.

    Exchange forgets it, too, with its roles: learn.microsoft.com/exchange/permissions-exo/application-rbac.
    """
    consents = [
        consent
        for consent in store.all("appRoleAssignment")
        if principal["id"] in (consent["principalId"], consent["resourceId"])
    ]
    for consent in consents:
        store.delete("appRoleAssignment", consent["id"])
    delegated = [
        grant
        for grant in store.all("oauth2PermissionGrant")
        if principal["id"] in (grant["clientId"], grant["resourceId"])
    ]
    for grant in delegated:
        store.delete("oauth2PermissionGrant", grant["id"])
    forget_application(store, principal["id"])
    forget_in_roles(store, principal["id"])
    kept = {"appRoleAssignment": consents, "oauth2PermissionGrant": delegated}
    _bury(store, SERVICE_PRINCIPAL, principal, now, kept)


def forget_in_roles(store: Store, object_id: str) -> None:
    """Take what is deleted out of the directory roles that it held."""
    for role in store.all("directoryRole"):
        if object_id in role.get("members", []):
            role["members"].remove(object_id)
            store.put("directoryRole", role["id"], role)


def _bury(
    store: Store, entity: Entity, document: Document, now: datetime, consents: dict[str, list[Document]]
) -> None:
    store.delete(entity.kind, document["id"])
    kept = {**document, "deletedDateTime": stamp(now), "_kind": entity.kind, "_consents": consents}
    store.put("deletedItem", document["id"], kept)


@OPERATIONS.on(
    "GET", "/directory/deletedItems/microsoft.graph.{type}", "/directory/deletedItems/graph.{type}",
    needs=READ_APPLICATIONS,
)  # fmt: skip
def list_deleted(call: Call) -> Answer:
    """List deleted applications or service principals."""
    entity = _ENTITIES.get(call.params["type"])
    if entity is None:
        raise not_found(call.params["type"])
    found = [item for item in _restorable(call) if item["_kind"] == entity.kind]
    return query.many(call, entity, found, context="directoryObjects")


@OPERATIONS.on("GET", "/directory/deletedItems/{id}", needs=READ_APPLICATIONS)
def get_deleted(call: Call) -> Answer:
    """Read a deleted application or service principal."""
    item = _find(call)
    return query.one(call, _ENTITIES[item["_kind"]], item)


@OPERATIONS.on("POST", "/directory/deletedItems/{id}/restore", needs=MANAGE_APPLICATIONS)
def restore(call: Call) -> Answer:
    """Restore what was deleted, with the consents of a service principal."""
    item = _find(call)
    must_manage(call.token, item)
    call.store.delete("deletedItem", item["id"])
    entity = _ENTITIES[item.pop("_kind")]
    for kind, consents in item.pop("_consents").items():
        for consent in consents:
            call.store.put(kind, consent["id"], consent)
    call.store.put(entity.kind, item["id"], {**item, "deletedDateTime": None})
    return query.one(call, entity, item)


@OPERATIONS.on("DELETE", "/directory/deletedItems/{id}", needs=MANAGE_APPLICATIONS)
def purge(call: Call) -> Answer:
    """Delete for good."""
    item = _find(call)
    must_manage(call.token, item)
    call.store.delete("deletedItem", item["id"])
    return NO_CONTENT


def _restorable(call: Call) -> list[Document]:
    oldest = call.tenant.clock.now() - _KEPT
    return [item for item in call.store.all("deletedItem") if parse_stamp(item["deletedDateTime"]) > oldest]


def _find(call: Call) -> Document:
    for item in _restorable(call):
        if item["id"] == call.params["id"].lower():
            return item
    raise not_found(call.params["id"])
