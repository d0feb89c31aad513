"""What a refused sign-in of PlaceOS means, in plain words.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from collections.abc import Mapping
from dataclasses import dataclass

STACK = "STACK"
"""In an advice, where the stack's name stands."""


@dataclass(frozen=True)
class RefusedSignIn:
    """means: half a sentence. advice: what to do. may_pass: something that was just made may be why."""

    means: str
    advice: str
    may_pass: bool = False


_AGAIN = "run pulumi up --refresh --stack STACK"
_ANOTHER = "run pulumi up --stack STACK, which makes a new secret, then roomctl handover --stack STACK"
REFUSED_SIGN_INS: Mapping[str, RefusedSignIn] = {
    "AADSTS7000215": RefusedSignIn(
        "Entra does not know this client secret",
        f"{_AGAIN}, then roomctl handover --stack STACK",
        may_pass=True,
    ),
    "AADSTS7000222": RefusedSignIn("the client secret has expired", _ANOTHER),
    "AADSTS700016": RefusedSignIn("the tenant does not know the application", _AGAIN, may_pass=True),
    "AADSTS7000229": RefusedSignIn(
        "the application has no service principal in the tenant", _AGAIN, may_pass=True
    ),
    "AADSTS7000112": RefusedSignIn(
        "the application is switched off",
        "if it was contained: roomctl resume --stack STACK; else switch it on in Entra, Enterprise "
        "applications",
    ),
    "AADSTS53003": RefusedSignIn(
        "Conditional Access refuses the application from here",
        "run it from a place that the policy trusts, or exclude the application from it",
    ),
    "AADSTS90002": RefusedSignIn("there is no such tenant", "check the stack's tenant and the cloud"),
    "AADSTS500011": RefusedSignIn(
        "the tenant does not know Microsoft Graph at this address", "check the setting cloud"
    ),
}

_UNKNOWN = RefusedSignIn(
    "Entra refuses the sign-in", "look the number up at https://login.microsoftonline.com/error"
)


def refused_sign_in(code: str) -> RefusedSignIn:
    """What the AADSTS number means."""
    return REFUSED_SIGN_INS.get(code, _UNKNOWN)
