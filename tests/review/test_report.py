"""The verdict, the order, and that the same change always has the same words."""

import json
import random
import re

import pytest

from review import types
from review.as_json import as_json
from review.markdown import markdown
from review.policy import Violation
from review.report import Review, Verdict
from review.sarif import as_sarif
from review.settings_changes import SettingChange
from tests.review.stack import Stack, clean, compared, reviewed

SETTING = (SettingChange("applicationName", "a", "b"),)
ADVICE, REFUSAL = (Violation("rule", "resource", "message", refused=one) for one in (False, True))


def busy() -> Stack:
    stack = clean().grants("Place.Read.All").grants("Mail.Send").secret("more", "2030-01-01T00:00:00Z")
    stack["application"].update(owners=["owner-3", "owner-2"], displayName="Rooms")
    stack["rooms-members"]["members"] |= {f"{one}@contoso.example": one for one in ("zoo", "bay", "dome")}
    return stack.has("helper-b", "x:y:Z").has("helper-a", "x:y:Z")


@pytest.mark.parametrize(
    ("review", "verdict", "approval"),
    [
        (reviewed(clean()), Verdict.NOTHING, False),
        (reviewed(clean(), violations=(ADVICE,)), Verdict.NOTHING, False),
        (reviewed(clean(), settings=SETTING), Verdict.SAME_ACCESS, False),
        (reviewed(clean(), clean(), "application"), Verdict.SAME_ACCESS, False),
        (reviewed(clean(), busy()), Verdict.NEW_ACCESS, True),  # another owner, too
        (reviewed(clean(), clean().grants("Place.Read.All")), Verdict.LESS_ACCESS, False),
        (reviewed(busy()), Verdict.NEW_ACCESS, True),
        (reviewed(clean(), violations=(ADVICE, REFUSAL)), Verdict.REFUSED, True),
    ],
)
def test_the_verdict_is_the_gravest_that_is_true(review, verdict, approval):
    assert (review.verdict, review.verdict.wants_approval) == (verdict, approval)


def test_gains_stand_first_and_the_gravest_of_them():
    levels = [(one.effect, one.level) for one in reviewed(busy()).changes]
    assert levels == [
        ("gains", "unknown"),
        ("gains", "unknown"),
        *[("gains", "high")] * 4,
        *[("gains", "low")] * 2,
        ("loses", "low"),
        ("neither", "low"),
    ]


def test_a_question_is_asked_once_and_first_of_changed_code():
    review = reviewed(busy(), code=("policies", ".github"))
    assert review.questions[0].startswith(
        "Code changes: policies, .github. A review compares what is declared"
    )
    assert len(review.questions) == len(set(review.questions)) == 9
    assert reviewed(clean(), code=()).questions == ()
    twice = reviewed(clean().has("one", types.CERTIFICATE).has("two", types.CERTIFICATE))
    assert len(twice.changes) == len(twice.questions) + 1 == 2


def every_way(review: Review) -> str:
    return markdown(review) + json.dumps([as_json(review), as_sarif(review, "Pulumi.dev.yaml")])


def shuffled(stack: Stack, seed: int) -> Stack:
    names = list(stack.states)
    random.Random(seed).shuffle(names)  # noqa: S311 - an order, no secret
    again = Stack()
    again.states = {name: stack.states[name] for name in names}
    members = again["rooms-members"]["members"]
    again["rooms-members"]["members"] = dict(sorted(members.items(), reverse=bool(seed % 2)))
    return again


@pytest.mark.parametrize("seed", range(5))
def test_the_same_sides_in_another_order_have_the_same_words(seed):
    told = every_way(reviewed(busy()))
    both = compared(shuffled(clean(), seed), shuffled(busy(), seed + 1))
    assert every_way(Review("dev", "what is recorded", both)) == told


def test_it_holds_no_day_and_no_id_that_the_sides_do_not_have():
    given = json.dumps([clean().states, busy().states])
    told = every_way(reviewed(busy()))
    found = re.findall(r"20\d\d-\d\d-\d\d|[0-9a-f]{8}-[0-9a-f]{4}-", told)
    assert {one for one in found if one not in given} == set()
