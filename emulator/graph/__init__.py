"""Microsoft Graph, versions 1.0 and beta.

https://learn.microsoft.com/en-us/graph/overview
"""

import json
import uuid
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.graph import (
    administrative_units,
    app_management,
    app_role_assignments,
    applications,
    calendars,
    conditional_access,
    delegated_grants,
    deletion,
    directory,
    directory_audits,
    federated_credentials,
    groups,
    mail,
    places,
    refused,
    role_management,
    service_principals,
    sign_ins,
    subscriptions,
    token_lifetimes,
    users,
)
from emulator.graph.batch import answer_batch
from emulator.graph.errors import GraphError
from emulator.graph.routing import Answer, Dispatcher, Operation, Received
from emulator.request_log import note
from emulator.store import Document
from emulator.tenant import Tenant

_RESOURCES = (
    applications,
    app_management,
    federated_credentials,
    service_principals,
    app_role_assignments,
    delegated_grants,
    deletion,
    users,
    groups,
    directory,
    role_management,
    administrative_units,
    places,
    token_lifetimes,
    conditional_access,
    sign_ins,
    directory_audits,
    calendars,
    subscriptions,
    mail,
    refused,
)
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def operations() -> list[Operation]:
    """Everything that Graph answers, in the order of the resources."""
    return [operation for resource in _RESOURCES for operation in resource.OPERATIONS.all]


def routes(tenant: Tenant) -> list[Route]:
    """The two versions of Graph."""
    dispatcher = Dispatcher(tenant, operations())

    async def graph(request: Request) -> Response:
        version, _, path = unquote(request.url.path).strip("/").partition("/")
        try:
            received = Received(
                method=request.method,
                version=version,
                path=f"/{path}",
                query=dict(request.query_params),
                headers=dict(request.headers),
                body=_body(await request.body()),
                note=lambda **facts: note(request, **facts),
            )
            is_batch = (request.method, path) == ("POST", "$batch")
            answer = answer_batch(dispatcher, received) if is_batch else dispatcher.answer(received)
        except GraphError as refusal:
            answer = Answer(refusal.status, refusal.body(tenant.clock.now()))
        return _response(request, answer)

    return [Route(f"/{version}/{{path:path}}", graph, methods=_METHODS) for version in ("v1.0", "beta")]


def _body(raw: bytes) -> Document:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GraphError(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
            "valid JSON format.",
        )
    return body


def _response(request: Request, answer: Answer) -> Response:
    sent = request.headers.get("client-request-id")
    headers = {"request-id": str(uuid.uuid4()), "client-request-id": sent or str(uuid.uuid4())}
    headers |= {"OData-Version": "4.0", **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(
        answer.body,
        answer.status,
        headers,
        media_type="application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false",
    )
