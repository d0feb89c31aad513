"""Certificates of an application, which it may sign in with in place of a secret.

https://learn.microsoft.com/en-us/graph/api/resources/keycredential. They are changed with the application:
what a PATCH leaves out is removed, what it repeats by its `keyId` stays. The text about a certificate that is
none is not confirmed.
"""

import base64
import binascii
import uuid

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding

from emulator.clock import parse_stamp, stamp
from emulator.graph.errors import bad_request
from emulator.store import Document


def replace(application: Document, asked: list[Document]) -> None:
    """Give the application these certificates and no others; GraphError for one that can't be taken."""
    present = {one["keyId"]: one for one in application.get("keyCredentials", [])}
    public = application.get("_certificates", {})
    credentials, certificates = [], {}
    for one in asked:
        key_id = str(one.get("keyId") or uuid.uuid4()).lower()
        if key_id in present:
            if one.get("key") and _der(one["key"]) != public[key_id]:
                raise bad_request(f"Update to existing credential with KeyId '{key_id}' is not allowed.")
            credentials.append(present[key_id])
            certificates[key_id] = public[key_id]
        else:
            certificates[key_id] = _der(one.get("key"))
            credentials.append(_made(key_id, one, certificates[key_id]))
    application["keyCredentials"], application["_certificates"] = credentials, certificates


def _made(key_id: str, asked: Document, der: str) -> Document:
    if (asked.get("type"), asked.get("usage")) != ("AsymmetricX509Cert", "Verify"):
        raise bad_request("Key credential type and usage must be AsymmetricX509Cert and Verify.")
    certificate = x509.load_der_x509_certificate(base64.b64decode(der))
    begins, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    ends = parse_stamp(asked["endDateTime"]) if asked.get("endDateTime") else last
    starts = parse_stamp(asked["startDateTime"]) if asked.get("startDateTime") else begins
    if ends > last:
        raise bad_request("Key credential end date is invalid.")
    if starts < begins or starts >= ends:
        raise bad_request("Key credential start date is invalid.")
    return {
        "customKeyIdentifier": certificate.fingerprint(SHA1()).hex().upper(),  # noqa: S303 - a name
        "displayName": asked.get("displayName") or certificate.subject.rfc4514_string(),
        "endDateTime": stamp(ends),
        "key": None,
        "keyId": key_id,
        "startDateTime": stamp(starts),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def _der(key: object) -> str:
    """A certificate as it came, base64 of DER or of PEM, as base64 of DER."""
    try:
        data = base64.b64decode(str(key or ""), validate=True)
        load = (
            x509.load_pem_x509_certificate
            if data.startswith(b"-----BEGIN")
            else x509.load_der_x509_certificate
        )
        return base64.b64encode(load(data).public_bytes(Encoding.DER)).decode()
    except (binascii.Error, ValueError):
        raise bad_request("New key credential value is invalid: it is no X.509 certificate.") from None
