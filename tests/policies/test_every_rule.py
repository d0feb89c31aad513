"""What holds of every rule; what each of them judges is in rules/."""

import re
from pathlib import Path

import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

from rules import RULES
from rules.exceptions_in_force import RULE as TELLS
from tests.policies.broken import BROKEN
from tests.policies.stack import UNKNOWN, clean, judge

JUDGES = [rule for rule in RULES if rule is not TELLS]
every_rule = pytest.mark.parametrize("rule", JUDGES, ids=lambda rule: rule.name)
EXCEPTION = {
    "resource": "*",
    "reason": "Tried out.",
    "owner": "rooms@contoso.example",
    "expires": "2999-12-31",
}


def test_every_rule_has_a_file_and_a_test_of_its_name():
    names = {rule.name.replace("-", "_") for rule in RULES}
    assert {path.stem for path in Path("policies/rules").glob("[!_]*.py")} == names
    tests = Path(__file__).parent.glob("rules/test_*.py")
    assert {path.stem.removeprefix("test_") for path in tests} == names
    assert set(BROKEN) == {rule.name for rule in JUDGES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_is(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.enforcement_level is (
        EnforcementLevel.ADVISORY if rule is TELLS else EnforcementLevel.MANDATORY
    )
    assert rule.severity is not None
    assert re.match(r"https://(learn\.microsoft|www\.pulumi)\.com/\S+$", rule.url)
    for sentence in (rule.description, rule.remediation_steps):
        assert re.fullmatch(r"[A-Z][^\n]+\.", sentence)


@every_rule
def test_the_stack_of_this_module_passes(rule):
    assert judge(rule, clean()) == []


@every_rule
def test_what_breaks_it_is_named_in_one_line(rule):
    name, parts = BROKEN[rule.name]()
    [said] = judge(rule, parts)
    assert said.name == name
    assert said.message.startswith(f"{name} ")
    assert said.message.endswith(rule.remediation_steps)
    assert "\n" not in said.message


@every_rule
def test_an_exception_lets_pass_until_its_day_and_is_told(rule):
    name, parts = BROKEN[rule.name]()
    for pattern in (name, f"{name[:3]}*"):
        assert judge(rule, parts, {"exceptions": [{**EXCEPTION, "resource": pattern}]}) == []
        [told] = judge(TELLS, {})
        assert told.name == name
        assert told.message.startswith(
            f"{name} breaks {rule.name} and passes until 2999-12-31: Tried out. rooms@"
        )
    assert judge(TELLS, {}) == []


@every_rule
def test_an_expired_exception_excuses_nothing(rule):
    name, parts = BROKEN[rule.name]()
    [said] = judge(rule, parts, {"exceptions": [{**EXCEPTION, "expires": "2026-01-31"}]})
    assert said.name == name
    assert said.message.endswith(
        "Its exception, for which rooms@contoso.example answers, expired on 2026-01-31."
    )
    assert judge(TELLS, {}) == []


@every_rule
@pytest.mark.parametrize("lack", [*EXCEPTION, "everything"])
def test_a_malformed_exception_is_told_once_and_excuses_nothing(rule, lack):
    name, parts = BROKEN[rule.name]()
    entry = None if lack == "everything" else {**EXCEPTION, lack: " "}
    said = judge(rule, parts, {"exceptions": [entry]})
    assert sorted(one.name for one in said if one.message.startswith(f"{name} ")) == [name]
    [told] = [one.message for one in said if "configuration" in one.message]
    assert told.startswith(f"The configuration of {rule.name} is wrong: exception 1 needs resource, reason,")


@every_rule
def test_an_exception_for_another_resource_excuses_nothing(rule):
    _, parts = BROKEN[rule.name]()
    assert judge(rule, parts, {"exceptions": [{**EXCEPTION, "resource": "another"}]})


@every_rule
def test_a_key_that_nobody_reads_is_told(rule):
    [said] = judge(rule, clean(), {"exeptions": []})
    assert "it has no exeptions, only" in said.message


@every_rule
@pytest.mark.parametrize("config", [{}, {"exceptions": None}, {"exceptions": []}])
def test_an_empty_configuration_is_the_default_one(rule, config):
    _, parts = BROKEN[rule.name]()
    assert judge(rule, clean(), config) == []
    assert len(judge(rule, parts, config)) == 1


@every_rule
@pytest.mark.parametrize(
    "value", [None, "", UNKNOWN, [], [None], [UNKNOWN], {}, {"value": UNKNOWN}, 7.0], ids=repr
)
def test_no_value_of_a_property_makes_a_rule_raise(rule, value):
    for name, part in clean().items():
        for key in part.props:
            parts = clean()
            parts[name].props[key] = value
            judge(rule, parts)


@every_rule
def test_no_missing_property_makes_a_rule_raise(rule):
    for name, part in clean().items():
        for key in part.props:
            parts = clean()
            del parts[name].props[key]
            judge(rule, parts)


@every_rule
def test_several_resources_are_named_each(rule):
    if rule.name == "no-secret-in-outputs":
        return  # there is one stack; its test has several outputs
    name, parts = BROKEN[rule.name]()
    twin = type(parts[name])(**{**vars(parts[name]), "name": "twin"})
    assert {one.name for one in judge(rule, {**parts, "twin": twin})} == {name, "twin"}


@every_rule
def test_the_stack_before_anything_is_declared_passes(rule):
    assert judge(rule, {}) == []
    assert (
        isinstance(rule, ResourceValidationPolicy)
        or judge(rule, {"stack": clean()["placeos-m365-dev"]}) == []
    )
