"""What is answered when the tenant's memory can't be read or written, on a full disk for example."""

import sqlite3
import sys

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.tenant import Tenant


class StateFault:
    """Answers 507 and says so on standard error; an answer that is on its way already is left alone."""

    def __init__(self, app: ASGIApp, tenant: Tenant) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except sqlite3.Error as reason:
            told = f"The emulated tenant can't use its state: {reason}."
            sys.stderr.write(f"emulator: {told}\n")
            if not answered:
                document = {"error": {"code": "InsufficientStorage", "message": told}}
                await JSONResponse(document, 507)(scope, receive, send)
