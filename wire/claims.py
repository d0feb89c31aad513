"""What an access token says of its owner."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Self

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError

from wire.connection import connection_error
from wire.errors import Transient
from wire.sign_in import SERVICE, sign_in_error


@dataclass(frozen=True)
class Claims:
    """Whom a token is for, and what it was given. Ids are in lower case.

    permissions: application permissions, such as Calendars.Read. directory_roles: template ids of Entra's
    roles. is_application: False for a person, whose token tells the permissions of the program instead.
    """

    client_id: str
    object_id: str
    tenant_id: str
    permissions: frozenset[str]
    directory_roles: frozenset[str]
    is_application: bool

    @classmethod
    def of(cls, token: str) -> Self:
        """From the token's text; ValueError when it is none that can be read.

        A client should not rely on it (learn.microsoft.com/entra/identity-platform/access-tokens): what is
        read here is told to a person and decides nothing. An application without any permission has no
        `roles` at all.
        """
        said = _payload(token)
        return cls(
            client_id=_text(said, "appid"),
            object_id=_text(said, "oid"),
            tenant_id=_text(said, "tid"),
            permissions=_texts(said, "roles"),
            directory_roles=frozenset(role.lower() for role in _texts(said, "wids")),
            is_application="scp" not in said,
        )


def signed_in_claims(credential: TokenCredential, scope: str) -> Claims | None:
    """The claims of a token for `scope`; None for one that can't be read, WireError without one."""
    operation = f"a token for {scope.removesuffix('/.default')}"
    try:
        token = credential.get_token(scope).token
    except ClientAuthenticationError as error:
        raise sign_in_error(operation, error) from None
    except AzureError as error:
        raise connection_error(SERVICE, operation, error) from None
    except ValueError as error:  # msal's own, of an answer that is none of a sign-in service
        raise Transient(SERVICE, operation, str(error)) from None
    try:
        return Claims.of(token)
    except ValueError:
        return None


def _payload(token: str) -> dict[str, Any]:
    _, _, rest = token.partition(".")
    payload, _, _ = rest.partition(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(said, dict):
        raise ValueError("a token's payload is an object")  # noqa: TRY004 - as below
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise ValueError(f"a token has a text as {name}")  # noqa: TRY004 - what is read is at fault
    return value.lower()


def _texts(said: dict[str, Any], name: str) -> frozenset[str]:
    values = said.get(name, [])
    if not (isinstance(values, list) and all(isinstance(value, str) for value in values)):
        raise ValueError(f"a token has a list of texts as {name}")
    return frozenset(values)
