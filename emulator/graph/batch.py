"""`$batch`: up to 20 requests in one.

https://learn.microsoft.com/en-us/graph/json-batching
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from emulator.graph.errors import GraphError, bad_request
from emulator.graph.routing import Answer, Dispatcher, Received
from emulator.store import Document

_LARGEST = 20


def answer_batch(dispatcher: Dispatcher, batch: Received) -> Answer:
    """Every request of the batch in its order; one that depends on a failed one is not run.

    What each asked and was answered goes into the request log as `batch`.
    """
    requests = batch.body.get("requests")
    if not isinstance(requests, list) or not all({"id", "method", "url"} <= set(r) for r in requests):
        raise bad_request("A batch holds `requests`, each with id, method and url.")
    if len(requests) > _LARGEST:
        raise GraphError(
            400, "BadRequest", f"Number of batch request steps exceeds the maximum value of {_LARGEST}."
        )
    answered: dict[str, Document] = {}
    logged = []
    for request in requests:
        facts: Document = {}
        received = _received(batch, request, facts)
        if all(answered.get(id_, {}).get("status", 500) < 400 for id_ in request.get("dependsOn", [])):
            answer = dispatcher.answer(received)
        else:
            answer = _depended_on_a_failed_one()
        answered[request["id"]] = _response(request["id"], answer)
        logged.append({"method": received.method, "path": received.path, "status": answer.status, **facts})
    batch.note(batch=logged)
    return Answer(body={"responses": list(answered.values())})


def _received(batch: Received, request: Document, facts: Document) -> Received:
    url = urlsplit(request["url"])

    def note(**more: Any) -> None:
        facts.update(more)

    return Received(
        method=request["method"].upper(),
        version=batch.version,
        path="/" + unquote(url.path).lstrip("/"),
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={**batch.headers, **{k.lower(): v for k, v in request.get("headers", {}).items()}},
        body=request.get("body") or {},
        note=note,
    )


def _depended_on_a_failed_one() -> Answer:
    return Answer(
        424, {"error": {"code": "FailedDependency", "message": "A request that this one depends on failed."}}
    )


def _response(id_: str, answer: Answer) -> Document:
    headers = {"Content-Type": "application/json", **answer.headers}
    content = {} if answer.body is None else {"body": answer.body}
    return {"id": id_, "status": answer.status, "headers": headers, **content}
