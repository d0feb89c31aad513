"""The control plane: time, the request log and faults.

Real clouds have none; of this one, clients use only the clock.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.clock import stamp
from emulator.fault_plans import UnknownPlanError, calm, rehearse
from emulator.faults import Fault
from emulator.tenant import Tenant

_PLAN = TypeAdapter(list[Fault])


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plan: str
    seed: int = 0


class _Sleep(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sleep: float = Field(ge=0, allow_inf_nan=False)


def routes(tenant: Tenant) -> list[Route]:
    """The routes of the control plane."""

    async def clock(request: Request) -> Response:
        """Tell the time, or sleep: move the time forward by so many seconds."""
        if request.method == "POST":
            try:
                tenant.clock.advance(_Sleep.model_validate_json(await request.body()).sleep)
            except ValidationError as reason:
                return _refusal(f'send {{"sleep": seconds}}: {_words(reason)}')
        return JSONResponse({"now": stamp(tenant.clock.now())})

    async def requests(request: Request) -> Response:
        """The request log, from the position given as `after`."""
        after = request.query_params.get("after", "0")
        if not after.isdecimal():
            return _refusal(f"after={after} is no position in the log")
        return JSONResponse({"requests": tenant.store.logged(int(after))})

    async def faults(request: Request) -> Response:
        """Show, add to, or clear what goes wrong: single faults, or a plan by its name and seed."""
        if request.method == "DELETE":
            calm(tenant)
        if request.method == "POST" and (wrong := _begin(tenant, await request.body())):
            return _refusal(wrong)
        return _waiting(tenant)

    return [
        Route("/emulator/clock", clock, methods=["GET", "POST"]),
        Route("/emulator/requests", requests, methods=["GET"]),
        Route("/emulator/faults", faults, methods=["GET", "POST", "DELETE"]),
    ]


def _waiting(tenant: Tenant) -> Response:
    left = json.loads(_PLAN.dump_json(tenant.faults.waiting()))
    return JSONResponse({"faults": left, "conditions": tenant.conditions.said()})


def _begin(tenant: Tenant, body: bytes) -> str:
    """What is wrong with what was asked for; nothing when it has begun."""
    try:
        if body.lstrip().startswith(b"{"):
            asked = _Named.model_validate_json(body)
            rehearse(tenant, asked.plan, asked.seed)
        else:
            tenant.faults.add(_PLAN.validate_json(body))
    except ValidationError as reason:
        return f"this is no plan of faults: {_words(reason)}"
    except UnknownPlanError as reason:
        return str(reason)
    return ""


def _refusal(text: str) -> Response:
    return JSONResponse({"error": {"code": "BadRequest", "message": text}}, 400)


def _words(reason: ValidationError) -> str:
    errors: list[Any] = list(reason.errors())
    return "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in errors)
