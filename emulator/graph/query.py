"""OData query options: $select, $expand, $orderby, $top and paging. $filter has its own file.

https://learn.microsoft.com/en-us/graph/query-parameters
"""

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlencode

from emulator.graph.entities import DIRECTORY_OBJECTS, Entity
from emulator.graph.errors import bad_request, not_implemented, unsupported_query
from emulator.graph.filters import operators, predicate
from emulator.graph.relations import expanded
from emulator.graph.routing import Answer, Call
from emulator.store import Document

_KNOWN = {"$select", "$filter", "$top", "$skip", "$expand", "$orderby", "$count", "$skiptoken", "$format"}
_LARGEST_PAGE = 999
_USUAL_PAGE = 100

Found = TypeVar("Found")


def one(call: Call, entity: Entity, document: Document, status: int = 200) -> Answer:
    """The answer with a single object."""
    _check_options(call)
    selected = f"({call.query['$select']})" if "$select" in call.query else ""
    context = call.context(f"{entity.collection}{selected}/$entity")
    return Answer(status, {"@odata.context": context, **_shown(call, entity, document)})


def many(
    call: Call,
    entity: Entity,
    documents: list[Document],
    *,
    context: str | None = None,
    page_size: int = _USUAL_PAGE,
) -> Answer:
    """The answer with the objects of one type that the query asks for, a page at a time."""
    _check_options(call)
    if entity in DIRECTORY_OBJECTS:
        _check_advanced(call)
    wanted = predicate(call.query["$filter"], entity) if "$filter" in call.query else None
    found = [document for document in documents if wanted is None or wanted(entity.whole(document))]
    _sort(call, entity, found)
    return _page(
        call, context or entity.collection, found, page_size, lambda found: _shown(call, entity, found)
    )


def mixed(call: Call, objects: list[tuple[Entity, Document]], limited: Callable[[Entity], bool]) -> Answer:
    """The answer with directory objects of several types; of the `limited` ones only the id is shown.

    https://learn.microsoft.com/en-us/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
    """
    _check_options(call)
    if "$filter" in call.query:
        text = call.query["$filter"]
        objects = [
            (entity, document)
            for entity, document in objects
            if predicate(text, entity)(entity.whole(document))
        ]

    def show(found: tuple[Entity, Document]) -> Document:
        entity, document = found
        shown = {"id": document["id"]} if limited(entity) else _shown(call, entity, document, strict=False)
        return {"@odata.type": f"#microsoft.graph.{entity.name}", **shown}

    return _page(call, "directoryObjects", objects, _USUAL_PAGE, show)


def _page(
    call: Call, context: str, found: list[Found], page_size: int, show: Callable[[Found], Document]
) -> Answer:
    start, size = _window(call, page_size)
    body: Document = {"@odata.context": call.context(context)}
    if call.query.get("$count", "").lower() == "true":
        body["@odata.count"] = len(found)
    if start + size < len(found):
        body["@odata.nextLink"] = _next_link(call, start + size)
    body["value"] = [show(item) for item in found[start : start + size]]
    return Answer(body=body)


def _check_options(call: Call) -> None:
    for name in call.query:
        if name.startswith("$") and name not in _KNOWN:
            raise not_implemented(f"the query option {name}")


def _check_advanced(call: Call) -> None:
    """Some operators on directory objects need the header `ConsistencyLevel: eventual` and `$count=true`.

    https://learn.microsoft.com/en-us/graph/aad-advanced-queries. The texts are those of microsoft-graph-docs
    #10324 and #14074; which one `not` gets is not confirmed.
    """
    used = operators(call.query.get("$filter", ""))
    if _is_advanced(call) or not used & {"ne", "not", "endswith"}:
        return
    if "ne" in used:
        raise unsupported_query("Unsupported property filter clause operator 'NotEqualsMatch'.")
    raise unsupported_query("Unsupported Query.")


def must_be_advanced(call: Call) -> None:
    """GraphError for a filter on a list that can't be filtered without the header and `$count=true`."""
    if "$filter" in call.query and not _is_advanced(call):
        raise unsupported_query("Unsupported Query.")


def _is_advanced(call: Call) -> bool:
    eventual = call.request.headers.get("consistencylevel", "").lower() == "eventual"
    return eventual and call.query.get("$count", "").lower() == "true"


def _shown(call: Call, entity: Entity, document: Document, *, strict: bool = True) -> Document:
    """The properties that `$select` names; else the type's usual ones, or (beta) all. And the expanded.

    Not strict: a property that only other types of a mixed list have is left out.
    """
    whole = entity.whole(document)
    names = [name.strip() for name in call.query.get("$select", "").split(",") if name.strip()]
    if strict:
        for name in names:
            entity.must_know(name)
    if names:
        shown = {name: whole[name] for name in dict.fromkeys(names) if name in whole}
    else:
        shown = whole if call.request.version == "beta" else entity.usual(whole)
    for name in filter(None, call.query.get("$expand", "").split(",")):
        shown[name] = expanded(call.store, entity, document, name)
    return shown


def _sort(call: Call, entity: Entity, documents: list[Document]) -> None:
    for term in reversed(call.query.get("$orderby", "").split(",")):
        name, _, direction = term.strip().partition(" ")
        if name:
            entity.must_know(name)
            documents.sort(
                key=lambda document, name=name: str(_value(document, name)).casefold(),  # type: ignore[misc]
                reverse=direction.strip().lower() == "desc",
            )


def _value(document: Document, path: str) -> object:
    value: object = document
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _window(call: Call, page_size: int) -> tuple[int, int]:
    """Where the page starts and how long it is."""
    size = page_size
    if "$top" in call.query:
        asked = call.query["$top"]
        if not asked.isdecimal() or not 0 < int(asked) <= _LARGEST_PAGE:
            raise unsupported_query(
                f"Invalid page size specified: '{asked}'. Must be between 1 and {_LARGEST_PAGE} inclusive."
            )
        size = int(asked)
    size = min(size, call.tenant.conditions.page_size or size)
    if "$skiptoken" in call.query:
        return _position(call.query["$skiptoken"]), size
    skip = call.query.get("$skip", "0")
    if not skip.isdecimal():
        raise bad_request(f"Invalid value '{skip}' for $skip query option found.")
    return int(skip), size


def _position(skip_token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(skip_token))
    except (ValueError, binascii.Error) as reason:
        raise bad_request(
            "The specified page token value has expired and can no longer be included in your request."
        ) from reason


def _next_link(call: Call, position: int) -> str:
    token = base64.urlsafe_b64encode(str(position).encode()).decode()
    query = {key: value for key, value in call.query.items() if key not in ("$skip", "$skiptoken")}
    options = urlencode({**query, "$skiptoken": token}, safe="$", quote_via=quote)
    return f"{call.root}{quote(call.request.path)}?{options}"
