"""The request log: what was asked of the emulated cloud, by whom, when, and how it was answered.

Of headers only the client's name for itself is kept, of bodies only the names at the top of a JSON object, so
no secret and no token can be in it.
"""

import json
import time
from typing import Any

from starlette.datastructures import Headers
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
        """Answer the request and write it down; `facts` in the scope collects what services note."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        document = _document(body)
        scope["facts"] = {
            "agent": Headers(scope=scope).get("user-agent"),
            "names": _names(document),
            "cmdlet": _cmdlet(scope["path"], document),
        }
        entry = _Entry(self._tenant, scope)
        drop = scope.get("state", {}).get("abort")

        def watched_drop() -> None:
            entry.write(status=0)
            drop()

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.write(status=message["status"])
            await send(message)

        if drop is not None:
            scope["state"] = {**scope["state"], "abort": watched_drop}
        await self._app(scope, _replay(body, receive), watched_send)


class _Entry:
    """What is known of a request; written once, before its client knows the answer."""

    def __init__(self, tenant: Tenant, scope: Scope) -> None:
        self._tenant, self._scope = tenant, scope
        self._started = time.perf_counter()

    def write(self, status: int) -> None:
        """Put the entry into the log; the status 0 stands for a dropped connection."""
        scope = self._scope
        entry = {
            "time": stamp(self._tenant.clock.now()),
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1"),
            "status": status,
            "began": round(self._started, 4),  # seconds on a clock of this process's own
            "milliseconds": round((time.perf_counter() - self._started) * 1000, 2),
            **scope["facts"],
        }
        self._tenant.store.log({key: value for key, value in entry.items() if value not in (None, "", [])})


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


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None  # no body, or a form; what is wrong with it the service says


def _names(document: Any) -> list[str]:
    return sorted(document) if isinstance(document, dict) else []


def _cmdlet(path: str, document: Any) -> str | None:
    if not path.lower().endswith("/invokecommand"):
        return None
    try:
        return str(document["CmdletInput"]["CmdletName"])
    except (KeyError, TypeError):
        return None  # the Exchange service answers what is wrong with it
