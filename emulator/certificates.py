"""Signing in with a certificate: an assertion that the application signed with a key it registered.

https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials, codes and texts as in
https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes and, for a missing thumbprint,
AzureAD/microsoft-authentication-library-for-dotnet #124. The words after "Reason -" of a key that is expired
or of a wrong signature are not confirmed.
"""

import base64
import binascii
import time
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from jwt.types import Options

from emulator.clock import parse_stamp, stamp
from emulator.login_error import LoginError
from emulator.store import Document
from emulator.tenant import Tenant

_HASHES = {"x5t": SHA1(), "x5t#S256": SHA256(), "kid": SHA1()}  # noqa: S303 - a name, not a proof
"""Where a header names its certificate; azuread does it in `kid`."""
_CHECKED_HERE: Options = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}


def is_signed_by_an_application(assertion: str) -> bool:
    """Whether the assertion is an application's own: it is its issuer, where a pipeline's is an address."""
    return not str(_unverified(assertion)[1].get("iss", "")).startswith("https://")


def check_assertion(tenant: Tenant, holders: list[Document], assertion: str) -> None:
    """LoginError unless a holder's certificate signed it, for this application, this service and now.

    The holders are the application and its service principal.
    A client dates it by the machine's clock, which the tenant's is ahead of, so that clock judges it.
    """
    header, claims = _unverified(assertion)
    credential, certificate = _registered(holders, header)
    now = tenant.clock.now()
    if not parse_stamp(credential["startDateTime"]) <= now < parse_stamp(credential["endDateTime"]):
        raise _bad_signature(
            f"The key used is expired., Thumbprint of key used by client: '{_hex(certificate)}', Found key "
            f"'Start={credential['startDateTime']}, End={credential['endDateTime']}'"
        )
    _verify(assertion, certificate)
    moment = time.time()
    if not claims.get("nbf", 0) - 300 <= moment < claims.get("exp", 0):
        raise _refusal(
            700024,
            "Client assertion is not within its valid time range. Current time: "
            f"{stamp(datetime.fromtimestamp(moment, UTC))}.",
        )
    authority = f"{tenant.base_url}/{tenant.id}"
    if claims.get("aud") not in (f"{authority}/oauth2/v2.0/token", f"{authority}/v2.0", authority):
        raise _refusal(700023, "Client assertion audience claim does not match Realm issuer.")
    if not claims.get("iss") == claims.get("sub") == holders[0]["appId"]:
        raise _refusal(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")


def _unverified(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        token = jwt.decode_complete(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as reason:
        raise _refusal(50027, f"JWT token is invalid or malformed: {reason}.") from reason
    return token["header"], token["payload"]


def _registered(holders: list[Document], header: dict[str, Any]) -> tuple[Document, x509.Certificate]:
    """The holders' key that the header names."""
    name = next((name for name in _HASHES if header.get(name)), None)
    if name is None:
        raise _refusal(50027, "Invalid JWT token. No certificate thumbprint specified in token header.")
    try:
        named = base64.urlsafe_b64decode(str(header[name]).rstrip("=") + "==")
    except (binascii.Error, ValueError):
        named = b""
    held = [
        (one, holder["_certificates"][one["keyId"]])
        for holder in holders
        for one in holder.get("keyCredentials", [])
    ]
    for credential, der in held:
        certificate = x509.load_der_x509_certificate(base64.b64decode(der))
        if certificate.fingerprint(_HASHES[name]) == named:
            return credential, certificate
    raise _refusal(
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        f"[Reason - The key was not found., Thumbprint of key used by client: '{named.hex().upper()}', "
        "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys "
        f"for app Id '{holders[0]['appId']}'.",
    )


def _verify(assertion: str, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise _bad_signature("The key is no RSA key.")
    try:
        jwt.decode(assertion, key, algorithms=["RS256", "PS256"], options=_CHECKED_HERE)
    except jwt.InvalidTokenError as reason:
        raise _bad_signature(
            f"{reason}., Thumbprint of key used by client: '{_hex(certificate)}'"
        ) from reason


def _hex(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(_HASHES["x5t"]).hex().upper()


def _bad_signature(reason: str) -> LoginError:
    return _refusal(700027, f"Client assertion contains an invalid signature. [Reason - {reason}]")


def _refusal(code: int, text: str) -> LoginError:
    return LoginError(401, "invalid_client", code, text)
