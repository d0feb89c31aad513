"""Who deploys: the identity of the ARM_* variables, for Exchange and Graph as for azuread.

One environment must not mean two identities, so the variables and the order are azuread's: those of
`internal/provider/provider.go` and `helpers.go` in github.com/hashicorp/terraform-provider-azuread v3.9.0, on
which pulumi-azuread 6.11 stands, and of `NewAuthorizerFromCredentials` in github.com/hashicorp/go-azure-sdk,
`sdk/auth/auth.go`. The first way whose variables are complete is taken:

1. client certificate: ARM_CLIENT_CERTIFICATE or ARM_CLIENT_CERTIFICATE_PATH (PKCS#12)
2. client secret: ARM_CLIENT_SECRET, or the file of ARM_CLIENT_SECRET_FILE_PATH
3. with ARM_USE_OIDC or ARM_USE_AKS_WORKLOAD_IDENTITY, a token: ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH
4. with the same, a service connection of Azure DevOps: ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID or
   ARM_OIDC_AZURE_SERVICE_CONNECTION_ID, and where and with what to ask, as in 5
5. with the same, GitHub Actions: ARM_OIDC_REQUEST_URL and _TOKEN, else ACTIONS_ID_TOKEN_REQUEST_URL and
   _TOKEN, else SYSTEM_OIDCREQUESTURI and SYSTEM_ACCESSTOKEN
6. with ARM_USE_MSI, a managed identity: ARM_MSI_ENDPOINT, user-assigned by ARM_CLIENT_ID
7. unless ARM_USE_CLI is false, the Azure CLI

Where azuread passes over half a credential in silence and signs in by a later way, that is an error here.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from clock import Clock, clock_from_environment
from clouds import CLOUDS, Cloud, cloud_from_environment
from deployer import azure_cli, certificate, managed_identity, pipeline_token
from deployer.environment import DeployerError, check_switches, is_on, tenant_of, value_or_file
from deployer.provider_configuration import require_one_identity
from wire.credentials import RenewableCredential

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

__all__ = [
    "Deployer",
    "DeployerError",
    "client_secret_credential",
    "current_deployer",
    "deployer_from_environment",
    "require_one_identity",
]

# It warns of each failed sign-in, which is raised, and told, as well.
logging.getLogger("azure.identity").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Deployer:
    """The identity that deploys. No secret is shown.

    `client_id` is "" where it is not known: a person at the Azure CLI, the machine's own managed identity.
    `is_application` is whether Exchange is asked by an application, not by a person.
    `exchange_credential` is `credential`, unless EXCHANGE_CLIENT_ID separates the two.
    """

    tenant_id: str
    client_id: str
    cloud: Cloud
    clock: Clock = field(repr=False)
    credential: RenewableCredential = field(repr=False)
    exchange_credential: RenewableCredential = field(repr=False)
    is_application: bool = True


@dataclass(frozen=True)
class _SignIn:
    """One way to sign in, ready to be used."""

    client_id: str
    build: Callable[[], TokenCredential] = field(repr=False)
    is_application: bool = True


def deployer_from_environment(environ: Mapping[str, str] = os.environ) -> Deployer:
    """The deployer that the variables name; DeployerError or EndpointError when they name none or two."""
    cloud, clock = cloud_from_environment(environ), clock_from_environment(environ)
    check_switches(environ)
    tenant = tenant_of(environ)
    chosen = _chosen(environ, tenant, cloud, clock)
    credential = RenewableCredential(chosen.build)
    own = _exchange(environ, tenant, cloud, clock)
    return Deployer(
        tenant,
        chosen.client_id,
        cloud,
        clock,
        credential,
        own or credential,
        is_application=own is not None or chosen.is_application,
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
    from azure.identity import ClientSecretCredential  # noqa: PLC0415 - as in _of_application

    options = _sign_in_options(cloud, clock)
    return RenewableCredential(lambda: ClientSecretCredential(tenant_id, client_id, secret, **options))


def _sign_in_options(cloud: Cloud, clock: Clock) -> dict[str, Any]:
    from wire.transport import ClockedTransport  # noqa: PLC0415 - as in _of_application

    return {
        "authority": cloud.login,
        # Microsoft's list of clouds does not hold the others; the address itself was configured.
        "disable_instance_discovery": cloud.login not in {known.login for known in CLOUDS.values()},
        "transport": ClockedTransport(clock),
    }


def _chosen(environ: Mapping[str, str], tenant: str, cloud: Cloud, clock: Clock) -> _SignIn:
    """The way to sign in that azuread would choose: the first whose variables are there."""
    client_id = value_or_file(environ, "ARM_CLIENT_ID")
    if credential := _of_application(environ, clock):
        kind, make, material = credential
        if not client_id:
            raise DeployerError(f"There is {kind} but no ARM_CLIENT_ID; set it, or remove the credential.")
        options = _sign_in_options(cloud, clock)
        # not functools.partial: its representation shows the secret
        return _SignIn(client_id, lambda: make(tenant_id=tenant, client_id=client_id, **material, **options))
    if is_on(environ, "ARM_USE_MSI"):
        endpoint = managed_identity.endpoint(environ)
        return _SignIn(
            client_id, lambda: managed_identity.ManagedIdentity(endpoint, tenant, client_id, clock)
        )
    if client_id:
        raise DeployerError(
            "ARM_CLIENT_ID is set without a way to sign in as it. Set ARM_CLIENT_SECRET, "
            "ARM_CLIENT_CERTIFICATE_PATH, ARM_USE_OIDC with a token, or ARM_USE_MSI for a managed identity; "
            "or remove ARM_CLIENT_ID to sign in through the Azure CLI."
        )
    if is_on(environ, "ARM_USE_CLI", default=True):
        account = azure_cli.account(tenant)
        return _SignIn(account.client_id, lambda: azure_cli.credential(tenant), account.is_application)
    raise DeployerError(
        "No identity to deploy with: set ARM_CLIENT_ID and ARM_CLIENT_SECRET (or a certificate, or a "
        "federated token), or sign in with `az login` and leave ARM_USE_CLI unset."
    )


def _of_application(
    environ: Mapping[str, str], clock: Clock
) -> tuple[str, Callable[..., TokenCredential], dict[str, Any]] | None:
    """What the credential of an application is called, its class, and what that is made of."""
    # It costs a preview, which does not sign in, a quarter of a second.
    from azure.identity import (  # noqa: PLC0415
        CertificateCredential,
        ClientAssertionCredential,
        ClientSecretCredential,
    )

    if bundle := certificate.from_environment(environ, clock):
        return "a client certificate", CertificateCredential, bundle
    if secret := value_or_file(environ, "ARM_CLIENT_SECRET"):
        return "a client secret", ClientSecretCredential, {"client_secret": secret}
    if assertion := pipeline_token.from_environment(environ):
        return "a federated token", ClientAssertionCredential, {"func": assertion}
    return None


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
