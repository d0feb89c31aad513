import pytest

import tokens
from rules.single_tenant import RULE
from tests.policies.stack import UNKNOWN, Part, changed, judge


@pytest.mark.parametrize(
    ("audience", "refused"),
    [
        ("AzureADMyOrg", False),
        (None, False),
        ("", False),
        (UNKNOWN, False),
        ("AzureADMultipleOrgs", True),
        ("AzureADandPersonalMicrosoftAccount", True),
        ("PersonalMicrosoftAccount", True),
    ],
)
def test_audiences(audience, refused):
    found = judge(RULE, changed("application", signInAudience=audience))
    assert [
        f"the sign-in audience {audience}, which is not AzureADMyOrg" in one.message for one in found
    ] == ([True] if refused else [])
    registration = Part(tokens.APPLICATION_REGISTRATION, "new", {"signInAudience": audience})
    assert len(judge(RULE, {"new": registration})) == int(refused)
