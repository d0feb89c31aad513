from rules.protected_from_deletion import RULE
from tests.policies.stack import clean, judge


def test_the_application_and_the_group_and_nothing_else():
    parts = clean()
    for part in parts.values():
        part.protect = False
    assert [one.name for one in judge(RULE, parts)] == ["application", "group"]
    parts["group"].protect = True
    assert [one.name for one in judge(RULE, parts)] == ["application"]
