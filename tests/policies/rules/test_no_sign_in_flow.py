import pytest

import tokens
from rules.no_sign_in_flow import RULE
from tests.policies.stack import UNKNOWN, Part, changed, judge

EMPTY = {"redirectUris": [], "implicitGrant": {"accessTokenIssuanceEnabled": False}}


@pytest.mark.parametrize(
    ("props", "said"),
    [
        ({"web": EMPTY, "publicClient": {"redirectUris": None}, "singlePageApplication": {}}, []),
        ({"web": UNKNOWN, "fallbackPublicClientEnabled": UNKNOWN}, []),
        ({"web": {"redirectUris": ["https://a", "https://b"]}}, ["https://a (web)", "https://b (web)"]),
        ({"web": {"redirectUris": [UNKNOWN]}}, ["redirect URI that is not known at preview (web)"]),
        ({"publicClient": {"redirectUris": UNKNOWN}}, ["redirect URIs (publicClient) that are not known"]),
        ({"singlePageApplication": {"redirectUris": ["http://c"]}}, ["URI http://c (singlePageApplication)"]),
        ({"web": {"implicitGrant": {"idTokenIssuanceEnabled": True}}}, ["allows the implicit flow"]),
        ({"web": {"implicitGrant": {"accessTokenIssuanceEnabled": True}}}, ["allows the implicit flow"]),
        ({"fallbackPublicClientEnabled": True}, ["allows public client flows"]),
    ],
)  # fmt: skip
def test_an_application(props, said):
    found = judge(RULE, changed("application", **props))
    assert len(found) == len(said)
    assert all(what in one.message for what, one in zip(said, found, strict=True))


@pytest.mark.parametrize(
    "part",
    [
        Part(tokens.APPLICATION_REDIRECT_URIS, "new", {"type": "SPA", "redirectUris": ["https://a"]}),
        Part(tokens.APPLICATION_REGISTRATION, "new", {"implicitIdTokenIssuanceEnabled": True}),
    ],
)
def test_the_other_resources_that_can(part):
    assert [one.name for one in judge(RULE, {"new": part})] == ["new"]


def test_a_value_cannot_break_the_line():
    [said] = judge(RULE, changed("application", web={"redirectUris": ["https://a\n\x1b[31mb"]}))
    assert "https://a [31mb" in said.message
    assert said.message.isprintable()
