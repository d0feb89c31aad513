"""How the provider gets its tokens: the first way whose settings are complete, as azuread chooses.

github.com/hashicorp/go-azure-sdk, sdk/auth/auth.go: client certificate, client secret, OIDC, Azure DevOps,
GitHub, managed identity, Azure CLI.
"""

import base64
import json
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import pkcs12

from emulator.plugin.errors import PluginError
from emulator.plugin.settings import Settings

Answer = dict[str, Any]
Ask = Callable[[str, str, str, Mapping[str, str], bytes | None], Answer]
"""(method, address, what is being done, headers, body) -> the JSON answered; PluginError when refused."""

_AUDIENCE = "api://AzureADTokenExchange"
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DOING = "unable to obtain access token"


@dataclass(frozen=True)
class Place:
    """Where the provider signs in, and what for; both without a trailing slash."""

    login: str
    audience: str


Authorizer = Callable[[Ask, Place], Answer]
"""Gets a token: a document with `access_token` and `expires_in`."""


def authorizer(settings: Settings) -> Authorizer:
    """The way to sign in; PluginError when none is complete."""
    application = bool(settings.tenant_id.strip() and settings.client_id.strip())
    oidc = application and settings.use_oidc
    asks = oidc and bool(settings.oidc_request_url.strip() and settings.oidc_request_token.strip())
    ways = (
        (application and bool(settings.certificate), _by_certificate),
        (application and bool(settings.client_secret), _by_secret),
        (oidc and bool(settings.oidc_token), _by_token),
        (asks and bool(settings.service_connection), _by_azure_devops),
        (asks, _by_github),
        (settings.use_msi, _by_machine),
        (settings.use_cli, _by_azure_cli),
    )
    for complete, way in ways:
        if complete:
            return way(settings)
    raise PluginError(
        "unable to build authorizer: no Authorizer could be configured, please check your configuration: "
        f"tenant ID {_is(settings.tenant_id)}, client ID {_is(settings.client_id)}, "
        f"secret {_is(settings.client_secret)}, use_oidc {settings.use_oidc}, use_cli False"
    )


def _is(value: str) -> str:
    return "set" if value else "missing"


def _sign_in(ask: Ask, place: Place, settings: Settings, **credential: str) -> Answer:
    form = {
        "client_id": settings.client_id,
        "grant_type": "client_credentials",
        "scope": f"{place.audience}/.default",
        **credential,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", _token_url(place, settings), _DOING, headers, urlencode(form).encode())


def _token_url(place: Place, settings: Settings) -> str:
    return f"{place.login}/{settings.tenant_id}/oauth2/v2.0/token"


def _asserting(assertion: str) -> dict[str, str]:
    return {"client_assertion": assertion, "client_assertion_type": _JWT_BEARER}


def _by_secret(settings: Settings) -> Authorizer:
    return lambda ask, place: _sign_in(ask, place, settings, client_secret=settings.client_secret)


def _by_token(settings: Settings) -> Authorizer:
    return lambda ask, place: _sign_in(ask, place, settings, **_asserting(settings.oidc_token))


def _by_azure_devops(settings: Settings) -> Authorizer:
    return lambda ask, place: _sign_in(ask, place, settings, **_asserting(_of_azure_devops(ask, settings)))


def _by_github(settings: Settings) -> Authorizer:
    return lambda ask, place: _sign_in(ask, place, settings, **_asserting(_of_github(ask, settings)))


def _by_certificate(settings: Settings) -> Authorizer:
    password = settings.certificate_password.encode() or None
    try:
        bundle = pkcs12.load_pkcs12(settings.certificate, password)
    except ValueError as failure:
        raise PluginError(
            f"could not configure ClientCertificate Authorizer: could not decode PKCS#12 archive: {failure}"
        ) from None
    key, certificate = bundle.key, bundle.cert
    if certificate is None or not isinstance(key, RSAPrivateKey):
        raise PluginError(
            "could not configure ClientCertificate Authorizer: unrecognized/unsupported key type"
        )
    # In `kid`, with padding: sdk/auth/client_credentials.go
    named = base64.urlsafe_b64encode(certificate.certificate.fingerprint(SHA1())).decode()  # noqa: S303 - a name

    def sign_in(ask: Ask, place: Place) -> Answer:
        now = int(time.time())
        claims = {
            "aud": _token_url(place, settings),
            "exp": now + 3600,
            "iss": settings.client_id,
            "jti": str(uuid.uuid4()),
            "nbf": now,
            "sub": settings.client_id,
        }
        assertion = jwt.encode(claims, key, algorithm="RS256", headers={"kid": named})
        return _sign_in(ask, place, settings, **_asserting(assertion))

    return sign_in


def _of_github(ask: Ask, settings: Settings) -> str:
    url = _with_query(settings.oidc_request_url, {"audience": _AUDIENCE})
    answer = ask("GET", url, "githubAssertion", _bearer(settings), None)
    return _assertion(answer.get("value"), "GitHubOIDCAuthorizer: nil JWT assertion received from GitHub")


def _of_azure_devops(ask: Ask, settings: Settings) -> str:
    wanted = {
        "api-version": "7.1",
        "serviceConnectionId": settings.service_connection,
        "audience": _AUDIENCE,
    }
    url = _with_query(settings.oidc_request_url, wanted)
    headers = {**_bearer(settings), "Content-Type": "application/json"}
    answer = ask("POST", url, "adoPipelineAssertion", headers, None)
    nothing = "ADOPipelineOIDCAuthorizer: nil JWT assertion received from ADOPipeline"
    return _assertion(answer.get("oidcToken"), nothing)


def _assertion(token: object, nothing: str) -> str:
    if not isinstance(token, str):
        raise PluginError(f"{_DOING}: {nothing}")
    return token


def _bearer(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.oidc_request_token}"}


def _with_query(url: str, wanted: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    present = dict(parse_qsl(parts.query))
    return urlunsplit(parts._replace(query=urlencode({**wanted, **present})))


def _by_machine(settings: Settings) -> Authorizer:
    return lambda ask, place: _of_machine(ask, place, settings)


def _of_machine(ask: Ask, place: Place, settings: Settings) -> Answer:
    query = {"api-version": "2018-02-01", "resource": place.audience}
    if settings.client_id:
        query["client_id"] = settings.client_id
    url = f"{settings.msi_endpoint}?{urlencode(query)}"
    return ask("GET", url, "ManagedIdentityAuthorizer: failed to request token", {"Metadata": "true"}, None)


def _by_azure_cli(settings: Settings) -> Authorizer:
    return lambda _, place: _of_azure_cli(place, settings)


def _of_azure_cli(place: Place, settings: Settings) -> Answer:
    shown = _az("account", "show")
    user = shown.get("user") or {}
    scope = f"{place.audience}/.default"
    arguments = ["account", "get-access-token", "--scope", scope]
    if user.get("name") not in ("systemAssignedIdentity", "userAssignedIdentity"):
        arguments += ["--tenant", settings.tenant_id or str(shown.get("tenantId"))]
    token = _az(*arguments)
    return {
        "access_token": token.get("accessToken"),
        "expires_in": int(token.get("expires_on", time.time())) - int(time.time()),
    }


def _az(*arguments: str) -> Answer:
    command = ["az", *arguments, "-o=json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        answer = json.loads(done.stdout)
    except subprocess.CalledProcessError as failure:
        raise PluginError(
            f"running Azure CLI: exit status {failure.returncode}: {failure.stderr.strip()}"
        ) from None
    except (OSError, ValueError, subprocess.SubprocessError) as failure:
        raise PluginError(f"launching Azure CLI: {failure}") from None
    return answer if isinstance(answer, dict) else {}
