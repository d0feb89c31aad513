"""The review for machines, held to its schema."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import review
from review import as_json as module
from review.change import LEVELS, Area, Effect
from review.held import Consent
from review.permission_table import Presence
from review.policy import Violation
from review.report import Review, Verdict
from review.settings_changes import SettingChange
from tests.review.stack import clean, reviewed

SCHEMA = json.loads(Path(review.__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
REFUSAL = Violation("rule", "x", "m", refused=True)


def everything() -> Review:
    stack = clean().grants("Mail.Send").grants_beside("0-1-2")
    stack["rooms-members"]["members"] = {f"{one:02}@contoso.example": "" for one in range(30)}
    stack["policies"]["accepted"] = ["policy"]
    return reviewed(
        stack,
        settings=(SettingChange("a", "", "b"),),
        violations=(REFUSAL,),
        notes=("rest",),
        code=("review",),
        unseen=("environment",),
    )


def told(of: Review) -> dict:
    found: dict = json.loads(json.dumps(module.as_json(of)))
    Draft202012Validator(SCHEMA).validate(found)
    return found


@pytest.mark.parametrize("of", [everything(), reviewed(clean()), reviewed(clean().without("policies"))])
def test_it_is_as_the_schema_says(of):
    Draft202012Validator.check_schema(SCHEMA)
    assert told(of)["version"] == module.VERSION


def test_the_schema_knows_every_word():
    properties = SCHEMA["properties"]
    change, row = (
        properties["changes"]["items"]["properties"],
        properties["permissions"]["items"]["properties"],
    )
    assert properties["verdict"]["enum"] == list(Verdict)
    assert (change["effect"]["enum"], change["area"]["enum"]) == (list(Effect), list(Area))
    assert (row["presence"]["enum"], row["consent"]["enum"]) == (list(Presence), list(Consent))
    assert tuple(SCHEMA["$defs"]["level"]["enum"]) == LEVELS


def test_what_it_says():
    found = told(everything())
    assert (found["stack"], found["against"]) == ("dev", "what is recorded")
    assert (found["verdict"], found["wantsApproval"]) == ("refused by policy", True)
    assert found["permissions"][0]["presence"] == "added"
    assert found["reach"]["before"] == {"mailboxes": 2, "groups": [], "everything": False}
    assert found["reach"]["after"] == {
        "mailboxes": 30,
        "groups": ["the group of the accepted policy policy"],
        "everything": False,
    }
    assert len(found["reach"]["entering"]) == 30
    assert found["reach"]["leaving"][0] == {
        "address": "harbour@contoso.example",
        "label": "Harbour",
        "kind": "rooms",
    }
    assert found["settings"] == [{"key": "a", "before": "", "after": "b"}]
    assert found["policy"] == [{"rule": "rule", "resource": "x", "message": "m", "refused": True}]
    assert found["questions"][0].startswith("Code changes: review. ")
    assert found["notSeen"] == ["rest"]
    assert found["changes"][0]["effect"] == "gains"


def test_nothing_changes():
    found = told(reviewed(clean()))
    assert (found["verdict"], found["wantsApproval"]) == ("nothing changes", False)
    assert found["changes"] == found["settings"] == found["policy"] == found["questions"] == []


def test_everything_can_be_opened():
    found = told(reviewed(clean().without("policies")))["reach"]
    assert found["after"] == {"mailboxes": 0, "groups": [], "everything": True}
    assert found["entering"] == found["leaving"] == []
