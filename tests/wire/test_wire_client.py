import json
import socket
from email.utils import format_datetime

import pytest
from azure.core.rest import HttpRequest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from tests.fake_service import START, reply
from wire import Invalid, NotAuthorised, NotDone, Throttled, Transient, Unclear
from wire.answers import by_status, retry_after
from wire.client import PAUSES, Wire, is_part_of


def judge(operation, answer):
    return None if answer.status < 300 else by_status(answer.status)("Test", operation, answer.text)


@pytest.fixture
def wire(deployer):
    return Wire("Test", deployer.cloud.graph, deployer.credential, deployer.clock, judge)


@pytest.fixture
def send(wire, deployer):
    def one(*, reading, path="/x"):
        return wire.send(
            "do", lambda: HttpRequest("POST", deployer.cloud.graph + path, json={}), reading=reading
        )

    return one


def test_a_read_is_repeated_with_growing_pauses(send, script, clock):
    script.then(reply({}, 500), reply({}, 503), reply({}, 504), reply({"value": 1}))
    assert send(reading=True) == {"value": 1}
    assert clock.slept == list(PAUSES[:3])


def test_a_read_gives_up_after_a_bounded_number_of_attempts(send, script, clock):
    script.then(*[reply({}, 500) for _ in range(20)])
    with pytest.raises(Transient):
        send(reading=True)
    assert len(script.requests) == len(PAUSES) + 1
    assert clock.slept == list(PAUSES)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
def test_a_write_whose_answer_is_unclear_is_never_repeated(send, script, clock, status, headers):
    script.then(reply({}, status, headers), reply({}))
    with pytest.raises(Unclear):
        send(reading=False)
    assert len(script.requests) == 1
    assert clock.slept == []


def test_a_write_refused_for_its_rate_was_not_done_and_is_repeated(send, script, clock):
    script.then(reply({}, 429), reply({}, 429, {"Retry-After": "7"}), reply({"done": True}))
    assert send(reading=False) == {"done": True}
    assert clock.slept == [1.0, 7.0]


def test_retry_after_as_a_date_is_counted_on_the_clock_of_the_tenant(send, script, clock):
    later = format_datetime(START.replace(minute=2), usegmt=True)
    script.then(reply({}, 429, {"Retry-After": later}), reply({}))
    send(reading=True)
    assert clock.slept == [120.0]


def test_a_demand_to_wait_for_hours_is_an_error_not_a_wait(send, script, clock):
    script.then(reply({}, 429, {"Retry-After": "7200"}), reply({}))
    with pytest.raises(Throttled) as raised:
        send(reading=True)
    assert raised.value.retry_after == 7200
    assert clock.slept == []


@given(st.text(max_size=40))
def test_an_unreadable_retry_after_is_none_or_a_wait_that_does_not_go_back(value):
    seconds = retry_after({"Retry-After": value}, START)
    assert seconds is None or seconds >= 0


def test_a_token_refused_with_401_is_made_anew_once(send, script, tokens):
    script.then(reply({}, 401), reply({"ok": True}))
    assert send(reading=False) == {"ok": True}
    sent = [request.headers["Authorization"] for request in script.requests]
    assert sent == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_is_the_answer(send, script, tokens):
    script.then(reply({}, 401), reply({}, 401), reply({}))
    with pytest.raises(NotAuthorised):
        send(reading=True)
    assert tokens.made == 2
    assert len(script.requests) == 2


def test_the_token_is_asked_for_the_endpoint_that_is_called(send, script, tokens, deployer):
    script.then(reply({}), reply({}))
    send(reading=True)
    send(reading=True)
    assert tokens.scopes == [f"{deployer.cloud.graph}/.default"]


def test_a_redirect_within_the_service_is_followed_with_the_same_body(send, script, deployer):
    moved = Response(status=302, headers={"Location": deployer.cloud.graph + "/there"})
    script.then(moved, reply({"ok": True}))
    assert send(reading=False) == {"ok": True}
    assert [request.path for request in script.requests] == ["/x", "/there"]
    assert script.requests[1].method == "POST"
    assert "Authorization" in script.requests[1].headers


@pytest.mark.parametrize("place", ["https://evil.example/x", "http://localhost/x", "", "/relative"])
def test_a_token_is_never_taken_elsewhere(send, script, place):
    script.then(Response(status=307, headers={"Location": place}))
    with pytest.raises(Invalid, match="not part of"):
        send(reading=False)
    assert len(script.requests) == 1


def test_redirects_without_end_are_an_error(send, script, deployer):
    moved = Response(status=302, headers={"Location": deployer.cloud.graph + "/x"})
    script.then(*[moved] * 9)
    with pytest.raises(Invalid, match="redirected"):
        send(reading=True)


def test_an_answer_that_is_not_json_makes_a_write_unclear_and_a_read_repeat(send, script):
    page = Response("<html>captive portal</html>", 200, content_type="text/html")
    script.then(page)
    with pytest.raises(Unclear, match="not a JSON object"):
        send(reading=False)
    script.then(Response('{"value": [1, 2', 200, content_type="application/json"), reply({"value": []}))
    assert send(reading=True) == {"value": []}


def test_an_empty_answer_is_an_empty_object(send, script):
    script.then(Response(b"", 204))
    assert send(reading=False) == {}


def test_a_refused_connection_was_not_done(deployer):
    with socket.create_server(("localhost", 0)) as closed:
        port = closed.getsockname()[1]
    wire = Wire("Test", f"https://localhost:{port}", deployer.credential, deployer.clock, judge)
    with pytest.raises(NotDone, match="no connection"):
        wire.send("do", lambda: HttpRequest("POST", f"https://localhost:{port}/x"), reading=False)
    assert deployer.clock.slept == list(PAUSES)


def test_an_untrusted_certificate_is_told_with_the_remedy(deployer, service, script, monkeypatch, tmp_path):
    import trustme

    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    wire = Wire("Test", deployer.cloud.graph, deployer.credential, deployer.clock, judge)
    with pytest.raises(Invalid, match=r"not trusted.*REQUESTS_CA_BUNDLE"):
        wire.send("do", lambda: HttpRequest("GET", deployer.cloud.graph + "/x"), reading=True)
    assert script.requests == []


def test_no_token_in_any_log_line(send, script, caplog):
    caplog.set_level(0)
    script.then(reply({}, 503), reply({}, 429), reply({}))
    send(reading=True)
    assert caplog.records
    assert "token-1" not in caplog.text


def test_hosts_below_the_endpoint_are_part_of_it():
    assert is_part_of("https://eur01.outlook.office365.com/adminapi", "https://outlook.office365.com")
    assert is_part_of("https://outlook.office365.com:443/x", "https://outlook.office365.com")


@given(host=st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True))
def test_no_other_host_is_part_of_the_endpoint(host):
    expected = host == "outlook.example" or host.endswith(".outlook.example")
    assert is_part_of(f"https://{host}/x", "https://outlook.example") == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://outlook.example:8443/x",
        "http://outlook.example/x",
        "https://outlook.example@evil.example/x",
        "https://evil@outlook.example/x",
        "https://evil-outlook.example/x",
        "https://outlook.example.evil.example/x",
        "https://[",
        "",
    ],
)
def test_look_alikes_are_not_part_of_the_endpoint(url):
    assert not is_part_of(url, "https://outlook.example")


def test_what_is_sent_is_json(send, script):
    script.then(reply({}))
    send(reading=True)
    assert json.loads(script.requests[0].get_data()) == {}
    assert script.requests[0].headers["User-Agent"].startswith("placeos-m365")
