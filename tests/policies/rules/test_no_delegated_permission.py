import pytest

import tokens
from rules.no_delegated_permission import RULE
from tests.policies.stack import UNKNOWN, Part, clean, judge


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            Part(tokens.DELEGATED_GRANT, "new", {"claimValues": ["openid"]}),
            "new grants delegated permissions.",
        ),
        (
            Part(tokens.APPLICATION_API_ACCESS, "new", {"scopeIds": ["a"]}),
            "new requests delegated permissions.",
        ),
        (Part(tokens.APPLICATION_API_ACCESS, "new", {"roleIds": ["a"], "scopeIds": []}), None),
        (Part(tokens.APPLICATION, "new", {"requiredResourceAccesses": UNKNOWN}), None),
    ],
)
def test_other_ways(part, said):
    found = judge(RULE, {**clean(), "new": part})
    assert [one.message.startswith(said) for one in found] == ([True] if said else [])


def test_each_requested_scope_is_named():
    access = [{"resourceAccesses": [{"id": one, "type": "Scope"} for one in ("first", "second")]}] * 2
    parts = {"new": Part(tokens.APPLICATION, "new", {"requiredResourceAccesses": access})}
    assert len(judge(RULE, parts)) == 4
    assert "requests the delegated permission second." in judge(RULE, parts)[1].message
