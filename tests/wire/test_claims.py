"""What a token says, and what is made of one that says nothing that is known."""

from typing import Any

import jwt
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from wire import NotAuthorised, NotDone, Transient, WireError
from wire.claims import Claims, signed_in_claims

SAID = {"appid": "A1", "oid": "B2", "tid": "C3", "roles": ["User.Read.All"], "wids": ["D4"]}
KEY = "a key of thirty-two bytes or more, of nobody"


class Credential:
    """Hands out one text as a token, or fails."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        if isinstance(self.answer, Exception):
            raise self.answer
        return AccessToken(self.answer, 4_000_000_000)


def token(**said: object) -> str:
    return jwt.encode(said, KEY, algorithm="HS256")


def asked(answer: str | Exception) -> Claims | None:
    return signed_in_claims(Credential(answer), "https://graph.microsoft.com/.default")


def test_an_application_s_token_tells_what_it_was_given() -> None:
    found = asked(token(**SAID))
    assert found == Claims("a1", "b2", "c3", frozenset({"User.Read.All"}), frozenset({"d4"}), True)


def test_an_application_without_any_permission_has_no_roles() -> None:
    found = asked(token(appid="A1", oid="B2", tid="C3"))
    assert found is not None
    assert (found.permissions, found.directory_roles) == (frozenset(), frozenset())


def test_a_person_s_token_is_known_as_that() -> None:
    found = asked(token(**SAID, scp="User.Read"))
    assert found is not None
    assert not found.is_application


@pytest.mark.parametrize(
    "text",
    ["", "opaque", "a.b.c", "a.bnVsbA.c", token(oid="B2"), token(**SAID | {"roles": "All"}), "a.ÿ.c"],
)
def test_a_token_that_tells_nothing_known_is_none(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClientAuthenticationError("AADSTS53003: Access has been blocked."), NotAuthorised),
        (ClientAuthenticationError("AADSTS90033: A transient error has occurred."), NotDone),
        (ServiceRequestError("no route"), WireError),
        (ValueError("Unable to get authority configuration"), Transient),
    ],
)
def test_without_a_token_it_is_said_why(error: Exception, kind: type[WireError]) -> None:
    with pytest.raises(kind) as refused:
        asked(error)
    assert refused.value.reason
