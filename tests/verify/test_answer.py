"""An answer of another shape than the call has is not Microsoft Graph's, and proves nothing."""

import json

import httpx
import pytest

from tests.verify.stacks import OUTSIDE, PROMISE, ROOM
from tests.verify.test_outcome import question
from verify.answer import seen_in
from verify.calls import CALLS
from verify.mode import Mode
from verify.outcome import Came, Seen, Verdict, came_to
from verify.promise import Expected
from verify.second_opinion import SecondOpinion
from verify.shape import Shape

PAGE = "<html><title>Sign in to the proxy</title></html>"
OF_A_PROXY: list[tuple[str, int, str, str]] = [
    ("a page", 200, PAGE, "text/html that is no JSON"),
    ("nothing at all", 200, "", "an empty body"),
    ("spaces", 201, "  \n", "an empty body"),
    ("JSON that breaks off", 200, '{"value": [{"id": "A', "text/html that is no JSON"),
    ("JSON without end", 200, "[" * 200_000, "text/html that is no JSON"),
    ("no list", 200, '{"value": null}', "an object with value"),
    ("a list of nothing", 200, '{"value": [null]}', "an object with value"),
    ("no id", 200, '{"id": ""}', "an object with id"),
    ("an error of no code", 200, '{"id": "A", "value": [], "error": "x"}', "an object with id, value, error"),
    ("a list where an object belongs", 200, "[]", "JSON that is no object"),
    ("a text", 200, '"fine"', "JSON that is no object"),
    ("another yes", 207, '{"id": "A", "value": []}', "an object with id, value"),
    ("a page that refuses", 403, PAGE, "text/html that is no JSON"),
    ("a proxy's own JSON", 403, '{"message": "blocked"}', "an object with message"),
    ("an error that is a number", 403, '{"error": {"code": 403, "message": "no"}}', "an object with error"),
    ("a page that wants a password", 401, PAGE, "text/html that is no JSON"),
    ("a page that finds nothing", 404, PAGE, "text/html that is no JSON"),
]


def response(status: int, text: str) -> httpx.Response:
    return httpx.Response(status, text=text, headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.mark.parametrize(
    ("status", "text", "odd"), [one[1:] for one in OF_A_PROXY], ids=[one[0] for one in OF_A_PROXY]
)
@pytest.mark.parametrize("expected", list(Expected))
def test_what_is_not_graph_s_own_answer_is_neither_yes_nor_no(status, text, odd, expected):
    for call in CALLS:
        seen = seen_in(response(status, text), call.answers)
        asked = question(call.name, OUTSIDE, expected)
        assert seen.odd == odd, call.name
        assert [came_to(asked, seen, mode) for mode in Mode] == [Came.UNCLEAR] * len(Mode), call.name


@pytest.mark.parametrize(("status", "text"), [(204, ""), (202, "")])
def test_no_content_is_an_answer_only_where_nothing_is_to_be_told(status, text):
    worked = {call.name for call in CALLS if not seen_in(response(status, text), call.answers).odd}
    assert worked == {"delete event", "accept event", "decline event", "cancel event", "send mail"}


@pytest.mark.parametrize(
    ("shape", "status", "document"),
    [
        (Shape.LIST, 200, {"value": []}),
        (Shape.LIST, 200, {"@odata.context": "x", "value": [{"id": "A"}]}),
        (Shape.ONE, 200, {"id": "A"}),
        (Shape.ONE, 201, {"id": "A"}),
        (Shape.SCHEDULES, 200, {"value": [{"scheduleId": ROOM, "availabilityView": "0"}]}),
    ],
)
def test_graph_s_own_answers(shape, status, document):
    assert seen_in(response(status, json.dumps(document)), shape) == Seen(status)


def test_a_schedule_for_nobody_and_one_with_an_error_of_no_code_are_none():
    for value in ([], [{"id": "A"}], [{"scheduleId": ROOM, "error": "x"}]):
        assert seen_in(response(200, json.dumps({"value": value})), Shape.SCHEDULES).odd


def test_it_says_what_came_and_where_to_look():
    asked = question("calendar view", ROOM, Expected.WORKS)
    seen = seen_in(response(200, PAGE), asked.call.answers)

    def nobody():
        raise AssertionError("neither Exchange nor Entra knows of a proxy")

    found = SecondOpinion(PROMISE, nobody, nobody).of_call(asked, seen, Came.UNCLEAR)
    assert str(seen) == "200, text/html that is no JSON"
    assert found.verdict is Verdict.NOT_TOLD
    assert "Microsoft Graph answers a list here" in found.why
    assert "proxy" in found.advice
