"""The request log: what was asked of the emulated cloud, by whom, when, and how it was answered.

Neither headers nor bodies are kept, so no secret and no token can be in it.
"""

import json
import time
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.clock import stamp
from emulator.tenant import Tenant

# the control plane looks on; it is not part of the cloud
CONTROL = "/emulator/"


class RequestLog:
    """ASGI middleware that writes one entry for each request to the cloud."""

    def __init__(self, app: ASGIApp, tenant: Tenant) -> None:
        self._app, self._tenant = app, tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, then write it down; `facts` in the scope collects what services note."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        facts = scope["facts"] = {"cmdlet": _cmdlet(scope["path"], body)}
        answered = {"status": 0}  # 0: the connection was dropped without an answer

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, _replay(body, receive), watch)
        finally:
            entry = {
                "time": stamp(self._tenant.clock.now()),
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode("latin-1"),
                "status": answered["status"],
                "milliseconds": round((time.perf_counter() - started) * 1000, 2),
                **facts,
            }
            self._tenant.store.log({key: value for key, value in entry.items() if value not in (None, "")})


def note(request: Request, **facts: Any) -> None:
    """Add facts (the caller's roles, the mailbox asked for) to the request's entry; never secrets."""
    request.scope.setdefault("facts", {}).update(facts)


async def _whole_body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _cmdlet(path: str, body: bytes) -> str | None:
    if not path.lower().endswith("/invokecommand"):
        return None
    try:
        return str(json.loads(body)["CmdletInput"]["CmdletName"])
    except (ValueError, KeyError, TypeError):
        return None  # the Exchange service answers what is wrong with it
