"""The stack's own settings for azuread, which outrank the variables there and are not seen by Exchange.

Keys and variables: github.com/pulumi/pulumi-azuread, provider/resources.go, and DefaultFunc of
`internal/provider/provider.go` in github.com/hashicorp/terraform-provider-azuread v3.9.0.
"""

from collections.abc import Mapping

from deployer.environment import DeployerError, first_of, flag

_VARIABLES = {
    "adoPipelineServiceConnectionId": (
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
    ),
    "clientCertificate": ("ARM_CLIENT_CERTIFICATE",),
    "clientCertificatePassword": ("ARM_CLIENT_CERTIFICATE_PASSWORD",),
    "clientCertificatePath": ("ARM_CLIENT_CERTIFICATE_PATH",),
    "clientId": ("ARM_CLIENT_ID",),
    "clientIdFilePath": ("ARM_CLIENT_ID_FILE_PATH",),
    "clientSecret": ("ARM_CLIENT_SECRET",),
    "clientSecretFilePath": ("ARM_CLIENT_SECRET_FILE_PATH",),
    "environment": ("ARM_ENVIRONMENT",),
    "metadataHost": ("ARM_METADATA_HOSTNAME",),
    "msiEndpoint": ("ARM_MSI_ENDPOINT",),
    "oidcRequestToken": ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"),
    "oidcRequestUrl": ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"),
    "oidcToken": ("ARM_OIDC_TOKEN",),
    "oidcTokenFilePath": ("ARM_OIDC_TOKEN_FILE_PATH",),
    "tenantId": ("ARM_TENANT_ID",),
    "useAksWorkloadIdentity": ("ARM_USE_AKS_WORKLOAD_IDENTITY",),
    "useCli": ("ARM_USE_CLI",),
    "useMsi": ("ARM_USE_MSI",),
    "useOidc": ("ARM_USE_OIDC",),
}
_DEFAULTS = {"environment": "public", "useCli": "true"}
_FOLDED = {"clientId", "environment", "tenantId"}
_PREFIX = "azuread:"


def require_one_identity(config: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """DeployerError when the stack's settings make azuread sign in as somebody else than the variables do.

    `config` is the stack's whole configuration by full key. No value is shown: some are secret.
    """
    differing = [
        (f"{_PREFIX}{key}", names[0])
        for key, names in _VARIABLES.items()
        if (value := config.get(f"{_PREFIX}{key}"))
        and not _same(key, value, first_of(environ, *names)[1] or _DEFAULTS.get(key, ""))
    ]
    if differing:
        found = ", ".join(f"{key} (not what {variable} says)" for key, variable in differing)
        raise DeployerError(
            f"The stack's configuration gives azuread an identity of its own: {found}. Exchange and "
            "Microsoft Graph sign in by the variables alone. Set the variables, and take the keys out with "
            f"`pulumi config rm {differing[0][0]}`."
        )


def _same(key: str, value: str, other: str) -> bool:
    if key.startswith("use"):  # a switch that is off says nothing new
        return flag(value) == bool(flag(other))
    if key in _FOLDED:
        return value.strip().lower() == other.strip().lower()
    return value.strip() == other.strip()
