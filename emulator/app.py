"""The emulated cloud as one ASGI application."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Host, Route, Router

from emulator import control, graph, login, managed_identity, pipelines
from emulator.exchange.routes import routes as exchange_routes
from emulator.fault_injection import FaultInjection
from emulator.key_vault import data_plane, management
from emulator.latency import Latency
from emulator.request_log import RequestLog
from emulator.state_fault import StateFault
from emulator.tenant import Tenant

_ALL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def make_app(tenant: Tenant) -> Starlette:
    """Everything that the tenant answers; what nobody knows is a 501 that names the call."""
    unknown_calls = Route("/{path:path}", unknown, methods=_ALL)
    return Starlette(
        routes=[
            Host(data_plane.HOST, Router([*data_plane.routes(tenant), unknown_calls])),
            *control.routes(tenant),
            *graph.routes(tenant),
            *exchange_routes(tenant),
            *management.routes(tenant),
            *login.routes(tenant),
            *managed_identity.routes(tenant),
            *pipelines.routes(tenant),
            unknown_calls,
        ],
        middleware=[
            Middleware(kind, tenant=tenant) for kind in (StateFault, RequestLog, Latency, FaultInjection)
        ],
    )


async def unknown(request: Request) -> Response:
    """The answer to a call that the emulated tenant doesn't know."""
    return JSONResponse(
        {
            "error": {
                "code": "NotImplemented",
                "message": f"The emulated tenant does not know {request.method} {request.url.path}. "
                "COVERAGE.md lists what it knows.",
            }
        },
        501,
    )
