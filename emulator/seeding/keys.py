"""The keys of a tenant: tokens are signed with one, the server's TLS certificate comes from another."""

from functools import cache

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from emulator.store import Store


def make(store: Store) -> None:
    """Make both keys; they stay in the store, so that a tenant keeps them between commands."""
    store.put("key", "signing", {"pem": _signing()})
    authority = trustme.CA(organization_name="Emulated tenant")
    store.put(
        "key",
        "authority",
        {
            "certificate": authority.cert_pem.bytes().decode(),
            "pem": authority.private_key_pem.bytes().decode(),
        },
    )


@cache
def _signing() -> str:
    """The key of every tenant that this process makes: one takes long, and Entra's tenants share theirs.

    https://login.microsoftonline.com/common/discovery/v2.0/keys
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
