"""A client certificate: one PKCS#12 bundle of certificate and private key, as azuread takes it.

azuread decodes PKCS#12 and nothing else (github.com/hashicorp/go-azure-sdk,
sdk/auth/client_certificate_authorizer.go); azure-identity would take PEM, too, and only RSA keys.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clock import Clock
from deployer.environment import DeployerError

_DATA, _PATH, _PASSWORD = (
    "ARM_CLIENT_CERTIFICATE",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_CLIENT_CERTIFICATE_PASSWORD",
)


def from_environment(environ: Mapping[str, str], clock: Clock) -> dict[str, Any] | None:
    """What azure-identity makes a credential of; None without a certificate.

    DeployerError when it can't be read, opened or used at this moment.
    """
    encoded, path = environ.get(_DATA), environ.get(_PATH)
    if not (encoded or path):
        return None
    variable = _DATA if encoded else _PATH
    data = _decoded(encoded) if encoded else _read(path or "")
    password = environ.get(_PASSWORD) or None
    _check(data, password, variable, clock)
    return {"certificate_data": data, "password": password}


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise DeployerError(f"{_DATA} is not base64; encode the PKCS#12 file.") from None


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DeployerError(
            f"{_PATH}: {path} can't be read: {error.strerror}. Put the PKCS#12 file there, or correct the "
            "variable."
        ) from None


def _check(data: bytes, password: str | None, variable: str, clock: Clock) -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - a slow import
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    if data.lstrip().startswith(b"-----BEGIN"):
        raise DeployerError(
            f"{variable} holds a PEM file, and azuread reads PKCS#12 only. Convert it: openssl pkcs12 "
            "-export -in deployer.pem -out deployer.pfx."
        )
    try:
        bundle = pkcs12.load_pkcs12(data, password.encode() if password else None)
    except ValueError:
        raise DeployerError(
            f"{variable} can't be opened: it is no PKCS#12 file, or {_PASSWORD} is not its password. "
            "Check both."
        ) from None
    if bundle.cert is None or not isinstance(bundle.key, RSAPrivateKey):
        raise DeployerError(
            f"{variable} lacks the certificate or its private RSA key. Export both into one PKCS#12 file."
        )
    starts, ends = (
        bundle.cert.certificate.not_valid_before_utc,
        bundle.cert.certificate.not_valid_after_utc,
    )
    if not starts <= clock.now() < ends:
        raise DeployerError(
            f"The certificate in {variable} is valid from {starts:%Y-%m-%d} to {ends:%Y-%m-%d}, not now. "
            "Make a new one, add it to the application's certificates in Entra, and point the variable at it."
        )
