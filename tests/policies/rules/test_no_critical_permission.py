import tokens
from catalogue import GRAPH, PERMISSIONS
from rules.no_critical_permission import RULE
from tests.policies.broken import CRITICAL
from tests.policies.stack import Part, changed, clean, judge


def test_it_is_refused_wherever_it_is_asked_for_and_on_whatever_list():
    access = [{"resourceAppId": GRAPH, "resourceAccesses": [{"id": CRITICAL, "type": "Role"}]}]
    name = PERMISSIONS[GRAPH, CRITICAL].name
    parts = {
        **changed("consent", appRoleId=CRITICAL),
        "person": Part(tokens.CONSENT_BY_PERSON, "person", {"permissions": [name]}),
        "more": Part(tokens.APPLICATION, "more", {"requiredResourceAccesses": access}),
    }
    found = judge(RULE, parts)
    assert sorted(one.name for one in found) == ["consent", "more", "person"]
    assert all(f"asks for {name}, which the catalogue calls critical." in one.message for one in found)


def test_what_nobody_knows_is_left_to_the_list():
    assert judge(RULE, changed("consent", appRoleId="11111111-2222-3333-4444-555555555555")) == []


def test_no_permission_of_a_profile_is_critical():
    assert judge(RULE, clean()) == []
