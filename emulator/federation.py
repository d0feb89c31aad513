"""Signing in with the token of a pipeline: what an application's federated credentials let in.

https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation. The emulated tenant signs
the tokens of every issuer itself: `pipeline_token` stands for GitHub, Azure DevOps and all others.
"""

from datetime import timedelta
from typing import Any

import jwt

from emulator import tokens
from emulator.issued import remembered
from emulator.login_error import LoginError
from emulator.store import Document
from emulator.tenant import Tenant

AUDIENCE = "api://AzureADTokenExchange"
_LIFETIME = timedelta(minutes=10)


def pipeline_token(tenant: Tenant, issuer: str, subject: str, audience: str = AUDIENCE) -> str:
    """The token that this issuer would give to a pipeline of this subject now."""
    now = tenant.clock.now()
    claims = {"iss": issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + _LIFETIME}
    return remembered(tenant.store, jwt.encode(claims, tokens.signing_key(tenant), algorithm="RS256"))


def check_assertion(tenant: Tenant, application: Document, assertion: str) -> None:
    """LoginError unless the token is genuine, in time, and let in by one of the federated credentials."""
    claims = _claims(tenant, assertion)
    if claims["exp"] <= tenant.clock.now().timestamp():
        raise _refusal(700024, "Client assertion is not within its valid time range.")
    trusted = application.get("_federated", [])
    of_issuer = [one for one in trusted if one["issuer"] == claims["iss"]]
    if not of_issuer:
        raise _refusal(
            700211,
            "No matching federated identity record found for presented assertion issuer "
            f"'{claims['iss']}'. Check your federated identity credential Subject, Audience and Issuer "
            "against the presented assertion.",
        )
    of_subject = [one for one in of_issuer if one["subject"] == claims["sub"]]
    if not of_subject:
        raise _refusal(
            700213,
            "No matching federated identity record found for presented assertion subject "
            f"'{claims['sub']}'. Check your federated identity credential Subject, Audience and Issuer "
            "against the presented assertion.",
        )
    if not any(claims["aud"] in one["audiences"] for one in of_subject):
        raise _refusal(
            700212,
            "No matching federated identity record found for presented assertion audience "
            f"'{claims['aud']}'. Check your federated identity credential Subject, Audience and Issuer "
            "against the presented assertion.",
        )


def _claims(tenant: Tenant, assertion: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            assertion,
            tokens.signing_key(tenant).public_key(),
            algorithms=["RS256"],
            options={
                "require": ["iss", "sub", "aud", "exp"],
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidTokenError as reason:
        raise _refusal(50027, f"JWT token is invalid or malformed: {reason}.") from reason


def _refusal(code: int, text: str) -> LoginError:
    return LoginError(401, "invalid_client", code, text)
