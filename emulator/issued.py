"""Every secret that a tenant has handed out, also those that were removed or have ended since.

Who looks whether one was left where it should not be asks here.
"""

import secrets
from hashlib import sha256

from emulator.store import Store

_of_this_process: list[str] = []


def new_secret(store: Store, kind: str) -> str:
    """A secret of 30 random bytes that begins with what it is: a client secret, the bearer of a job."""
    return remembered(store, f"{kind}~{secrets.token_urlsafe(30)}")


def remembered(store: Store, secret: str) -> str:
    """The secret, which the tenant hands out."""
    store.put("issued", sha256(secret.encode()).hexdigest(), {"text": secret})
    _of_this_process.append(secret)
    return secret


def issued(store: Store) -> list[str]:
    """All that the tenant ever handed out, oldest first."""
    return [one["text"] for one in store.all("issued")]


def issued_here() -> list[str]:
    """What all tenants of this process handed out since `forget`, oldest first."""
    return list(_of_this_process)


def forget() -> None:
    """Begin anew with what tenants of this process handed out; their stores keep it."""
    _of_this_process.clear()
