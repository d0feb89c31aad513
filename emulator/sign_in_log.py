"""Who signed in with which credential, from where, and how it ended: what the login service writes down."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from emulator.clock import stamp
from emulator.login_error import LoginError
from emulator.tenant import Tenant


@dataclass
class SignIn:
    """One attempt; what is known of it is filled in on the way."""

    credential: str = "none"
    """As `clientCredentialType` calls it: clientSecret, federatedIdentityCredential."""
    key_id: str | None = None
    resource: str | None = None


@contextmanager
def recorded(tenant: Tenant, client_id: str, address: str | None) -> Iterator[SignIn]:
    """An attempt that ends in the log, refused or not, if the tenant has such a service principal."""
    attempt = SignIn()
    try:
        yield attempt
    except LoginError as refusal:
        _write(tenant, client_id, address, attempt, refusal.code, refusal.text)
        raise
    _write(tenant, client_id, address, attempt, 0, None)


def _write(  # noqa: PLR0913, PLR0917 - the parts of one entry
    tenant: Tenant, client_id: str, address: str | None, attempt: SignIn, code: int, reason: str | None
) -> None:
    principals = tenant.store.all("servicePrincipal")
    principal = next((one for one in principals if one["appId"].lower() == client_id), None)
    if principal is None:
        return
    id_ = str(uuid.uuid4())
    tenant.store.put(
        "signIn",
        id_,
        {
            "id": id_,
            "createdDateTime": stamp(tenant.clock.now()),
            "appId": principal["appId"],
            "appDisplayName": principal["displayName"],
            "servicePrincipalId": principal["id"],
            "servicePrincipalName": principal["displayName"],
            "servicePrincipalCredentialKeyId": attempt.key_id,
            "clientCredentialType": attempt.credential,
            "resourceDisplayName": attempt.resource,
            "ipAddress": address,
            "signInEventTypes": ["servicePrincipal"],
            "status": {"errorCode": code, "failureReason": reason, "additionalDetails": None},
        },
    )
