"""The middleware that makes requests go wrong as the plan of faults says."""

import asyncio
from urllib.parse import unquote_plus

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.faults import Fault
from emulator.request_log import CONTROL
from emulator.tenant import Tenant


class FaultInjection:
    """ASGI middleware between the request log and the services."""

    def __init__(self, app: ASGIApp, tenant: Tenant) -> None:
        self._app, self._tenant = app, tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it meets a fault; with `when: after` its effect happens all the same."""
        fault = self._due(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        scope["facts"]["fault"] = fault.when
        if fault.status == "hold":
            await self._hold(fault, scope, receive, send)
            return
        if fault.when == "after":
            await self._app(scope, receive, _nowhere)
        if fault.status == "reset":
            await _reset(scope, receive)
        else:
            await _answer(fault)(scope, receive, send)

    async def _hold(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        if fault.when == "after":
            await self._app(scope, receive, keep)
        await asyncio.to_thread(self._tenant.faults.hold)
        if fault.when == "before":
            await self._app(scope, receive, keep)
        for message in answer:
            await send(message)

    def _due(self, scope: Scope) -> Fault | None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            return None
        query = unquote_plus(scope["query_string"].decode("latin-1"))
        cmdlet = scope["facts"].get("cmdlet")
        return self._tenant.faults.take(scope["method"], scope["path"], cmdlet, query)


def _answer(fault: Fault) -> Response:
    body = fault.answer()
    if isinstance(body, str):
        return Response(body, int(fault.status), fault.headers)
    return JSONResponse(body, int(fault.status), fault.headers)


async def _nowhere(_: Message) -> None:
    """Swallow what the service answers."""


async def _reset(scope: Scope, receive: Receive) -> None:
    """Drop the connection; the server put the means into the scope (see `server.Protocol`)."""
    scope["state"]["abort"]()
    while (await receive())["type"] != "http.disconnect":
        pass
