"""Who deploys: the identity of the ARM_* variables, for Exchange and Graph as for azuread.

The variables and their order are those of azuread (registry.terraform.io/providers/hashicorp/azuread,
"Argument Reference"), so that one environment can't mean two identities.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from clock import Clock, clock_from_environment
from clouds import CLOUDS, Cloud, cloud_from_environment
from https_json import fetch_json
from wire.credentials import RenewableCredential

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# What Entra expects a federated token to be made for
# (learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust).
_FEDERATION_AUDIENCE = "api://AzureADTokenExchange"

# It warns of each failed sign-in, which is raised, and told, as well.
logging.getLogger("azure.identity").setLevel(logging.ERROR)


class DeployerError(Exception):
    """The environment names no usable identity: what is missing and what to set, in one line."""


@dataclass(frozen=True)
class Deployer:
    """The identity that deploys. `client_id` is "" for a person signed in to the Azure CLI.

    `exchange_credential` is `credential`, unless EXCHANGE_CLIENT_ID separates the two. No secret is shown.
    """

    tenant_id: str
    client_id: str
    cloud: Cloud
    clock: Clock = field(repr=False)
    credential: RenewableCredential = field(repr=False)
    exchange_credential: RenewableCredential = field(repr=False)

    @property
    def is_application(self) -> bool:
        """Whether Exchange is asked by an application, not by a person."""
        return bool(self.client_id) or self.exchange_credential is not self.credential


def deployer_from_environment(environ: Mapping[str, str] = os.environ) -> Deployer:
    """The deployer that the variables name; DeployerError or EndpointError when they name none or two."""
    cloud, clock = cloud_from_environment(environ), clock_from_environment(environ)
    tenant = _tenant(environ)
    client_id, build = _chosen(environ, tenant, cloud, clock)
    try:
        credential = RenewableCredential(build)
    except (OSError, ValueError) as error:
        reason = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        raise DeployerError(
            f"The credential in the ARM_* variables can't be used: {reason}. If it is a certificate, check "
            "its file and password."
        ) from None
    return Deployer(
        tenant, client_id, cloud, clock, credential, _exchange(environ, tenant, cloud, clock) or credential
    )


def current_deployer() -> Deployer:
    """The deployer of this process: made once, so that all threads share one token cache."""
    with _making:
        return _made()


_making = threading.Lock()
_made = cache(deployer_from_environment)


def client_secret_credential(
    tenant_id: str, client_id: str, secret: str, cloud: Cloud, clock: Clock
) -> RenewableCredential:
    """The credential of an application and one of its secrets; it exists in this process only."""
    from azure.identity import ClientSecretCredential  # noqa: PLC0415 - as in _chosen

    options = _sign_in_options(cloud, clock)
    return RenewableCredential(lambda: ClientSecretCredential(tenant_id, client_id, secret, **options))


def _sign_in_options(cloud: Cloud, clock: Clock) -> dict[str, Any]:
    from wire.transport import ClockedTransport  # noqa: PLC0415 - as in _chosen

    return {
        "authority": cloud.login,
        # Microsoft's list of clouds does not hold the others; the address itself was configured.
        "disable_instance_discovery": cloud.login not in {known.login for known in CLOUDS.values()},
        "transport": ClockedTransport(clock),
    }


def _tenant(environ: Mapping[str, str]) -> str:
    tenant = environ.get("ARM_TENANT_ID", "").strip()
    try:
        UUID(tenant)
    except ValueError:
        raise DeployerError(
            f"ARM_TENANT_ID {'is no GUID' if tenant else 'is not set'}. Set it to the tenant's id: Exchange "
            "refuses domain names."
        ) from None
    if (other := environ.get("EXCHANGE_TENANT_ID", tenant).strip()) and other.lower() != tenant.lower():
        raise DeployerError(
            f"EXCHANGE_TENANT_ID is {other} and ARM_TENANT_ID is {tenant}: an application and its mailbox "
            "scope live in one tenant. Set both to the same, or remove EXCHANGE_TENANT_ID."
        )
    return tenant.lower()


def _chosen(
    environ: Mapping[str, str], tenant: str, cloud: Cloud, clock: Clock
) -> tuple[str, Callable[[], TokenCredential]]:
    """The client id and the way to sign in that azuread would choose: the first whose variables are there."""
    # It costs a preview, which does not sign in, a quarter of a second.
    from azure.identity import (  # noqa: PLC0415
        AzureCliCredential,
        CertificateCredential,
        ClientAssertionCredential,
        ClientSecretCredential,
    )

    options = _sign_in_options(cloud, clock)
    client_id = _value_or_file(environ, "ARM_CLIENT_ID")
    make: Callable[..., TokenCredential]
    material: dict[str, Any]
    if certificate := _certificate(environ):
        kind, make, material = "a client certificate", CertificateCredential, certificate
    elif secret := _value_or_file(environ, "ARM_CLIENT_SECRET"):
        kind, make, material = "a client secret", ClientSecretCredential, {"client_secret": secret}
    elif assertion := _federated(environ):
        kind, make, material = "a federated token", ClientAssertionCredential, {"func": assertion}
    elif _is_on(environ, "ARM_USE_MSI"):
        raise DeployerError(
            "ARM_USE_MSI: a managed identity is not supported in this version; use a federated token "
            "(ARM_USE_OIDC), a certificate or a client secret."
        )
    elif client_id:
        raise DeployerError(
            "ARM_CLIENT_ID is set without a way to sign in as it. Set ARM_CLIENT_SECRET, "
            "ARM_CLIENT_CERTIFICATE_PATH, or ARM_USE_OIDC with a token; or remove ARM_CLIENT_ID to sign in "
            "through the Azure CLI."
        )
    elif _is_on(environ, "ARM_USE_CLI", default=True):
        return "", lambda: AzureCliCredential(tenant_id=tenant)
    else:
        raise DeployerError(
            "No identity to deploy with: set ARM_CLIENT_ID and ARM_CLIENT_SECRET (or a certificate, or a "
            "federated token), or sign in with `az login` and leave ARM_USE_CLI unset."
        )
    if not client_id:
        raise DeployerError(f"There is {kind} but no ARM_CLIENT_ID; set it, or remove the credential.")
    # not functools.partial: its representation shows the secret
    return client_id, lambda: make(tenant_id=tenant, client_id=client_id, **material, **options)


def _exchange(
    environ: Mapping[str, str], tenant: str, cloud: Cloud, clock: Clock
) -> RenewableCredential | None:
    """Exchange's own identity, where a firm keeps its administration apart from Entra's."""
    client_id, secret = environ.get("EXCHANGE_CLIENT_ID"), environ.get("EXCHANGE_CLIENT_SECRET")
    if bool(client_id) != bool(secret):
        missing = "EXCHANGE_CLIENT_SECRET" if client_id else "EXCHANGE_CLIENT_ID"
        raise DeployerError(f"{missing} is missing: set both EXCHANGE_CLIENT_* variables or neither.")
    if not (client_id and secret):
        return None
    return client_secret_credential(tenant, client_id, secret, cloud, clock)


def _certificate(environ: Mapping[str, str]) -> dict[str, Any] | None:
    encoded, path = environ.get("ARM_CLIENT_CERTIFICATE"), environ.get("ARM_CLIENT_CERTIFICATE_PATH")
    password = environ.get("ARM_CLIENT_CERTIFICATE_PASSWORD") or None
    if encoded:
        try:
            return {"certificate_data": base64.b64decode(encoded, validate=True), "password": password}
        except binascii.Error:
            raise DeployerError("ARM_CLIENT_CERTIFICATE is not base64; encode the PKCS#12 file.") from None
    return {"certificate_path": path, "password": password} if path else None


def _federated(environ: Mapping[str, str]) -> Callable[[], str] | None:
    """How to get the pipeline's token, read anew each time because it lives for minutes."""
    if not _is_on(environ, "ARM_USE_OIDC"):
        return None
    if token := environ.get("ARM_OIDC_TOKEN"):
        return lambda: token
    if path := environ.get("ARM_OIDC_TOKEN_FILE_PATH"):
        return lambda: _read(path, "ARM_OIDC_TOKEN_FILE_PATH")
    if environ.get("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID") or environ.get(
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"
    ):
        raise DeployerError(
            "A service connection of Azure DevOps is not supported in this version; let the pipeline pass "
            "its token in ARM_OIDC_TOKEN."
        )
    url = environ.get("ARM_OIDC_REQUEST_URL") or environ.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    bearer = environ.get("ARM_OIDC_REQUEST_TOKEN") or environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not (url and bearer):
        raise DeployerError(
            "ARM_USE_OIDC is set without a token: set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or give "
            "the GitHub job `permissions: id-token: write`."
        )
    return lambda: _github_token(url, bearer)


def _github_token(url: str, bearer: str) -> str:
    """docs.github.com, "OpenID Connect reference": the runner makes a token for an audience."""
    joined = f"{url}{'&' if '?' in url else '?'}audience={_FEDERATION_AUDIENCE}"
    answer = fetch_json(joined, "ARM_OIDC_REQUEST_URL", headers={"Authorization": f"Bearer {bearer}"})
    if not isinstance(answer.get("value"), str):
        raise DeployerError("The runner answered without a token; check ARM_OIDC_REQUEST_URL.")
    return str(answer["value"])


def _value_or_file(environ: Mapping[str, str], name: str) -> str:
    """The variable, or what stands in the file that NAME_FILE_PATH names; they must not disagree."""
    value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE_PATH")
    if not path:
        return value
    read = _read(path, f"{name}_FILE_PATH")
    if value and value != read:
        raise DeployerError(f"{name} and the file of {name}_FILE_PATH differ; keep one of them.")
    return read


def _read(path: str, variable: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise DeployerError(f"{variable}: {path} can't be read: {reason}.") from None
    if not content:
        raise DeployerError(f"{variable}: {path} is empty. Write the value into it.")
    return content


def _is_on(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """A boolean as Go reads it (strconv.ParseBool), because azuread does."""
    value = environ.get(name, "")
    if not value:
        return default
    if value in ("1", "t", "T", "true", "True", "TRUE"):
        return True
    if value in ("0", "f", "F", "false", "False", "FALSE"):
        return False
    raise DeployerError(f"{name} must be true or false, got {value!r}.")
