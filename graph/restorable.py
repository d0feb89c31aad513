"""Whether an application exists or could come back."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.api import SERVICE, Document, GraphApi
from graph.together import VERSION, Question, ask
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
    return _is_there(
        client_id, (one for path in _WHERE for one in graph.list(path, _of_application(client_id)))
    )


def gone_for_good(graph: GraphApi, client_ids: Iterable[str]) -> frozenset[str]:
    """Those of these applications of which neither is true, asked for together; errors as above."""
    asked = sorted(set(client_ids))
    questions = {
        f"{one} {path}": Question(path.removeprefix(VERSION), _of_application(one))
        for one in asked
        for path in _WHERE
    }
    replies = ask(graph, questions)
    return frozenset(
        one
        for one in asked
        if not _is_there(one, (found for path in _WHERE for found in replies[f"{one} {path}"].entries()))
    )


def _of_application(client_id: str) -> dict[str, str]:
    return {"$filter": f"appId eq '{client_id}'", "$select": "id,appId"}


def _is_there(client_id: str, found: Iterable[Document]) -> bool:
    app_ids = [str(one["appId"]).lower() for one in found]
    if any(one != client_id.lower() for one in app_ids):
        raise Invalid(SERVICE, f"looking up {client_id}", f"{', '.join(app_ids)} came back")
    return bool(app_ids)
