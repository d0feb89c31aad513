"""Access tokens: JSON web tokens that name a caller, a service and the roles granted at that moment."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from emulator.conditions import GLOBAL_READER
from emulator.issued import remembered
from emulator.store import Document
from emulator.tenant import Tenant

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
RESOURCE_MANAGER = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
KEY_VAULT = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"

# learn.microsoft.com/en-us/entra/identity-platform/access-tokens: 60 to 90 minutes by default
LIFETIME = timedelta(hours=1)


class InvalidTokenError(Exception):
    """A request without a token that this service accepts; the text says why, as Graph would."""


@dataclass(frozen=True)
class Token:
    """Who calls, and what they may do until the token expires."""

    client_id: str
    object_id: str
    roles: frozenset[str]
    directory_roles: frozenset[str]


def names_of(tenant: Tenant, service: str) -> tuple[str, ...]:
    """What the service (an app id) is called in scopes and audiences; its own address first."""
    if service == GRAPH:
        return (tenant.base_url, "https://graph.microsoft.com", GRAPH)
    if service == RESOURCE_MANAGER:
        return (tenant.arm_url, "https://management.azure.com", RESOURCE_MANAGER)
    if service == KEY_VAULT:
        return (tenant.vault_resource, "https://vault.azure.net", KEY_VAULT)
    return (tenant.exchange_url, "https://outlook.office365.com", "https://outlook.office.com", EXCHANGE)


def mint(
    tenant: Tenant, principal: Document, service: Document, audience: str
) -> tuple[str, Token, timedelta]:
    """A signed token for a service principal on a service, what it says, and how long it lives."""
    token = Token(
        client_id=principal["appId"],
        object_id=principal["id"],
        roles=frozenset(granted_roles(tenant, principal, service)),
        directory_roles=frozenset(directory_roles(tenant, principal["id"])),
    )
    if tenant.only_reads(token.client_id):
        reading = frozenset(role for role in token.roles if "Write" not in role)
        token = replace(token, roles=reading, directory_roles=frozenset({GLOBAL_READER}))
    lifetime = lifetime_of(tenant, principal)
    return signed(tenant, token, audience, lifetime), token, lifetime


def signed(tenant: Tenant, token: Token, audience: str, lifetime: timedelta) -> str:
    """The text of a token that lives from now on; whether anybody may have it was decided before."""
    now = tenant.clock.now()
    claims = {
        "aud": audience,
        "iss": _issuer(tenant),
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "appid": token.client_id,
        "appidacr": "1",
        "idp": _issuer(tenant),
        "idtyp": "app",
        "oid": token.object_id,
        "roles": sorted(token.roles),
        "sub": token.object_id,
        "tid": tenant.id,
        "uti": uuid.uuid4().hex,
        "ver": "1.0",
        "wids": sorted(token.directory_roles),
    }
    key = signing_key(tenant)
    text = jwt.encode(claims, key, algorithm="RS256", headers={"kid": key_id(tenant)})
    return remembered(tenant.store, text)


def lifetime_of(tenant: Tenant, principal: Document) -> timedelta:
    """How long a new token lives: the policy assigned to the principal or its application, the tenant's.

    https://learn.microsoft.com/en-us/entra/identity-platform/configurable-token-lifetimes
    """
    policies = tenant.store.all("tokenLifetimePolicy")
    application = next(
        (one["id"] for one in tenant.store.all("application") if one["appId"] == principal["appId"]), None
    )
    ranked = [
        *(one for one in policies if principal["id"] in one["_assigned"]),
        *(one for one in policies if application in one["_assigned"]),
        *(one for one in policies if one["isOrganizationDefault"]),
    ]
    if not ranked:
        return LIFETIME
    [definition] = ranked[0]["definition"]
    hours, minutes, seconds = json.loads(definition)["TokenLifetimePolicy"]["AccessTokenLifetime"].split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))


def token_lifetime_policy(id_: str, name: str, lifetime: timedelta, assigned: list[str]) -> Document:
    """A policy for the objects with these ids, or, with none, for the whole tenant."""
    minutes, seconds = divmod(int(lifetime.total_seconds()), 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return {
        "id": id_,
        "displayName": name,
        "definition": [json.dumps({"TokenLifetimePolicy": {"Version": 1, "AccessTokenLifetime": text}})],
        "isOrganizationDefault": not assigned,
        "_assigned": assigned,
    }


def granted_roles(tenant: Tenant, principal: Document, service: Document) -> list[str]:
    """The values of the app roles that the principal holds on the service now."""
    values = {role["id"]: role["value"] for role in service.get("appRoles", [])}
    return [
        values[grant["appRoleId"]]
        for grant in tenant.store.all("appRoleAssignment")
        if grant["principalId"] == principal["id"]
        and grant["resourceId"] == service["id"]
        and grant["appRoleId"] in values
        and tenant.knows("appRoleAssignment", grant["id"], "sign in with")
    ]


def directory_roles(tenant: Tenant, object_id: str) -> list[str]:
    """The template ids of the directory roles that an object holds now, itself or through a group."""

    def holds(member: str) -> bool:
        return member == object_id or object_id in (tenant.store.get("group", member) or {}).get(
            "_members", []
        )

    return [
        role["roleTemplateId"]
        for role in tenant.store.all("directoryRole")
        if any(holds(member) for member in role.get("members", []))
    ]


def authenticate(tenant: Tenant, authorization: str | None, service: str) -> Token:
    """The token in an Authorization header, if it is genuine, for this service and not expired.

    Time is the tenant's. InvalidTokenError otherwise, with Graph's own words.
    """
    scheme, _, text = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise InvalidTokenError("Access token is empty.")
    claims = _verified_claims(text, signing_key(tenant), _issuer(tenant))
    if claims.get("aud") not in names_of(tenant, service):
        raise InvalidTokenError("Access token validation failure. Invalid audience.")
    if datetime.fromtimestamp(claims["exp"], UTC) <= tenant.clock.now():
        raise InvalidTokenError("Lifetime validation failed, the token is expired.")
    return Token(
        client_id=claims["appid"],
        object_id=claims["oid"],
        roles=frozenset(claims["roles"]),
        directory_roles=frozenset(claims["wids"]),
    )


@lru_cache(maxsize=64)
def _verified_claims(text: str, key: RSAPrivateKey, issuer: str) -> Mapping[str, Any]:
    """Kept, because a caller sends the same token with every request, and its signature never changes."""
    try:
        # audience and expiry are checked by the caller: expiry is a matter of emulated time
        return jwt.decode(
            text,
            key.public_key(),
            algorithms=["RS256"],
            issuer=issuer,
            options={
                "require": ["exp", "aud", "appid", "oid", "roles", "wids"],
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidSignatureError as reason:
        raise InvalidTokenError("Access token validation failure. Invalid signature.") from reason
    except jwt.InvalidIssuerError as reason:
        raise InvalidTokenError("IDX10205: Issuer validation failed.") from reason
    except jwt.InvalidTokenError as reason:
        raise InvalidTokenError(f"IDX14100: JWT is not well formed: {reason}") from reason


def _issuer(tenant: Tenant) -> str:
    return f"https://sts.windows.net/{tenant.id}/"


def signing_key(tenant: Tenant) -> RSAPrivateKey:
    """The key that signs the tenant's tokens; it is kept in the store."""
    kept = tenant.store.get("key", "signing")
    if kept is None:
        raise LookupError("this store holds no signing key: seed it from a tenant file first")
    return _loaded(kept["pem"])


def key_id(tenant: Tenant) -> str:
    """The name of the signing key in token headers and in the published key set."""
    return f"{signing_key(tenant).public_key().public_numbers().n % 2**64:016x}"


@lru_cache(maxsize=8)
def _loaded(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the tenant's signing key is no RSA key")
    return key
