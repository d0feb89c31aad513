"""The middleware that keeps each call waiting for as long as the way to a real cloud takes."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.request_log import CONTROL
from emulator.tenant import Tenant


class Latency:
    """ASGI middleware inside the request log, whose milliseconds hold the wait; calls don't wait in turn."""

    def __init__(self, app: ASGIApp, tenant: Tenant) -> None:
        self._app, self._tenant = app, tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the tenant's latency, unless the control plane is called: it is not part of the cloud."""
        if scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            await asyncio.sleep(self._tenant.latency)
        await self._app(scope, receive, send)
