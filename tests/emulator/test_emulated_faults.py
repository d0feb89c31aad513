from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.faults import Fault, Faults, Match


def plan(cloud, *faults):
    answer = cloud.http.post("/emulator/faults", json=list(faults))
    assert answer.status_code == 200, answer.text
    return answer.json()["faults"]


@given(st.integers(0, 4), st.integers(1, 4), st.integers(0, 12))
def test_a_fault_lets_some_pass_and_then_hits_so_many(skip, times, requests):
    faults = Faults()
    faults.add([Fault(skip=skip, times=times)])
    hit = [faults.take("GET", "/x", None) is not None for _ in range(requests)]
    assert hit == ([False] * skip + [True] * times + [False] * requests)[:requests]


@pytest.mark.parametrize(
    ("match", "covers"),
    [
        (Match(), True),
        (Match(method="get"), True),
        (Match(method="POST"), False),
        (Match(path="^/v1.0/users"), True),
        (Match(path="groups"), False),
        (Match(cmdlet="GET-GROUP"), True),
        (Match(cmdlet="Get-User"), False),
        (Match(method="GET", path="users", cmdlet="Get-Group"), True),
    ],
)
def test_a_match_says_what_it_is_for(match, covers):
    assert match.covers("GET", "/v1.0/users", "Get-Group") is covers


def test_before_nothing_happens_and_the_fault_is_answered(cloud):
    caller = cloud.caller("Application.ReadWrite.All")
    plan(cloud, {"match": {"method": "POST", "path": "/applications$"}, "status": 429,
                 "headers": {"Retry-After": "7"}})  # fmt: skip
    answer = caller("POST", "/v1.0/applications", {"displayName": "once"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"]["code"] == "TooManyRequests"
    assert not [app for app in cloud.store.all("application") if app["displayName"] == "once"]
    assert caller("POST", "/v1.0/applications", {"displayName": "once"}).status_code == 201


def test_after_the_effect_has_happened_all_the_same(cloud):
    caller = cloud.caller("Application.ReadWrite.All")
    plan(cloud, {"match": {"method": "POST"}, "status": 503, "when": "after"})
    assert caller("POST", "/v1.0/applications", {"displayName": "once"}).status_code == 503
    assert len([app for app in cloud.store.all("application") if app["displayName"] == "once"]) == 1


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_reset_drops_the_connection(cloud, when, made):
    caller = cloud.caller("Application.ReadWrite.All")
    plan(cloud, {"match": {"method": "POST"}, "status": "reset", "when": when})
    with pytest.raises(httpx.TransportError):
        caller("POST", "/v1.0/applications", {"displayName": "once"})
    assert len([app for app in cloud.store.all("application") if app["displayName"] == "once"]) == made
    assert cloud.log()[-1]["status"] == 0
    assert caller("GET", "/v1.0/applications").status_code == 200


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_held_request_is_answered_once_it_is_released(cloud, when, made):
    def count():
        return len([app for app in cloud.store.all("application") if app["displayName"] == "once"])

    caller = cloud.caller("Application.ReadWrite.All")
    plan(cloud, {"match": {"method": "POST", "path": "/applications$"}, "status": "hold", "when": when})
    with ThreadPoolExecutor() as threads:
        answer = threads.submit(caller, "POST", "/v1.0/applications", {"displayName": "once"})
        assert cloud.served.faults.wait_until_held(30)
        assert (count(), answer.done()) == (made, False)
        assert caller("GET", "/v1.0/applications").status_code == 200, "others pass"
        cloud.http.delete("/emulator/faults")
        assert answer.result().status_code == 201
    assert count() == 1


def test_a_second_hold_is_waited_for_by_itself(cloud):
    faults = cloud.served.faults
    faults.add([Fault(status="hold")])
    faults.release()
    assert cloud.http.get("/metadata/endpoints").status_code == 200
    assert faults.wait_until_held(0)
    faults.add([Fault(status="hold")])
    assert not faults.wait_until_held(0)


def test_replication_lag_is_a_404_for_a_while(cloud):
    caller = cloud.caller("Application.ReadWrite.All")
    body = {"error": {"code": "Request_ResourceNotFound", "message": "not yet"}}
    plan(cloud, {"match": {"method": "GET", "path": "/applications/[^/]+$"}, "times": 2, "status": 404,
                 "body": body})  # fmt: skip
    made = caller.ok("POST", "/v1.0/applications", {"displayName": "x"})
    path = f"/v1.0/applications/{made['id']}"
    answers = [caller("GET", path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert answers[0].json() == body


def test_faults_reach_cmdlets_by_name(cloud):
    plan(cloud, {"match": {"cmdlet": "Get-Group"}, "status": 500})
    path = f"/adminapi/beta/{cloud.tenant.id}/InvokeCommand"
    bodies = [{"CmdletInput": {"CmdletName": name}} for name in ("Get-Mailbox", "get-group", "Get-Group")]
    assert [cloud.http.post(path, json=body).status_code for body in bodies] == [401, 500, 401]
    assert [entry["cmdlet"] for entry in cloud.log()] == ["Get-Mailbox", "get-group", "Get-Group"]


def test_the_plan_can_be_seen_and_cleared(cloud):
    plan(cloud, {"times": 3, "status": 500})
    cloud.http.get("/metadata/endpoints")
    (left,) = cloud.http.get("/emulator/faults").json()["faults"]
    assert left["times"] == 2
    assert cloud.http.delete("/emulator/faults").json() == {"faults": [], "conditions": {}}
    assert cloud.http.get("/metadata/endpoints").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"times": 0},
        {"status": 99},
        {"status": "gone"},
        {"when": "later"},
        {"match": {"path": "("}},
        {"what": 1},
    ],
)
def test_a_plan_without_meaning_is_refused(cloud, fault):
    answer = cloud.http.post("/emulator/faults", json=[{"times": 1}, fault])
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("this is no plan of faults: 1.")
    assert cloud.served.faults.waiting() == []
