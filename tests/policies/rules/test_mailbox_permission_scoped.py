import pytest

import tokens
from rules.mailbox_permission_scoped import RULE
from tests.policies.stack import CALENDARS, PLACES, UNKNOWN, Part, changed, clean, judge

READ_BASIC = "8ba4a692-bc31-4128-9094-475872af8a53"


def names(parts):
    return sorted(one.name for one in judge(RULE, parts))


def test_without_a_policy_every_mailbox_permission_is_named():
    parts = clean()
    del parts["policies"]
    assert names(parts) == ["application", "consent"]
    assert "asks for Calendars.ReadWrite, and no access policy of this stack" in judge(RULE, parts)[0].message


@pytest.mark.parametrize(
    ("groups", "scoped"), [([UNKNOWN], True), (UNKNOWN, True), ([], False), (None, False)]
)
def test_a_policy_has_a_group(groups, scoped):
    assert names(changed("policies", groupObjectIds=groups)) == ([] if scoped else ["application", "consent"])


def test_a_permission_on_the_directory_needs_none():
    parts = changed("consent", appRoleId=PLACES)
    parts["application"].props["requiredResourceAccesses"] = []
    del parts["policies"]
    assert names(parts) == []


def test_a_policy_that_cannot_narrow_it_is_none():
    [said] = judge(RULE, changed("consent", appRoleId=READ_BASIC))
    assert "asks for Calendars.ReadBasic.All, which no access policy narrows." in said.message


def test_the_policy_of_another_application_is_none():
    parts = {
        **clean(),
        "second": Part(tokens.APPLICATION, "second"),
        "its": Part(
            tokens.APP_ROLE_ASSIGNMENT,
            "its",
            {"appRoleId": CALENDARS},
            depends=("second", "policies"),
            by_property={"principalObjectId": ("second",)},
        ),
    }
    assert names(parts) == ["its"]


def test_an_application_that_exists_already_is_scoped_by_a_policy_for_one():
    grant = Part(tokens.APP_ROLE_ASSIGNMENT, "consent", {"appRoleId": CALENDARS})
    person = Part(tokens.CONSENT_BY_PERSON, "person", {"permissions": ["Calendars.ReadWrite"]})
    scope = Part(tokens.ACCESS_POLICIES, "policies", {"appId": "literal", "groupObjectIds": [UNKNOWN]})
    assert names({"consent": grant, "person": person, "policies": scope}) == []
    assert names({"consent": grant, "person": person}) == ["consent", "person"]
