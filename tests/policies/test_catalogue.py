"""The pack's copy of the catalogue, and the configurations that come with it."""

import json
from pathlib import Path

import jsonschema
import pytest
from pulumi_policy import EnforcementLevel

from docs.policy_catalogue import PAGE, main
from rules import RULES

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = sorted(ROOT.glob("policies/config/*.json"))


def test_the_copy_is_up_to_date():
    assert main(["--check"]) == 0, "python -m docs.policy_catalogue --write"


def test_a_change_of_the_catalogue_is_noticed(tmp_path):
    copy = tmp_path / "catalogue.json"
    copy.write_text(PAGE.read_text().replace('"critical"', '"low"'))
    assert main(["--check", str(copy)]) == 7


def test_there_are_two_configurations():
    assert [path.stem for path in CONFIGURATIONS] == ["default", "production"]


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_a_configuration_says_of_every_rule_what_that_rule_understands(path):
    configuration = json.loads(path.read_text())
    assert list(configuration) == [rule.name for rule in RULES]
    for rule in RULES:
        given = configuration[rule.name]
        assert given.pop("enforcementLevel") in ("mandatory", "advisory", "disabled")
        schema = rule.config_schema.properties if rule.config_schema else {}
        assert set(given) == set(schema)
        jsonschema.validate(given, {"type": "object", "properties": schema})


def test_production_is_what_the_rules_are_without_a_configuration():
    for rule in RULES:
        given = json.loads((ROOT / "policies/config/production.json").read_text())[rule.name]
        assert EnforcementLevel(given["enforcementLevel"]) is rule.enforcement_level
        for key, schema in (rule.config_schema.properties if rule.config_schema else {}).items():
            assert given[key] == schema["default"]


def test_default_leaves_out_the_protection_and_nothing_else():
    default, production = (json.loads(path.read_text()) for path in CONFIGURATIONS)
    changed = {name for name in default if default[name] != production[name]}
    assert changed == {"protected-from-deletion"}
    assert default["protected-from-deletion"]["enforcementLevel"] == "disabled"
