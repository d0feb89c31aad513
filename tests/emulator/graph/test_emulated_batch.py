import pytest


@pytest.fixture
def caller(shared_cloud):
    return shared_cloud.caller("User.Read.All")


def batch(caller, *requests):
    answer = caller.ok("POST", "/v1.0/$batch", {"requests": list(requests)})
    return {one["id"]: one for one in answer["responses"]}


def get(id_, url, **more):
    return {"id": id_, "method": "GET", "url": url, **more}


def test_each_request_is_answered_and_authorised_by_itself(caller):
    answers = batch(caller, get("a", "/users?$top=2&$select=id"), get("b", "/groups"), get("c", "nothing"))
    assert [answers[id_]["status"] for id_ in "abc"] == [200, 403, 501]
    assert len(answers["a"]["body"]["value"]) == 2
    assert answers["b"]["body"]["error"]["code"] == "Authorization_RequestDenied"


def test_what_depends_on_a_failure_is_not_run(caller):
    answers = batch(caller, get("a", "/groups"), get("b", "/users", dependsOn=["a"]), get("c", "/users"))
    assert [answers[id_]["status"] for id_ in "abc"] == [403, 424, 200]


def test_the_log_names_every_request_of_a_batch(shared_cloud):
    caller = shared_cloud.caller("Calendars.Read")
    batch(caller, get("a", "/users/ada.ashby@contoso.example/events"), get("b", "/users"))
    logged = shared_cloud.log()[-1]
    assert logged["path"] == "/v1.0/$batch"
    assert [(one["path"], one["status"]) for one in logged["batch"]] == [
        ("/users/ada.ashby@contoso.example/events", 200),
        ("/users", 403),
    ]
    assert logged["batch"][0]["mailbox"] == "ada.ashby@contoso.example"


@pytest.mark.parametrize(
    "body", [{}, {"requests": [{"id": "1"}]}, {"requests": [get(str(n), "/users") for n in range(21)]}]
)
def test_what_is_no_batch(caller, body):
    assert caller("POST", "/v1.0/$batch", body).status_code == 400


def test_a_body_that_is_no_json(shared_cloud, caller):
    answer = shared_cloud.http.post(
        "/v1.0/$batch", content=b"{", headers={"Authorization": f"Bearer {caller.token}"}
    )
    assert answer.status_code == 400
    assert "Unable to read JSON request payload" in answer.json()["error"]["message"]
