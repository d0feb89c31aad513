"""Unknown resources, providers, protection, and what is left in the tenant."""

import pytest

from review import types
from tests.review.stack import UNKNOWN, Stack, clean, reviewed, said

KIND = "pulumi-python:dynamic:Helper"
NEVER_SEEN = "and this review does not know what it lets anybody do."


def helper(**inputs) -> Stack:
    return clean().has("helper", KIND, **inputs)


def test_a_resource_that_nobody_knows():
    [change] = reviewed(helper()).changes
    assert (change.effect, change.area, change.level) == ("gains", "other", "unknown")
    assert change.what == f"helper ({KIND}) is made, {NEVER_SEEN}"
    assert change.ask == "What does helper let anybody do? Read the code that declares it."
    assert said(helper(a=1), helper()) == [f"gains/other/unknown: helper ({KIND}) changes, {NEVER_SEEN}"]
    assert said(helper(), helper()) == []
    assert said(clean(), helper()) == [f"loses/other/low: helper ({KIND}) goes."]


@pytest.mark.parametrize(
    "inputs", [{"tenantId": "other"}, {"clientSecret": "[secret]"}, {"pluginDownloadURL": UNKNOWN}]
)
def test_a_provider_that_is_set_up_otherwise(inputs):
    stack = clean()
    stack["azuread"].update(inputs)
    [key] = inputs
    [change] = reviewed(stack).changes
    assert (change.effect, change.area, change.level) == ("gains", "other", "unknown")
    assert change.what == (
        f"The provider azuread is set up otherwise ({key}): what it makes may be made elsewhere, or by "
        "somebody else."
    )
    assert change.ask == "In which tenant or subscription does azuread make things, and as whom?"
    assert said(stack, stack) == []


def test_a_second_provider_and_a_newer_version():
    stack = clean().has("other-tenant", f"{types.PROVIDERS}azuread", tenantId="other", version="1")
    assert said(stack)[0].startswith(
        "gains/other/unknown: The provider other-tenant is set up otherwise (tenantId)"
    )
    newer = clean().without("azuread").has("azuread-7", f"{types.PROVIDERS}azuread", version="7")
    assert said(newer) == []


def test_the_settings_are_not_told_as_those_of_a_provider():
    stack = clean()
    stack["python"]["placeos-m365:rooms"] = '["a@contoso.example"]'
    assert said(stack) == []


def marked(name: str, mark: str, stack: Stack | None = None) -> Stack:
    stack = stack or clean()
    stack.states[name][mark] = True
    return stack


def test_what_is_no_longer_protected():
    [change] = reviewed(clean(), marked("application", "protect")).changes
    assert (change.effect, change.area, change.level) == ("neither", "other", "moderate")
    assert change.what == "application is no longer protected against deletion."
    assert change.ask == "Is application to be deleted next? Its id is what PlaceOS knows."
    assert said(marked("application", "protect")) == []


def test_what_will_stay_in_the_tenant():
    [change] = reviewed(marked("secret", "retainOnDelete")).changes
    assert (change.effect, change.level) == ("neither", "moderate")
    assert change.what == "secret will stay in the tenant when the stack no longer declares it."
    assert change.ask == "Why is secret to stay?"
    assert said(marked("secret", "retainOnDelete"), marked("secret", "retainOnDelete")) == []


def test_a_permission_that_is_only_forgotten_is_not_taken_away():
    review = reviewed(
        clean(), marked("consent-Place.Read.All", "retainOnDelete", clean().grants("Place.Read.All"))
    )
    [change] = review.changes
    assert (change.effect, change.level) == ("neither", "high")
    assert change.what == (
        "consent-Place.Read.All is no longer declared, but stays in the tenant: what it allows, nobody "
        "reviews then."
    )
    assert change.ask == "Who takes consent-Place.Read.All out of the tenant, and when?"
    assert ("unchanged", "Place.Read.All") in [(one.presence, one.name) for one in review.permissions]
