"""Whether an application exists or could come back."""

from dataclasses import dataclass

from graph.api import SERVICE, GraphApi
from wire import Invalid

_DELETED = "/v1.0/directory/deletedItems/microsoft.graph.application"
_WHERE = ("/v1.0/applications", _DELETED)


@dataclass(frozen=True)
class DeletedApplication:
    """A deleted app registration that could be restored. Ids are in lower case."""

    object_id: str
    app_id: str
    deleted: str
    notes: str


def deleted_named(graph: GraphApi, name: str) -> list[DeletedApplication]:
    """The deleted app registrations of this display name, whatever its case, by object id.

    All deleted ones are listed: by which properties they can be filtered is not documented
    (https://learn.microsoft.com/graph/api/directory-deleteditems-list).
    """
    query = {"$select": "id,appId,displayName,deletedDateTime,notes"}
    found = [
        DeletedApplication(
            object_id=str(one["id"]).lower(),
            app_id=str(one["appId"]).lower(),
            deleted=str(one.get("deletedDateTime") or ""),
            notes=str(one.get("notes") or ""),
        )
        for one in graph.list(_DELETED, query)
        if str(one.get("displayName") or "").casefold() == name.casefold()
    ]
    return sorted(found, key=lambda one: one.object_id)


def exists_or_restorable(graph: GraphApi, client_id: str) -> bool:
    """Whether the tenant has the application, or deleted it less than 30 days ago and could restore it.

    A restored application has its permissions again
    (https://learn.microsoft.com/graph/api/directory-deleteditems-restore). WireError when that is not known.
    """
    query = {"$filter": f"appId eq '{client_id}'", "$select": "id,appId"}
    found = [str(one["appId"]).lower() for path in _WHERE for one in graph.list(path, query)]
    if any(app_id != client_id.lower() for app_id in found):
        raise Invalid(SERVICE, f"looking up {client_id}", f"{', '.join(found)} came back")
    return bool(found)
