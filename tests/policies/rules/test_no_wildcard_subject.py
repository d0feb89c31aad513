import pytest

import tokens
from rules.no_wildcard_subject import RULE
from tests.policies.stack import UNKNOWN, Part, judge


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("repo:contoso/rooms:environment:production", None),
        ("sc://contoso/rooms/m365", None),
        ("repo:contoso/*:environment:production", "which is a pattern."),
        ("repo:contoso/rooms:ref:refs/heads/mai?", "which is a pattern."),
        ("repo:contoso/rooms:pull_request", "which every pull request has."),
        ("repo:contoso/rooms:ref:refs/pull/1/merge", "which every pull request has."),
        ("", "trusts an empty subject."),
        (None, "trusts an empty subject."),
        (UNKNOWN, "trusts a subject that is not known at preview."),
    ],
)
def test_subjects(subject, said):
    found = judge(RULE, {"trust": Part(tokens.FEDERATED_CREDENTIAL, "trust", {"subject": subject})})
    assert [said in one.message for one in found] == ([True] if said else [])


def test_an_expression_is_refused_whatever_it_says():
    parts = {"trust": Part(tokens.FLEXIBLE_CREDENTIAL, "trust", {"claimsMatchingExpression": UNKNOWN})}
    assert "which an expression" not in judge(RULE, parts)[0].message
    assert "every subject that an expression matches." in judge(RULE, parts)[0].message
