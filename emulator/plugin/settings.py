"""A plugin's configuration, read as internal/provider of terraform-provider-azuread v3.9.0 reads it.

azure-native reads the same variables (pulumi-azure-native, provider/pkg/provider/auth.go).
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from emulator.plugin.errors import PluginError

_VARIABLES = {
    "metadataHost": ("ARM_METADATA_HOSTNAME",),
    "tenantId": ("ARM_TENANT_ID",),
    "clientId": ("ARM_CLIENT_ID",),
    "clientIdFilePath": ("ARM_CLIENT_ID_FILE_PATH",),
    "clientSecret": ("ARM_CLIENT_SECRET",),
    "clientSecretFilePath": ("ARM_CLIENT_SECRET_FILE_PATH",),
    "clientCertificate": ("ARM_CLIENT_CERTIFICATE",),
    "clientCertificatePath": ("ARM_CLIENT_CERTIFICATE_PATH",),
    "clientCertificatePassword": ("ARM_CLIENT_CERTIFICATE_PASSWORD",),
    "useOidc": ("ARM_USE_OIDC",),
    "oidcToken": ("ARM_OIDC_TOKEN",),
    "oidcTokenFilePath": ("ARM_OIDC_TOKEN_FILE_PATH",),
    "oidcRequestUrl": ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"),
    "oidcRequestToken": ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"),
    "adoPipelineServiceConnectionId": (
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
    ),
    "useAksWorkloadIdentity": ("ARM_USE_AKS_WORKLOAD_IDENTITY",),
    "useMsi": ("ARM_USE_MSI",),
    "msiEndpoint": ("ARM_MSI_ENDPOINT",),
    "useCli": ("ARM_USE_CLI",),
}
_TRUE, _FALSE = ("1", "t", "T", "true", "True", "TRUE"), ("0", "f", "F", "false", "False", "FALSE")


@dataclass(frozen=True)
class Settings:
    """The provider's arguments, and the environment where they are silent; files are read."""

    package: ClassVar[str]
    metadata_host: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    certificate: bytes = field(repr=False)
    certificate_password: str = field(repr=False)
    oidc_token: str = field(repr=False)
    oidc_request_url: str
    oidc_request_token: str = field(repr=False)
    service_connection: str
    msi_endpoint: str
    use_oidc: bool
    use_msi: bool
    use_cli: bool
    ca_bundle: str | None
    pace: float | None
    """Seconds that each poll and each retry waits; None: as long as the real plugin."""

    @classmethod
    def read(cls, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Self:
        """Raises PluginError for what can't be read; what is missing is judged where it is needed."""
        found = {
            argument: str(
                arguments.get(argument) or next((environ[name] for name in names if environ.get(name)), "")
            )
            for argument, names in _VARIABLES.items()
        }
        if not found["metadataHost"]:
            raise PluginError(
                f"unable to build authorizer: missing {cls.package}:metadataHost (ARM_METADATA_HOSTNAME). "
                f"Set it, or attach the real {cls.package} plugin"
            )
        aks = _flag(found, "useAksWorkloadIdentity")
        return cls(
            metadata_host=found["metadataHost"],
            tenant_id=_tenant(found["tenantId"].strip(), environ.get("AZURE_TENANT_ID", "") if aks else ""),
            client_id=_or_file(found, "clientId"),
            client_secret=_or_file(found, "clientSecret"),
            certificate=_certificate(found),
            certificate_password=found["clientCertificatePassword"],
            oidc_token=_or_file(found, "oidcToken"),
            oidc_request_url=found["oidcRequestUrl"],
            oidc_request_token=found["oidcRequestToken"],
            service_connection=found["adoPipelineServiceConnectionId"],
            msi_endpoint=found["msiEndpoint"] or "http://169.254.169.254/metadata/identity/oauth2/token",
            use_oidc=_flag(found, "useOidc") or aks,
            use_msi=_flag(found, "useMsi"),
            use_cli=_flag(found, "useCli", default=True),
            ca_bundle=environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE") or None,
            pace=_pace(environ.get("STANDIN_POLL_SECONDS", "")),
        )


def _flag(found: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    value = found[name]
    if value and value not in _TRUE + _FALSE:
        raise PluginError(f"{name}: {value!r} is no boolean")
    return value in _TRUE if value else default


def _or_file(found: Mapping[str, str], name: str) -> str:
    value, path = found[name].strip(), found[f"{name}FilePath"]
    if not path:
        return value
    try:
        read = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        raise PluginError(f"reading {name} from file {path!r}: {failure}") from None
    if value and value != read:
        raise PluginError(
            f"mismatch between supplied {name} and supplied {name} file contents - please either remove "
            "one or ensure they match"
        )
    return read


def _tenant(tenant: str, of_cluster: str) -> str:
    if tenant and of_cluster and tenant != of_cluster:
        raise PluginError(
            "mismatch between supplied Tenant ID and that provided by AKS Workload Identity - please remove, "
            "ensure they match, or disable use_aks_workload_identity"
        )
    return of_cluster or tenant


def _certificate(found: Mapping[str, str]) -> bytes:
    """The PKCS#12 archive; the variable outranks the file."""
    if encoded := found["clientCertificate"]:
        try:
            return base64.b64decode(encoded, validate=True)
        except binascii.Error as failure:
            raise PluginError(f"could not decode client certificate data: {failure}") from None
    if path := found["clientCertificatePath"]:
        try:
            return Path(path).read_bytes()
        except OSError as failure:
            raise PluginError(f"could not read PKCS#12 archive at {path!r}: {failure}") from None
    return b""


def _pace(text: str) -> float | None:
    try:
        seconds = float(text) if text else None
    except ValueError:
        seconds = -1.0
    if seconds is not None and not 0 <= seconds < float("inf"):
        raise PluginError(f"STANDIN_POLL_SECONDS is {text!r}: it takes a number of seconds, 0 or more")
    return seconds
