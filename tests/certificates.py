"""Certificates to sign in with, as a firm makes them for its deployer."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID


class Certificate:
    """A certificate of its own authority; valid from and to these days, counted from `now`."""

    def __init__(
        self, now: datetime | None = None, *, days: tuple[int, int] = (-1, 90), elliptic: bool = False
    ) -> None:
        self.key = (
            ec.generate_private_key(ec.SECP256R1())
            if elliptic
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deployer")])
        began = now or datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(began + timedelta(days=days[0]))
            .not_valid_after(began + timedelta(days=days[1]))
            .sign(self.key, SHA256())
        )

    def thumbprint(self, kind: str = "sha1") -> str:
        """Its hash, as an assertion names it: base64 for addresses, with padding."""
        der = self.certificate.public_bytes(Encoding.DER)
        return base64.urlsafe_b64encode(hashlib.new(kind, der).digest()).decode()

    def der(self) -> str:
        """The certificate without its key, as Graph takes it: base64 of DER."""
        return base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()

    def pkcs12(self, password: str = "") -> bytes:
        """Certificate and key in one file."""
        encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(
            b"deployer", self.key, self.certificate, None, encryption
        )

    def base64(self, password: str = "") -> str:
        """The same as a variable holds it."""
        return base64.b64encode(self.pkcs12(password)).decode()
