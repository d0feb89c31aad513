"""With what somebody can sign in as PlaceOS."""

from typing import Any

import pytest

from review import types
from tests.review.stack import UNKNOWN, Stack, clean, reviewed, said

END = "2027-03-27T00:00:00Z"


def secret(end, number="0", **inputs) -> Stack:
    return clean().secret("secret", end, number, **inputs)


def test_a_secret_that_comes_and_goes():
    stack = clean().secret("test-system", "2036-01-01T00:00:00Z")
    [change] = reviewed(stack).changes
    assert (change.effect, change.area, change.level) == ("gains", "credentials", "high")
    assert change.what == "A client secret test-system, valid until 2036-01-01T00:00:00Z, is made."
    assert change.ask == "Who is handed test-system?"
    assert said(clean(), stack) == ["loses/credentials/low: The client secret test-system is removed."]


def test_a_secret_that_lives_longer_or_shorter():
    longer = secret("2028-01-01T00:00:00Z")
    [change] = reviewed(longer).changes
    assert (change.effect, change.level) == ("gains", "moderate")
    assert change.what == f"The client secret secret is valid until 2028-01-01T00:00:00Z (was {END})."
    assert change.ask == "Why does a secret have to live longer?"
    [change] = reviewed(clean(), longer).changes
    assert (change.effect, change.level, change.ask) == ("loses", "low", "")


@pytest.mark.parametrize(
    ("end", "relative", "told"),
    [
        ("2027-03-27T00:00:00+00:00", None, ""),
        ("2027-03-27T01:00:00+02:00", None, "loses/credentials/low"),
        ("2027-03-27T00:00:00-01:00", None, "gains/credentials/moderate"),
        (UNKNOWN, None, "gains/credentials/moderate"),
        (None, "17520h", "gains/credentials/moderate"),
        (None, None, "gains/credentials/moderate"),
        ("soon", None, "gains/credentials/moderate"),
        ("2026-01-01T00:00:00", None, "gains/credentials/moderate"),
    ],
)
def test_ends_are_compared_as_moments_and_what_can_not_be_compared_may_be_longer(end, relative, told):
    found = said(secret(end, endDateRelative=relative))
    assert [one.partition(":")[0] for one in found] == ([told] if told else [])
    assert UNKNOWN not in "".join(found)


def test_a_secret_with_a_relative_end_that_is_longer():
    assert said(secret(None, endDateRelative="17520h"), secret(None, endDateRelative="8760h")) == [
        "gains/credentials/moderate: The client secret secret is valid until 17520h (was 8760h)."
    ]
    assert said(clean().secret("other", None))[0].endswith("valid until a day that Entra chooses, is made.")


def test_the_rotation_is_no_change_of_the_access():
    assert said(secret("2027-09-23T00:00:00Z", number="2"), None, "secret") == []


def test_a_secret_for_another_application():
    [change] = reviewed(secret(END, number="2", applicationId="/applications/other")).changes
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == "The client secret secret is made for another application, /applications/other."
    assert change.ask == "Which application is /applications/other, and what may it do?"
    assert said(secret(END, applicationId=UNKNOWN)) == [], "its application is told as made anew"


CREDENTIALS: dict[str, tuple[dict[str, Any], str]] = {
    types.CERTIFICATE: (
        {"keyId": "key-1", "value": "[secret]"},
        "Who has the key of this certificate signs in as the application: key key-1.",
    ),
    types.FEDERATED_CREDENTIAL: (
        {"issuer": "https://issuer.example", "subject": "repo:contoso/rooms", "audiences": ["a"]},
        (
            "Whoever has this identity signs in as the application: issuer https://issuer.example, subject "
            "repo:contoso/rooms."
        ),
    ),
    types.VAULT_SECRET: (
        {"vaultName": "vault-1", "secretName": "placeos", "tags": {"number": "0"}},
        (
            "The client secret is written to a key vault, and whoever may read secrets there has it: vault "
            "vault-1, secret placeos."
        ),
    ),
}


def credential(kind: str, **inputs) -> Stack:
    return clean().has("credential", kind, **{**CREDENTIALS[kind][0], **inputs})


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_a_credential_that_comes_stays_and_goes(kind):
    what = CREDENTIALS[kind][1]
    [change] = reviewed(credential(kind)).changes
    assert (change.effect, change.area, change.level, change.what) == ("gains", "credentials", "high", what)
    assert change.ask.startswith(("Who has the key", "Which pipeline has", "Who may read secrets"))
    assert said(credential(kind), credential(kind)) == []
    assert said(clean(), credential(kind)) == [f"loses/credentials/low: No longer: {what}"]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (types.CERTIFICATE, {"keyId": "key-2"}),
        (types.CERTIFICATE, {"endDate": "2099-01-01T00:00:00Z"}),
        (types.CERTIFICATE, {"applicationId": "/applications/other"}),
        (types.FEDERATED_CREDENTIAL, {"subject": "repo:contoso/*"}),
        (types.FEDERATED_CREDENTIAL, {"issuer": "https://evil.example"}),
        (types.FEDERATED_CREDENTIAL, {"audiences": ["b"]}),
        (types.FEDERATED_CREDENTIAL, {"applicationId": "/applications/other"}),
        (types.FEDERATED_CREDENTIAL, {"subject": UNKNOWN}),
        (types.VAULT_SECRET, {"vaultName": "vault-2"}),
        (types.VAULT_SECRET, {"secretName": "other"}),
    ],
)
def test_a_credential_that_trusts_somebody_else(kind, inputs):
    [told] = said(credential(kind, **inputs), credential(kind))
    assert told.startswith("gains/credentials/high: ")
    assert UNKNOWN not in told


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (types.CERTIFICATE, {"displayName": "a"}),
        (types.FEDERATED_CREDENTIAL, {"description": "a"}),
        (types.VAULT_SECRET, {"tags": {"number": "1"}}),
    ],
)
def test_what_trusts_nobody_else(kind, inputs):
    assert said(credential(kind, **inputs), credential(kind)) == []


def test_a_certificate_whose_key_is_masked_is_told_when_it_is_made_anew():
    stack = credential(types.CERTIFICATE)
    assert said(stack, stack, "credential")[0].startswith("gains/credentials/high: ")


def test_a_certificate_that_says_nothing_of_itself_is_called_by_its_name():
    stack = clean().has("signing", types.CERTIFICATE)
    assert said(stack)[0].endswith("signs in as the application: signing.")
