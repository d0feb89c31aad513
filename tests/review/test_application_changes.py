"""The doors of the application and its service principal."""

import pytest

from review import types
from tests.review.stack import APP, UNKNOWN, Stack, clean, reviewed, said


def application(**inputs) -> Stack:
    stack = clean()
    stack["application"].update(inputs)
    return stack


def test_other_tenants():
    [change] = reviewed(application(signInAudience="AzureADMultipleOrgs")).changes
    assert (change.effect, change.area, change.level) == ("gains", "application", "critical")
    assert change.what == (
        "Other tenants may use the application: its audience is AzureADMultipleOrgs (was AzureADMyOrg)."
    )
    assert change.ask == "Which other tenant is to use PlaceOS's application, and why not one of its own?"
    assert said(clean(), application(signInAudience="AzureADMultipleOrgs")) == [
        "loses/application/low: Only this tenant may use the application (was AzureADMultipleOrgs)."
    ]


def test_no_audience_is_this_tenants_and_an_unknown_one_may_be_any():
    stack = clean()
    del stack["application"]["signInAudience"]
    assert said(stack) == []
    assert "its audience is what only the update will know" in said(application(signInAudience=UNKNOWN))[0]


@pytest.mark.parametrize("platform", ["web", "singlePageApplication", "publicClient"])
def test_redirect_uris(platform):
    stack = application(**{platform: {"redirectUris": ["https://a.example/", "http://localhost/"]}})
    told = reviewed(stack).changes
    assert [(one.effect, one.level, one.what) for one in told] == [
        ("gains", "high", f"Tokens may be sent to https://a.example/ (redirect URI, {platform})."),
        ("gains", "high", f"Tokens may be sent to http://localhost/ (redirect URI, {platform})."),
    ]
    assert told[1].ask == (
        "PlaceOS's room booking signs in without a browser. Who receives what is sent to http://localhost/?"
    )
    assert said(clean(), stack)[0] == (
        f"loses/application/low: Tokens are no longer sent to https://a.example/ (redirect URI, {platform})."
    )


def test_redirect_uris_that_can_not_be_read():
    assert said(application(web={"redirectUris": [UNKNOWN]})) == [
        "gains/application/high: Tokens may be sent to what only the update will know (redirect URI, web)."
    ]
    for value in ({"redirectUris": UNKNOWN}, {"implicitGrant": UNKNOWN}, UNKNOWN, [UNKNOWN]):
        [told] = said(application(web=value))
        assert told.startswith("gains/application/unknown: web of application is set to ")
        assert UNKNOWN not in told


@pytest.mark.parametrize(
    ("key", "tokens"),
    [("accessTokenIssuanceEnabled", "Access tokens"), ("idTokenIssuanceEnabled", "Id tokens")],
)
def test_the_implicit_flow(key, tokens):
    stack = application(web={"implicitGrant": {key: True}})
    [change] = reviewed(stack).changes
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == f"{tokens} are handed to browsers (implicit flow)."
    assert change.ask == "Which page needs the implicit flow? PlaceOS does not."
    [change] = reviewed(application(web={"implicitGrant": {key: False}}), stack).changes
    assert (change.effect, change.what, change.ask) == ("loses", f"{tokens} no longer go to browsers.", "")
    assert said(application(web={"implicitGrant": {key: UNKNOWN}}))[0].startswith("gains")


@pytest.mark.parametrize("name", ["application", "principal"])
def test_owners(name):
    stack = clean()
    stack[name]["owners"] = ["owner-2"]
    gained, lost = reviewed(stack).changes
    assert (gained.effect, gained.area, gained.level) == ("gains", "application", "high")
    assert gained.what == (
        f"owner-2 becomes an owner of {name}: an owner adds credentials of his own and signs in as PlaceOS."
    )
    assert gained.ask == "Who is owner-2, and why an owner?"
    assert (lost.effect, lost.what) == ("loses", f"owner-1 no longer owns {name}.")


@pytest.mark.parametrize("owners", [UNKNOWN, "[secret]", ["owner-1", UNKNOWN]])
def test_owners_that_can_not_be_read(owners):
    assert said(application(owners=owners))[0].startswith(
        "gains/application/high: what only the update will know becomes an owner of application: "
    )


def test_a_door_that_has_no_sentence_is_told_all_the_same():
    stack = application(fallbackPublicClientEnabled=True)
    [change] = reviewed(stack).changes
    assert (change.effect, change.level) == ("gains", "unknown")
    assert change.what == "fallbackPublicClientEnabled of application is set to True."
    assert change.ask == "What does fallbackPublicClientEnabled open? The room booking needs nothing of it."
    assert said(clean(), stack) == [
        "loses/application/low: fallbackPublicClientEnabled of application is no longer set."
    ]
    assert said(application(fallbackPublicClientEnabled=False)) == []


def test_a_long_value_is_cut_and_an_unknown_one_has_words():
    assert said(application(api="x" * 300))[0].endswith(f"is set to {'x' * 200}….")
    assert said(application(api=UNKNOWN))[0].endswith("is set to what only the update will know.")


def test_another_name_lets_nobody_in():
    assert said(application(displayName="Rooms")) == [
        "neither/application/low: displayName of application becomes Rooms."
    ]


def test_a_new_service_principal_is_enabled_and_a_disabled_one_may_be_again():
    disabled = clean()
    disabled["principal"]["accountEnabled"] = False
    assert said(clean(), disabled) == [
        "gains/application/unknown: accountEnabled of principal is set to True."
    ]
    assert said(disabled) == ["loses/application/low: accountEnabled of principal is no longer set."]
    assert not [one for one in said(clean(), Stack()) if "accountEnabled" in one]


def test_an_application_that_is_made_anew():
    [change] = reviewed(clean(), clean(), "application").changes
    assert (change.effect, change.area, change.level) == ("neither", "application", "high")
    assert change.what == (
        "application is made anew, with another id: what was consented to and handed over is lost with the "
        "old one."
    )
    assert change.ask == "Is everybody ready for another client id in PlaceOS?"


def test_an_application_that_goes():
    assert "loses/application/low: application is removed." in said(clean().without("application"))


def test_an_application_that_comes_opens_none_of_the_usual_doors():
    told = [one for one in said(clean(), Stack()) if "application" in one.partition(":")[0]]
    assert {one.partition(" becomes an owner")[0] for one in told} == {"gains/application/high: owner-1"}


def test_another_application_beside_the_first():
    stack = clean().has("second", types.APPLICATION, displayName="Second")
    [change] = reviewed(stack).changes
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == "Another application, second, is made."
    assert change.ask == "What is second for, and what keeps it to its rooms?"
    assert said(stack, stack) == []
    two = clean().has("second", types.APPLICATION).has("third", types.APPLICATION).without("application")
    assert not [one for one in said(two, stack) if "Another application" in one]
    renamed = stack.without("application")
    assert not [one for one in said(renamed) if "Another application" in one]


def test_a_service_principal_of_another_application():
    stack = clean()
    stack["principal"]["clientId"] = "app-2"
    assert "neither/application/low: clientId of principal becomes app-2." in said(stack)
    assert reviewed(stack).reaches[1].everything, f"the policies limit {APP} alone"
