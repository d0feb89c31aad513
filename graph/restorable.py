"""Whether an application exists or could come back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.api import SERVICE, Document, GraphApi
from graph.together import VERSION, Question, ask
from wire import Invalid

_DELETED = "/v1.0/directory/deletedItems/microsoft.graph.application"
_EXISTING = "/v1.0/applications"
_WHERE = (_EXISTING, _DELETED)


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


@dataclass(frozen=True)
class Whereabouts:
    """Whether an application exists; deleted: the object id by which it can be restored, "" for none."""

    exists: bool
    deleted: str = ""


def whereabouts(graph: GraphApi, client_ids: Iterable[str]) -> Mapping[str, Whereabouts]:
    """Where each of these applications is, asked for together; errors as above."""
    asked = sorted(set(client_ids))
    questions = {
        f"{one} {path}": Question(path.removeprefix(VERSION), _of_application(one))
        for one in asked
        for path in _WHERE
    }
    replies = ask(graph, questions)

    def found(client_id: str, path: str) -> list[Document]:
        entries = replies[f"{client_id} {path}"].entries()
        return entries if _is_there(client_id, entries) else []

    return {
        one: Whereabouts(
            exists=bool(found(one, _EXISTING)),
            deleted=next((str(item["id"]).lower() for item in found(one, _DELETED)), ""),
        )
        for one in asked
    }


def _of_application(client_id: str) -> dict[str, str]:
    return {"$filter": f"appId eq '{client_id}'", "$select": "id,appId"}


def _is_there(client_id: str, found: Iterable[Document]) -> bool:
    app_ids = [str(one["appId"]).lower() for one in found]
    if any(one != client_id.lower() for one in app_ids):
        raise Invalid(SERVICE, f"looking up {client_id}", f"{', '.join(app_ids)} came back")
    return bool(app_ids)
