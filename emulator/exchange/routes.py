"""The admin endpoint of Exchange Online: `InvokeCommand`, and `EXOModuleFile`, the cmdlets one may run."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.exchange import (  # noqa: F401  # each module registers its cmdlets
    access_policies,
    calendar_permissions,
    distribution_groups,
    envelope,
    group_members,
    group_settings,
    mailbox_permissions,
    management_scopes,
    organization,
    recipient_permissions,
    recipients,
    role_assignments,
    role_groups,
    service_principals,
)
from emulator.exchange.authorization import AdmissionError, Caller, admit
from emulator.exchange.cmdlets import available, run
from emulator.exchange.errors import CmdletError, NotModelledError
from emulator.exchange.paging import PAGE_SIZE, LinkError, page_of, page_size
from emulator.request_log import note
from emulator.tenant import Tenant
from emulator.tokens import EXCHANGE

_PREFIXES = ("adminapi", "AdminApi")
_VERSIONS = ("beta", "v1.0")
_NULS = 1024


def routes(tenant: Tenant) -> list[Route]:
    """The routes of the admin endpoint, in both spellings that clients use."""

    async def invoke_command(request: Request) -> Response:
        """Run a cmdlet."""
        body = await request.body()
        return await run_in_threadpool(
            _answer, tenant, request, lambda caller: _invoke(tenant, request, caller, body)
        )

    def module_file(request: Request) -> Response:
        """The cmdlets that the caller may run, as the PowerShell module asks for them."""
        return _answer(tenant, request, lambda caller: _module_file(tenant, caller))

    return [
        route
        for prefix in _PREFIXES
        for version in _VERSIONS
        for route in (
            Route(f"/{prefix}/{version}/{{tenant}}/InvokeCommand", invoke_command, methods=["POST"]),
            Route(f"/{prefix}/{version}/{{tenant}}/EXOModuleFile", module_file, methods=["GET"]),
        )
    ]


def _answer(tenant: Tenant, request: Request, work: Callable[[Caller], Response]) -> Response:
    try:
        caller = admit(tenant, request.headers.get("Authorization"), request.path_params["tenant"])
        note(request, client=caller.client_id)
        response = work(caller)
    except AdmissionError as refusal:
        response = _not_admitted(tenant, request, refusal)
    except CmdletError as refusal:
        response = _refused(tenant, request, refusal)
    except (envelope.EnvelopeError, LinkError) as reason:
        response = _plain(HTTPStatus.BAD_REQUEST, str(reason))
    except NotModelledError as reason:
        response = _plain(HTTPStatus.NOT_IMPLEMENTED, str(reason))
    response.headers["request-id"] = str(uuid.uuid4())
    return response


def _invoke(tenant: Tenant, request: Request, caller: Caller, body: bytes) -> Response:
    asked = envelope.read(body)
    call, records = run(tenant, caller, asked.name, asked.parameters)
    headers = {"Cmdlet-Name": call.cmdlet}
    if records is None:
        return Response(status_code=HTTPStatus.OK, headers=headers)
    page = page_of(
        records,
        min(page_size(request.headers.get("Prefer", "")), tenant.conditions.page_size or PAGE_SIZE),
        request.query_params.get("$skiptoken", ""),
        body,
        tenant.clock.now(),
    )
    select = request.query_params.get("$select", "")
    here = f"{tenant.exchange_url}{request.url.path}"
    query = {"$select": select, "$skiptoken": page.next_token}
    following = (
        f"{here}?{urlencode({k: v for k, v in query.items() if v}, safe='$,')}" if page.next_token else ""
    )
    context = f"{here.rpartition('/')[0]}/$metadata#Collection(Exchange.GenericObject)"
    return JSONResponse(
        envelope.write(context, page.records, select, call.warnings, following), headers=headers
    )


def _module_file(tenant: Tenant, caller: Caller) -> Response:
    """That `value` is a list of one object is not confirmed: PowerShell reads either alike."""
    context = f"{tenant.exchange_url}/adminapi/beta/{tenant.id}/$metadata#EXOModuleFile"
    return JSONResponse(
        {"@odata.context": context, "value": [{"exportedCmdlets": ",".join(available(caller))}]}
    )


def _refused(tenant: Tenant, request: Request, refusal: CmdletError) -> Response:
    """A refusal in the tenant's language (its setting `language`), else in that of the request."""
    status = refusal.status
    if refusal.missing:
        status = HTTPStatus(tenant.settings.get("notFoundStatus", status))
    held = tenant.conditions.language or tenant.settings.get("language")
    language = held or request.headers.get("Accept-Language") or "en-US"
    return JSONResponse(
        refusal.body(status, english=language.lower().startswith("en")),
        status,
        {"x-ExceptionType": refusal.type.rpartition(".")[2]},
    )


def _not_admitted(tenant: Tenant, request: Request, refusal: AdmissionError) -> Response:
    """A 403's body is zero bytes, said to be compressed when the client would take that."""
    headers = {"x-ms-diagnostics": refusal.diagnostics} if refusal.diagnostics else {}
    if refusal.status is HTTPStatus.UNAUTHORIZED:
        challenge = (
            f'Bearer client_id="{EXCHANGE}", trusted_issuers="00000001-0000-0000-c000-000000000000@*", '
            f'authorization_uri="{tenant.base_url}/common/oauth2/authorize", error="invalid_token"'
        )
        return Response(status_code=refusal.status, headers={**headers, "WWW-Authenticate": challenge})
    if "gzip" in request.headers.get("Accept-Encoding", "").lower():
        headers["Content-Encoding"] = "gzip"
    return Response(bytes(_NULS), refusal.status, headers, media_type="application/json")


def _plain(status: HTTPStatus, text: str) -> Response:
    code = status.phrase.title().replace(" ", "")
    return JSONResponse({"error": {"code": code, "message": text}}, status)
