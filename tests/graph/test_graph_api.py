import pytest
from werkzeug import Response

from graph.api import GraphApi
from graph.restorable import exists_or_restorable
from graph.sign_ins import last_sign_ins
from tests.fake_service import body, reply
from wire import (
    AlreadyExists,
    Invalid,
    NotAuthorised,
    NotFound,
    NotReady,
    Throttled,
    Transient,
    Unclear,
)


@pytest.fixture
def graph(deployer):
    return GraphApi(deployer.credential, deployer.cloud, deployer.clock)


def failure(code: str, message: str, status: int) -> Response:
    return reply({"error": {"code": code, "message": message, "innerError": {"request-id": "r-1"}}}, status)


def test_methods_and_bodies(graph, script):
    script.then(reply({"id": "1"}), reply({"id": "2"}, 201), Response(status=204), Response(status=204))
    assert graph.get("/v1.0/users/1", {"$select": "id"}) == {"id": "1"}
    assert graph.post("/v1.0/users", {"a": 1}) == {"id": "2"}
    graph.patch("/v1.0/users/1", {"b": 2})
    graph.delete("/v1.0/users/1")
    sent = [(one.method, one.path) for one in script.requests]
    assert sent == [
        ("GET", "/v1.0/users/1"),
        ("POST", "/v1.0/users"),
        ("PATCH", "/v1.0/users/1"),
        ("DELETE", "/v1.0/users/1"),
    ]
    assert script.requests[0].args["$select"] == "id"
    assert body(script.requests[2]) == {"b": 2}


def test_lists_follow_their_pages(graph, script, deployer):
    link = f"{deployer.cloud.graph}/v1.0/users?$skiptoken=2"
    script.then(reply({"value": [{"id": "1"}], "@odata.nextLink": link}), reply({"value": [{"id": "2"}]}))
    assert graph.list("/v1.0/users") == [{"id": "1"}, {"id": "2"}]
    assert script.requests[1].args["$skiptoken"] == "2"


def test_a_page_that_fails_is_an_error(graph, script, deployer):
    link = f"{deployer.cloud.graph}/v1.0/users?$skiptoken=2"
    script.then(reply({"value": [{"id": "1"}], "@odata.nextLink": link}), failure("Forbidden", "no", 403))
    with pytest.raises(NotAuthorised):
        graph.list("/v1.0/users")


NO_ANSWERS = {
    "an error that says yes": reply({"error": {"code": "Strange", "message": "What?"}}),
    "an error beside a list": reply({"error": {"code": "Strange", "message": "What?"}, "value": []}),
    "an object without a list": reply({"id": "1"}),
    "an empty object": reply({}),
    "nothing": Response(b"", 200),
    "NULs": Response(b"\0" * 40, 200),
}


@pytest.mark.parametrize("answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_list_that_did_not_come_is_never_an_empty_one(graph, script, answer):
    script.then(*[answer] * 20)
    with pytest.raises(Transient):
        graph.list("/v1.0/applications")


@pytest.mark.parametrize("answer", [reply({}), Response(b"", 200), NO_ANSWERS["an error that says yes"]])
def test_an_object_that_did_not_come_is_never_one_without_properties(graph, script, answer):
    script.then(*[answer] * 20)
    with pytest.raises(Transient):
        graph.get("/v1.0/applications/1")


def test_whether_an_application_may_come_back_is_asked_of_that_application(graph, script):
    other = reply({"value": [{"id": "1", "appId": "00000000-0000-4000-8000-000000000002"}]})
    script.then(reply({"value": []}), other)
    with pytest.raises(Invalid, match="came back"):
        exists_or_restorable(graph, "00000000-0000-4000-8000-000000000001")
    script.then(reply({"value": []}), reply({"value": []}))
    assert not exists_or_restorable(graph, "00000000-0000-4000-8000-000000000001")


def test_a_page_elsewhere_gets_no_token(graph, script):
    script.then(reply({"value": [], "@odata.nextLink": "https://evil.example/v1.0/users"}))
    with pytest.raises(Invalid, match="not part of"):
        graph.list("/v1.0/users")


@pytest.mark.parametrize(
    ("code", "message", "status", "kind"),
    [
        ("Request_ResourceNotFound", "Resource 'x' does not exist", 404, NotFound),
        ("Authorization_RequestDenied", "Insufficient privileges", 403, NotAuthorised),
        ("InvalidAuthenticationToken", "expired", 401, NotAuthorised),
        ("Request_MultipleObjectsWithSameKeyValue", "same key", 400, AlreadyExists),
        ("Request_BadRequest", "Permission being assigned already exists on the object", 400, AlreadyExists),
        ("NoBackend", "The appId 'x' does not reference a valid application object.", 400, NotReady),
        ("Request_BadRequest", "Not a valid reference update.", 400, NotReady),
        ("Request_BadRequest", "Invalid filter clause", 400, Invalid),
        ("TooManyRequests", "slow", 429, Throttled),
        ("ServiceUnavailable", "down", 503, Transient),
    ],
)
def test_errors_by_meaning(graph, script, code, message, status, kind):  # noqa: PLR0917 - pytest names them
    script.then(*[failure(code, message, status)] * 9)
    with pytest.raises(kind) as raised:
        graph.get("/v1.0/users/1")
    assert type(raised.value) is kind
    assert (raised.value.code, raised.value.request_id, raised.value.status) == (code, "r-1", status)
    assert str(raised.value).startswith(f"Microsoft Graph: GET /v1.0/users/1: {code}: {message.rstrip('.')}")


def test_a_concurrency_violation_was_not_carried_out_so_a_write_is_repeated(graph, script, clock):
    script.then(failure("Directory_ConcurrencyViolation", "again", 409), Response(status=204))
    graph.patch("/v1.0/applications/1", {})
    assert clock.slept == [1.0]


def test_a_write_whose_answer_is_lost_is_unclear(graph, script):
    script.then(failure("ServiceUnavailable", "down", 503))
    with pytest.raises(Unclear):
        graph.post("/v1.0/applications", {})
    assert len(script.requests) == 1


def test_a_wrong_address_is_not_an_absent_object(graph, script):
    script.then(Response("<html>nothing here</html>", 404))
    with pytest.raises(Invalid, match="nothing was looked up"):
        graph.get("/v1.0/users/1")


def test_the_first_page_alone_is_read(graph, script, deployer):
    link = f"{deployer.cloud.graph}/v1.0/users?$skiptoken=2"
    script.then(reply({"value": [{"id": "1"}], "@odata.nextLink": link}))
    assert graph.page("/v1.0/users") == [{"id": "1"}]


@pytest.mark.parametrize("document", [{"value": None}, {"value": {}}, {"value": [None]}, {"value": ["x"]}])
def test_a_list_of_something_else_is_no_empty_list(graph, script, document):
    reads = (graph.page, graph.list, lambda _: last_sign_ins(graph, "client"))
    for read in reads:
        script.then(reply(document))
        with pytest.raises(Invalid, match="the service answered"):
            read("/v1.0/users")


@pytest.mark.parametrize("document", [{}, {"error": None}, {"error": "text"}, {"error": {"innerError": 1}}])
def test_odd_errors_are_errors_too(graph, script, document):
    script.then(reply(document, 400))
    with pytest.raises(Invalid, match="status 400"):
        graph.get("/v1.0/users/1")
