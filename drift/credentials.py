"""Everything by which somebody signs in as the application."""

from collections.abc import Iterator, Mapping
from typing import Any

from drift import commands
from drift.facts import facts
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from marks import is_probe_name, is_slot_name
from permissions import Level
from review.types import CLIENT_SECRET, ENFORCED_ACCESS

_SECRETS = "Entra, App registrations, Certificates & secrets"
_PRINCIPAL = "Entra, the service principal's own credentials, which the portal does not show"
_STRAYS = frozenset({Managed(ENFORCED_ACCESS, "leftOver")})
_BY_HAND = ": whoever added it signs in as PlaceOS"
_NAMED_LIKE_OURS = (
    ", which carries the name of ours: a create whose answer was lost left it, or somebody who uses our "
    "naming added it, and signs in as PlaceOS"
)


def secrets(tenant: Tenant) -> Iterator[Finding]:
    """Client secrets that the state does not hold, and those that it holds and nobody can use any more.

    The secrets of an existing application are its owner's.
    """
    code = tenant.code
    present = {
        str(one["keyId"]).lower(): one
        for one in tenant.document("application").get("passwordCredentials") or ()
    }
    for key_id in sorted(code.secrets - set(present)):
        yield Finding(
            rule="secret-missing",
            subject=key_id,
            what=f"the client secret {key_id} was removed from the application",
            where=_SECRETS,
            level=Level.MODERATE,
            repair=commands.up_with_new_secret(code.stack),
            also=frozenset({Managed(CLIENT_SECRET)}),
        )
    for key_id in sorted(set(present) - code.secrets) if not code.existing else ():
        yield _secret(tenant, key_id, present[key_id])


def certificates(tenant: Tenant) -> Iterator[Finding]:
    """The code makes no certificate."""
    held = tenant.document("application").get("keyCredentials") or ()
    for one in held if not tenant.code.existing else ():
        key_id = str(one["keyId"]).lower()
        yield Finding(
            rule="certificate-not-in-code",
            subject=key_id,
            what=f"the application has the certificate {_named(one)}{_BY_HAND}",
            where=_SECRETS,
            level=Level.CRITICAL,
            since=str(one.get("startDateTime") or ""),
            repair=f"az ad app credential delete --id {tenant.code.client_id} --key-id {key_id} --cert",
            also=_STRAYS,
        )


def federated(tenant: Tenant) -> Iterator[Finding]:
    """The code of the room application trusts no other issuer: PlaceOS signs in with a secret."""
    if tenant.code.existing:
        return
    for one in tenant.entries("federated credentials"):
        trusted = f"{one.get('issuer')} for {one.get('subject') or _expression(one)}"
        yield Finding(
            rule="federated-credential-not-in-code",
            subject=f"{one.get('name')}: {trusted}",
            what=f"the application trusts tokens of {trusted}",
            where=_SECRETS,
            level=Level.CRITICAL,
            holds=facts(f"the audience {each}" for each in one["audiences"]),
            repair=f"az ad app federated-credential delete --id {tenant.code.client_id} "
            f"--federated-credential-id {one['id']}",
            also=_STRAYS,
        )


def on_principal(tenant: Tenant) -> Iterator[Finding]:
    """Credentials of the service principal itself; what an existing application has there is its owner's."""
    if tenant.code.existing:
        return
    held = tenant.document("principal")
    for kind, said, option in (
        ("passwordCredentials", "secret", ""),
        ("keyCredentials", "certificate", " --cert"),
    ):
        for one in held.get(kind) or ():
            key_id = str(one["keyId"]).lower()
            yield Finding(
                rule="credential-on-principal",
                subject=key_id,
                what=f"the service principal has the {said} {_named(one)}{_BY_HAND}",
                where=_PRINCIPAL,
                level=Level.CRITICAL,
                since=str(one.get("startDateTime") or ""),
                repair=f"az ad sp credential delete --id {tenant.code.client_id} --key-id {key_id}{option}",
            )


def _secret(tenant: Tenant, key_id: str, one: Mapping[str, Any]) -> Finding:
    code, name = tenant.code, str(one.get("displayName") or "")
    of_ours = is_slot_name(name) or is_probe_name(name)
    recover = f"roomctl recover --stack {code.stack}"
    by_hand = f"az ad app credential delete --id {code.client_id} --key-id {key_id}"
    return Finding(
        rule="secret-not-in-code",
        subject=key_id,
        what=f"the state does not know the client secret {_named(one)}"
        f"{_NAMED_LIKE_OURS if of_ours else _BY_HAND}",
        where=_SECRETS,
        level=Level.CRITICAL,
        since=str(one.get("startDateTime") or ""),
        repair=recover if of_ours else by_hand,
        also=_STRAYS,
    )


def _expression(one: Mapping[str, Any]) -> str:
    """Of https://learn.microsoft.com/graph/api/resources/federatedidentityexpression ."""
    return str((one.get("claimsMatchingExpression") or {}).get("value") or "an unknown expression")


def _named(one: Mapping[str, Any]) -> str:
    name = str(one.get("displayName") or "")
    return f"{name!r} ({str(one['keyId']).lower()})" if name else str(one["keyId"]).lower()
