"""Login: the cloud's metadata, OpenID discovery, and tokens for client credentials."""

import hmac
import json
import uuid
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from jwt.algorithms import RSAAlgorithm
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator import certificates, conditional_access, federation, sign_in_log, tokens
from emulator.clock import parse_stamp
from emulator.login_error import LoginError
from emulator.request_log import note
from emulator.store import Document
from emulator.tenant import Tenant


def routes(tenant: Tenant) -> list[Route]:
    """The routes of the login service; the tenant is named in the path by its id or by its domain."""

    def metadata(_: Request) -> Response:
        """Where the services of this cloud are."""
        return JSONResponse(_metadata(tenant))

    def instance_discovery(_: Request) -> Response:
        """Where the tenant's OpenID configuration is."""
        return JSONResponse(
            {"tenant_discovery_endpoint": f"{_authority(tenant)}/v2.0{_OPENID}", "metadata": []}
        )

    def openid_configuration(request: Request) -> Response:
        """The tenant's OpenID configuration."""
        return _answer(tenant, lambda: _openid(tenant, request))

    def keys(request: Request) -> Response:
        """The public half of the signing key."""
        return _answer(tenant, lambda: _key_set(tenant, request))

    async def token(request: Request) -> Response:
        """An access token for a client id and a secret, a certificate or the token of a trusted pipeline."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        return _answer(tenant, lambda: _token(tenant, request, form))

    return [
        Route("/metadata/endpoints", metadata, methods=["GET"]),
        Route("/common/discovery/instance", instance_discovery, methods=["GET"]),
        Route("/{tenant}/v2.0" + _OPENID, openid_configuration, methods=["GET"]),
        Route("/{tenant}/discovery/v2.0/keys", keys, methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
    ]


_OPENID = "/.well-known/openid-configuration"


def _answer(tenant: Tenant, work: Callable[[], Document]) -> Response:
    try:
        return JSONResponse(work(), headers={"Cache-Control": "no-store, no-cache"})
    except LoginError as refusal:
        return JSONResponse(_refusal(refusal, tenant.clock.now()), refusal.status)


def _refusal(refusal: LoginError, now: datetime) -> Document:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    when = now.strftime("%Y-%m-%d %H:%M:%SZ")
    described = (
        f"AADSTS{refusal.code}: {refusal.text} "
        f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {when}"
    )
    return {
        "error": refusal.error,
        "error_description": described,
        "error_codes": [refusal.code],
        "timestamp": when,
        "trace_id": trace,
        "correlation_id": correlation,
    }


def _authority(tenant: Tenant) -> str:
    return f"{tenant.base_url}/{tenant.id}"


def _metadata(tenant: Tenant) -> Document:
    return {
        "name": "Emulated",
        "portal": tenant.base_url,
        "resourceManager": tenant.arm_url,
        "microsoftGraphResourceId": f"{tenant.base_url}/",
        "authentication": {
            "loginEndpoint": tenant.base_url,
            "audiences": [tenant.arm_url],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {"keyVaultDns": tenant.vault_suffix},
    }


def _openid(tenant: Tenant, request: Request) -> Document:
    _must_be_here(tenant, request)
    authority = _authority(tenant)
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
    }


def _key_set(tenant: Tenant, request: Request) -> Document:
    _must_be_here(tenant, request)
    public = json.loads(RSAAlgorithm.to_jwk(tokens.signing_key(tenant).public_key()))
    return {"keys": [{**public, "kid": tokens.key_id(tenant), "use": "sig"}]}


def _must_be_here(tenant: Tenant, request: Request) -> None:
    asked = request.path_params["tenant"]
    if asked.lower() not in (tenant.id, tenant.domain):
        raise LoginError(
            400,
            "invalid_tenant",
            90002,
            f"Tenant '{asked}' not found. Check to make sure you have the correct tenant ID and are signing "
            "into the correct cloud. Check with your subscription administrator, this may happen if there "
            "are no active subscriptions for the tenant.",
        )


def _token(tenant: Tenant, request: Request, form: dict[str, str]) -> Document:
    _must_be_here(tenant, request)
    client_id = form.get("client_id", "").lower()
    note(request, client=client_id)
    if form.get("grant_type") != "client_credentials":
        raise LoginError(
            400,
            "unsupported_grant_type",
            70003,
            f"The app requested an unsupported grant type '{form.get('grant_type')}'.",
        )
    address = request.client.host if request.client else None
    with sign_in_log.recorded(tenant, client_id, address) as attempt:
        _check_credential(tenant, client_id, form, attempt)
        principal = _principal(tenant, client_id)
        conditional_access.check(tenant.store, principal)
        audience, service = service_of(tenant, form.get("scope", ""))
        attempt.resource = service["displayName"]
    text, token, lifetime = tokens.mint(tenant, principal, service, audience)
    note(request, service=service["displayName"], roles=sorted(token.roles))
    seconds = int(lifetime.total_seconds()) - 1
    return {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": text}


def _check_credential(
    tenant: Tenant, client_id: str, form: dict[str, str], attempt: sign_in_log.SignIn
) -> None:
    if assertion := form.get("client_assertion"):
        if certificates.is_signed_by_an_application(assertion):
            attempt.credential = "clientAssertion"
            certificates.check_assertion(tenant, _holders(tenant, client_id), assertion)
        else:
            attempt.credential = "federatedIdentityCredential"
            federation.check_assertion(tenant, _application(tenant, client_id), assertion)
    elif form.get("client_secret"):
        attempt.credential = "clientSecret"
        attempt.key_id = _check_secret(tenant, _holders(tenant, client_id), form["client_secret"])
    else:
        raise LoginError(
            401,
            "invalid_client",
            7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )


def _application(tenant: Tenant, client_id: str) -> Document:
    application = next(
        (app for app in tenant.store.all("application") if app["appId"].lower() == client_id), None
    )
    if application is None:
        raise LoginError(
            400,
            "unauthorized_client",
            700016,
            f"Application with identifier '{client_id}' was not found in the directory "
            f"'{tenant.settings['displayName']}'. This can happen if the application has not been installed "
            "by the administrator of the tenant or consented to by any user in the tenant. You may have sent "
            "your authentication request to the wrong tenant.",
        )
    return application


def _holders(tenant: Tenant, client_id: str) -> list[Document]:
    """The application and its service principal: what either holds is a credential of both."""
    principals = [one for one in tenant.store.all("servicePrincipal") if one["appId"].lower() == client_id]
    return [_application(tenant, client_id), *principals]


def _check_secret(tenant: Tenant, holders: list[Document], secret: str) -> str:
    """The key id of the secret that was sent; LoginError for one that does not count."""
    client_id = holders[0]["appId"]
    key_id = next(
        (
            key_id
            for holder in holders
            for key_id, text in holder.get("_secrets", {}).items()
            if hmac.compare_digest(text.encode(), secret.encode())
        ),
        None,
    )
    held = [one for holder in holders for one in holder.get("passwordCredentials", [])]
    credential = next((one for one in held if one["keyId"] == key_id), None)
    now = tenant.clock.now()
    if (
        credential is None
        or parse_stamp(credential["startDateTime"]) > now
        or not tenant.knows("passwordCredential", credential["keyId"], "sign in with")
    ):
        raise LoginError(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client "
            f"secret value, not the client secret ID, for a secret added to app '{client_id}'.",
        )
    if parse_stamp(credential["endDateTime"]) <= now:
        raise LoginError(
            401,
            "invalid_client",
            7000222,
            f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to "
            "create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate "
            "credentials for added security: https://aka.ms/certCreds.",
        )
    return str(credential["keyId"])


def _principal(tenant: Tenant, client_id: str) -> Document:
    principal = next(
        (sp for sp in tenant.store.all("servicePrincipal") if sp["appId"].lower() == client_id), None
    )
    if principal is None:
        raise LoginError(
            401,
            "invalid_client",
            7000229,
            f"The client application {client_id} is missing service principal in the tenant {tenant.id}. "
            "See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119",
        )
    if not principal.get("accountEnabled", True):
        raise LoginError(
            400,
            "unauthorized_client",
            7000112,
            f"Application '{client_id}'({principal['displayName']}) is disabled.",
        )
    return principal


def service_of(tenant: Tenant, scope: str) -> tuple[str, Document]:
    """The audience, and the service principal, that a token of this scope is for; LoginError if none."""
    audience, suffix = scope.removesuffix("/.default").rstrip("/"), scope.endswith("/.default")
    if not suffix:
        raise LoginError(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope "
            "value with /.default suffixed to the resource identifier (application ID URI).",
        )
    for app_id in (tokens.GRAPH, tokens.EXCHANGE, tokens.RESOURCE_MANAGER, tokens.KEY_VAULT):
        if audience.lower() in tokens.names_of(tenant, app_id):
            for service in tenant.store.all("servicePrincipal"):
                if service["appId"] == app_id:
                    return audience.lower(), service
    raise LoginError(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {audience} was not found in the tenant named "
        f"{tenant.settings['displayName']}. This can happen if the application has not been installed by the "
        "administrator of the tenant or consented to by any user in the tenant. You might have sent your "
        "authentication request to the wrong tenant.",
    )
