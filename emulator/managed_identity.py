"""Tokens for the machine's managed identity, in the two forms that clients ask for them.

A virtual machine's is that of "How to use managed identities on an Azure VM to acquire an access token"
(learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token). An app service's
is that of learn.microsoft.com/azure/app-service/overview-managed-identity: a header proves that the caller
runs there. azuread's client knows the former only.
"""

import hmac
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator import tokens
from emulator.ids import stable_id
from emulator.login import service_of
from emulator.login_error import LoginError
from emulator.request_log import note
from emulator.store import Document
from emulator.tenant import Tenant

MACHINE = "/metadata/identity/oauth2/token"
APP_SERVICE = "/msi/token"


class _RefusedError(Exception):
    def __init__(self, status: int, error: str, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.text = status, error, text


def header_of(tenant: Tenant) -> str:
    """What the platform gives to whom runs in its app service (IDENTITY_HEADER)."""
    return stable_id(tenant.id, "identity header")


def routes(tenant: Tenant) -> list[Route]:
    """The routes of both forms."""

    def machine(request: Request) -> Response:
        """A token for the managed identity, as a virtual machine gets it."""
        return _answer(lambda: _of_machine(tenant, request))

    def app_service(request: Request) -> Response:
        """A token for the managed identity, as an app service gets it."""
        return _answer(lambda: _of_app_service(tenant, request))

    return [Route(MACHINE, machine, methods=["GET"]), Route(APP_SERVICE, app_service, methods=["GET"])]


def _answer(work: Callable[[], Document]) -> Response:
    try:
        return JSONResponse(work())
    except _RefusedError as refusal:
        return JSONResponse({"error": refusal.error, "error_description": refusal.text}, refusal.status)
    except LoginError as refusal:
        said = f"AADSTS{refusal.code}: {refusal.text}"
        return JSONResponse({"error": refusal.error, "error_description": said}, 400)


def _of_machine(tenant: Tenant, request: Request) -> Document:
    if request.headers.get("Metadata", "").lower() != "true" or "X-Forwarded-For" in request.headers:
        raise _RefusedError(400, "bad_request_102", "Required metadata header not specified")
    _must_be_version(request, "2018-02-01")
    text, described, seconds = _token(tenant, request)
    return {
        "access_token": text,
        "expires_in": str(seconds),
        "ext_expires_in": str(seconds),
        **described,
        "not_before": str(int(tenant.clock.now().timestamp())),
    }


def _of_app_service(tenant: Tenant, request: Request) -> Document:
    given = request.headers.get("X-IDENTITY-HEADER", "")
    if not hmac.compare_digest(given.encode(), header_of(tenant).encode()):
        raise _RefusedError(401, "unauthorized", "X-IDENTITY-HEADER is missing or wrong")
    _must_be_version(request, "2019-08-01")
    text, described, _ = _token(tenant, request)
    return {"access_token": text, **described}


def _must_be_version(request: Request, wanted: str) -> None:
    if request.query_params.get("api-version") != wanted:
        raise _RefusedError(400, "invalid_request", f"api-version must be {wanted}")


def _token(tenant: Tenant, request: Request) -> tuple[str, dict[str, Any], int]:
    asked = request.query_params.get("resource", "")
    if not asked:
        raise _RefusedError(400, "invalid_request", "Required audience parameter not specified")
    principal = _identity(tenant, request.query_params.get("client_id", "").lower())
    note(request, client=principal["appId"])
    audience, service = service_of(tenant, f"{asked.rstrip('/')}/.default")
    text, token, lifetime = tokens.mint(tenant, principal, service, audience)
    note(request, service=service["displayName"], roles=sorted(token.roles))
    described = {
        "client_id": principal["appId"],
        "expires_on": str(int((tenant.clock.now() + lifetime).timestamp())),
        "resource": asked,
        "token_type": "Bearer",
    }
    return text, described, int(lifetime.total_seconds()) - 1


def _identity(tenant: Tenant, client_id: str) -> Document:
    """The identity of this client id, or the only one that there is."""
    present = [
        one
        for one in tenant.store.all("servicePrincipal")
        if one.get("servicePrincipalType") == "ManagedIdentity" and client_id in ("", one["appId"])
    ]
    if not present:
        raise _RefusedError(400, "invalid_request", "Identity not found")
    if len(present) > 1:
        raise _RefusedError(
            400,
            "invalid_request",
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the "
            "identity in the token request",
        )
    return present[0]
