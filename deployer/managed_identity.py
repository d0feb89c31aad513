"""A managed identity: the machine itself is the deployer, and there is no credential to keep.

Asked for as azuread asks (github.com/hashicorp/go-azure-sdk, sdk/auth/managed_identity_authorizer.go): at the
instance metadata service or at ARM_MSI_ENDPOINT. azure-identity's ManagedIdentityCredential goes by variables
of its own (IDENTITY_ENDPOINT, MSI_ENDPOINT, AZURE_FEDERATED_TOKEN_FILE) and could be somebody else.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from clock import Clock
from deployer.environment import DeployerError
from https_json import https_url

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.core.rest import HttpResponse

# learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
_INSTANCE_METADATA = "http://169.254.169.254/metadata/identity/oauth2/token"
_VERSION = "2018-02-01"
_VARIABLE = "ARM_MSI_ENDPOINT"
_NO_MACHINE = (
    "A managed identity exists on Azure machines only, when one is assigned; elsewhere use ARM_USE_OIDC, a "
    "certificate or a client secret."
)


def endpoint(environ: Mapping[str, str]) -> str:
    """Where the machine's tokens are had; DeployerError or EndpointError when azuread could not use it."""
    if custom := environ.get(_VARIABLE):
        if _stays_on_the_machine(custom):
            return custom
        return https_url(custom, _VARIABLE)
    if environ.get("IDENTITY_ENDPOINT"):
        raise DeployerError(
            "ARM_USE_MSI: this is an app service, a function or a container app (IDENTITY_ENDPOINT is set), "
            "whose managed identity azuread can't use. Run on a virtual machine or its scale set, or use "
            "ARM_USE_OIDC."
        )
    return _INSTANCE_METADATA


def _stays_on_the_machine(url: str) -> bool:
    """Whether plain http leaves nobody else a chance to listen: link-local and loopback addresses."""
    try:
        parts = urlsplit(url)
    except ValueError:  # half an address
        return False
    return parts.scheme == "http" and parts.hostname in ("169.254.169.254", "127.0.0.1", "localhost")


class ManagedIdentity:
    """Tokens of the machine's identity; `client_id` "" means the one that the machine itself has."""

    def __init__(self, endpoint: str, tenant_id: str, client_id: str, clock: Clock) -> None:
        from azure.core.pipeline import Pipeline  # noqa: PLC0415 - a preview, which does not sign in, is spared

        from wire.transport import ClockedTransport  # noqa: PLC0415

        self._endpoint, self._tenant_id, self._client_id = endpoint, tenant_id, client_id
        transport = ClockedTransport(clock, connect_seconds=5, read_seconds=30)
        self._pipeline: Pipeline[Any, Any] = Pipeline(transport, [])

    def get_token(self, *scopes: str, **_options: Any) -> AccessToken:
        """A token for the one scope; azure-core's ClientAuthenticationError when there is none."""
        from azure.core.credentials import AccessToken  # noqa: PLC0415
        from azure.core.exceptions import AzureError, ClientAuthenticationError  # noqa: PLC0415
        from azure.core.rest import HttpRequest  # noqa: PLC0415

        asked = {"api-version": _VERSION, "resource": scopes[0].removesuffix("/.default")}
        if self._client_id:
            asked["client_id"] = self._client_id
        request = HttpRequest("GET", self._endpoint, params=asked, headers={"Metadata": "true"})
        try:  # never through a proxy: it would be the proxy's identity
            response = self._pipeline.run(request, proxies={"no_proxy": "*"}).http_response
        except AzureError as error:
            message = f"{self._endpoint} does not answer: {error}. {_NO_MACHINE}"
            raise ClientAuthenticationError(message) from None
        document = _document(response)
        token = document.get("access_token")
        if response.status_code != 200 or not isinstance(token, str):
            said = document.get("error_description") or "no description"
            message = (
                f"{self._endpoint} gave no token (HTTP Error: {response.status_code}): {said}. Check that "
                "the identity is assigned to this machine, and ARM_CLIENT_ID if it has several."
            )
            raise ClientAuthenticationError(message)
        tenant = _tenant_of(token)
        if tenant and tenant.lower() != self._tenant_id:
            message = (
                f"The machine's managed identity is of the tenant {tenant} and ARM_TENANT_ID is "
                f"{self._tenant_id}. A managed identity can't deploy into another tenant: use ARM_USE_OIDC."
            )
            raise ClientAuthenticationError(message)
        return AccessToken(token, int(time.time()) + int(document.get("expires_in") or 0))


def _document(response: HttpResponse) -> dict[str, Any]:
    try:
        document = json.loads(response.text())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _tenant_of(token: str) -> str:
    """The tenant that the token names; "" if it is not readable, which the service will judge."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["tid"])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""
