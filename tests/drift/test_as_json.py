"""The report for machines, held to its schema."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

import drift
from drift.as_json import VERSION, as_json
from drift.reach import Reach
from drift.report import CLEAN, COULD_NOT_LOOK, DRIFT, Report
from permissions import Level
from tests.drift.told import BLIND, everything, finding, reported

SCHEMA = json.loads(Path(drift.__file__).with_name("report.schema.json").read_text(encoding="utf-8"))


def told(of: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(as_json(of)))
    Draft202012Validator(SCHEMA).validate(found)
    return found


@pytest.mark.parametrize(
    "of",
    [everything(), reported(), reported(unseen=[BLIND]), reported(reach=None, unseen=[BLIND])],
)
def test_it_is_as_the_schema_says(of: Report) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert told(of)["version"] == VERSION


def test_the_schema_knows_every_word() -> None:
    assert SCHEMA["$defs"]["level"]["enum"] == list(Level)
    assert set(SCHEMA["properties"]["exitCode"]["enum"]) == {CLEAN, COULD_NOT_LOOK, DRIFT}
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == told(everything()).keys()


@pytest.mark.parametrize("part", ["findings", "accepted", "notLookedAt", "acceptancesEnded"])
@pytest.mark.parametrize("do", ["one key more", "one key less"])
def test_the_schema_knows_no_other_key(part: str, do: str) -> None:
    document = told(everything())
    one = document[part][0]
    if do == "one key more":
        one["more"] = 1
    else:
        one.popitem()
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate(document)


def test_what_it_says() -> None:
    found = told(everything())
    assert (found["stack"], found["exitCode"]) == ("prod", 7)
    assert found["reach"] == {"should": 48, "can": 171, "everything": True, "besides": []}
    scoped = reported(reach=Reach(48, 48, besides=("the role Application Mail.Read on Staff",)))
    assert told(scoped)["reach"]["besides"] == ["the role Application Mail.Read on Staff"]
    first, second = found["findings"]
    assert (first["subject"], first["level"], first["since"]) == ("b", "critical", "2026-01-05T08:00:00Z")
    assert first["accept"] == ["# a line"]
    assert second["accept"][:2] == ["# accepted/prod.yaml", "- rule: owner-not-in-code"]
    assert second["repair"] == ["az ad app owner remove --id 1"]
    assert second["why"] == finding().why
    [accepted] = found["accepted"]
    assert (accepted["subject"], accepted["owner"], accepted["until"]) == ("c", "it", "2027-01-01")
    assert [one["subject"] for one in found["acceptancesEnded"]] == ["d"]
    assert [one["subject"] for one in found["acceptancesNotSeen"]] == ["e"]
    assert [one["subject"] for one in found["acceptancesOutgrown"]] == ["b"]
    assert found["leftOut"] == ["full access to mailboxes"]
    assert accepted["acceptedLevel"] == "high"
    assert [one["about"] for one in found["notLookedAt"]] == ["owners"]
    assert told(reported(reach=None, unseen=[BLIND]))["reach"] is None
