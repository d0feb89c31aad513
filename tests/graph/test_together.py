"""Many questions in few requests: each answer alone, and one that is missing is asked for again."""

import pytest
from werkzeug import Request, Response

from graph.api import GraphApi
from graph.together import MOST, Question, ask
from tests.emulated import Emulated
from tests.fake_service import FakeClock, Script, body, reply
from wire import Invalid, NotAuthorised, NotFound, Throttled, Transient

A, B = Question("/a"), Question("/b", {"$select": "id,notes"})


@pytest.fixture
def graph(deployer) -> GraphApi:
    return GraphApi(deployer.credential, deployer.cloud, deployer.clock)


ID = {"a": "1", "b": "2"}
"""Of the questions, in the order in which they are asked."""


def batch(*responses: object) -> Response:
    return reply({"responses": list(responses)})


def one(name: str, answer: object = None, status: object = 200, **headers: str) -> dict[str, object]:
    found = {"id": name} if answer is None else answer
    return {"id": ID[name], "status": status, "headers": headers, "body": found}


def failed(name: str, status: int, **headers: str) -> dict[str, object]:
    return one(name, {"error": {"code": f"Code{status}", "message": "no"}}, status, **headers)


def asked(script: Script) -> list[str]:
    return [f"{request.method} {request.full_path.rstrip('?')}" for request in script.requests]


def test_the_questions_go_as_a_batch_names_them(graph: GraphApi, script: Script) -> None:
    script.then(batch(one("b", {"id": "2", "notes": None}), one("a")))
    told = ask(graph, {"a": A, "b": B})
    assert told["a"].document() == {"id": "a"}
    assert told["b"].document() == {"id": "2", "notes": None}, "whatever the order of the answers"
    assert asked(script) == ["POST /v1.0/$batch"]
    assert body(script.requests[0]) == {
        "requests": [
            {"id": "1", "method": "GET", "url": "/a"},
            {"id": "2", "method": "GET", "url": "/b?%24select=id%2Cnotes"},
        ]
    }


def test_no_request_holds_more_than_a_batch_takes(emulated: Emulated) -> None:
    users = emulated.graph.list("/v1.0/users")[: 2 * MOST + 1]
    told = ask(emulated.graph, {str(user["id"]): Question(f"/users/{user['id']}") for user in users})
    assert [told[str(user["id"])].document()["id"] for user in users] == [user["id"] for user in users]
    sizes = [len(entry["batch"]) for entry in emulated.tenant.store.logged() if entry.get("batch")]
    assert sizes == [MOST, MOST, 1]


def test_one_that_fails_fails_alone_and_when_it_is_read(emulated: Emulated) -> None:
    questions = {
        "nobody": Question("/users/nobody@contoso.example"),
        "everybody": Question("/users"),
        "refused": Question("/auditLogs/signIns"),
        "one": Question("/users/ada.ashby@contoso.example"),
    }
    told = ask(emulated.graph, questions)
    assert told["one"].document()["displayName"]
    with pytest.raises(NotFound):
        told["nobody"].document()
    with pytest.raises(NotAuthorised, match=r"GET /v1\.0/auditLogs/signIns.*AuditLog\.Read\.All"):
        told["refused"].entries()


def test_a_list_goes_on_over_its_pages(emulated: Emulated) -> None:
    told = ask(emulated.graph, {"all": Question("/users", {"$top": "50"})})["all"].entries()
    assert len(told) > 100
    assert told == emulated.graph.list("/v1.0/users")


def test_a_page_that_fails_is_no_shorter_list(graph: GraphApi, script: Script) -> None:
    link = graph.address("/v1.0/a?$skiptoken=2")
    script.then(batch(one("a", {"value": [{"id": "1"}], "@odata.nextLink": link})))
    script.then(reply({"error": {"code": "Forbidden", "message": "no"}}, 403))
    with pytest.raises(NotAuthorised):
        ask(graph, {"a": A})["a"].entries()


@pytest.mark.parametrize("status", [429, 503])
def test_one_that_failed_for_a_moment_is_asked_by_itself(
    graph: GraphApi, script: Script, clock: FakeClock, status: int
) -> None:
    late = {
        "a": failed("a", status, **{"retry-after": "20"}),
        "b": failed("b", status, **{"Retry-After": "30"}),
    }
    script.then(batch(late["b"], late["a"]), reply({"id": "1"}), reply({"id": "2", "notes": "x"}))
    told = ask(graph, {"a": A, "b": B})
    assert clock.slept == [], "nothing waits before it is read"
    assert told["a"].document() == {"id": "1"}
    assert told["b"].document() == {"id": "2", "notes": "x"}
    assert clock.slept == [20, 10], "they wait together"
    assert asked(script)[1:] == ["GET /v1.0/a", "GET /v1.0/b?%24select=id%2Cnotes"]


def test_it_waits_until_a_date_and_no_longer_than_anything_waits(
    graph: GraphApi, script: Script, clock: FakeClock
) -> None:
    script.then(
        batch(
            failed("a", 429, **{"Retry-After": "Mon, 05 Jan 2026 08:00:07 GMT"}),
            failed("b", 429, **{"Retry-After": "3600"}),
        ),
        reply({"id": "1"}),
    )
    told = ask(graph, {"a": A, "b": B})
    assert told["a"].document()
    assert clock.slept == [7]
    with pytest.raises(Throttled, match="Code429"):
        told["b"].document()
    assert clock.slept == [7]
    assert len(script.requests) == 2, "and is not asked before its time"


@pytest.mark.parametrize(
    "shape",
    [
        None,
        "a",
        {"id": "a"},
        {"id": "other", "status": 200, "body": {"id": "other"}},
        {"id": "1", "status": 200},
        {"id": "1", "status": 200, "body": "eyJ9"},
        {"id": "1", "status": "OK", "body": {"id": "wrong"}},
        {"id": "1", "body": {"id": "wrong"}},
        {"id": "1", "status": 0, "body": {"id": "wrong"}},
        {"id": "1", "status": 503, "headers": ["Retry-After"], "body": {"error": {"code": "x"}}},
        {"id": "1", "status": 429, "headers": {"Retry-After": None}, "body": {"error": "x"}},
    ],
)
def test_one_that_was_left_out_or_of_another_shape_is_asked_by_itself(
    graph: GraphApi, script: Script, shape: object
) -> None:
    script.then(batch(shape), reply({"id": "right"}))
    assert ask(graph, {"a": A})["a"].document() == {"id": "right"}
    assert asked(script) == ["POST /v1.0/$batch", "GET /v1.0/a"]


@pytest.mark.parametrize("answer", [{}, {"responses": None}, {"responses": 3}, {"responses": {"a": 1}}])
def test_a_batch_of_another_shape_answered_nothing(
    graph: GraphApi, script: Script, answer: dict[str, object]
) -> None:
    script.then(reply(answer), reply({"id": "right"}))
    assert ask(graph, {"a": A})["a"].document() == {"id": "right"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply({"error": {"code": "Forbidden", "message": "no"}}, 403), NotAuthorised),
        (reply({"error": {"code": "BadRequest", "message": "no"}}, 400), Invalid),
    ],
)
def test_a_batch_that_is_refused_is_refused_for_all(
    graph: GraphApi, script: Script, answer: Response, error: type[Exception]
) -> None:
    script.then(answer)
    with pytest.raises(error, match=r"POST /v1\.0/\$batch"):
        ask(graph, {"a": A, "b": B})
    assert len(script.requests) == 1


def test_a_batch_is_asked_again_after_its_time(graph: GraphApi, script: Script, clock: FakeClock) -> None:
    slow = reply({"error": {"code": "TooManyRequests", "message": "slow"}}, 429, {"Retry-After": "5"})
    script.then(slow, batch(one("a")))
    assert ask(graph, {"a": A})["a"].document() == {"id": "a"}
    assert clock.slept == [5]


def test_an_object_without_what_was_selected_and_a_list_without_entries_are_no_answers(
    graph: GraphApi, script: Script
) -> None:
    script.then(batch(one("a", {"id": "1"}), one("b", {"id": "2"})))
    told = ask(graph, {"a": A, "b": B})
    with pytest.raises(Transient, match="held no list"):
        told["a"].entries()
    with pytest.raises(Transient, match="the answer lacks notes"):
        told["b"].document()


def test_one_that_keeps_failing_is_an_error_of_its_own(graph: GraphApi, script: Script) -> None:
    def busy(_request: Request) -> Response:
        return reply({"error": {"code": "Busy", "message": "no"}}, 503)

    script.then(batch(failed("a", 503), one("b", {"id": "2", "notes": ""})), *[busy] * 6)
    told = ask(graph, {"a": A, "b": B})
    with pytest.raises(Transient, match="Busy"):
        told["a"].document()
    assert told["b"].document()
