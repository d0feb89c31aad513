from datetime import UTC, datetime, timedelta

import pytest

from clock import ServedClock, SystemClock, clock_from_environment
from https_json import EndpointError
from tests.fake_service import body, reply


@pytest.fixture
def served(service):
    clock = clock_from_environment({"CLOCK_ENDPOINT": service.url_for("/emulator/clock")})
    assert isinstance(clock, ServedClock)
    return clock


def test_without_an_endpoint_it_is_this_machines_clock():
    clock = clock_from_environment({})
    assert isinstance(clock, SystemClock)
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)


def test_this_machines_clock_really_waits(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    SystemClock().sleep(3)
    SystemClock().sleep(-1)
    assert slept == [3, 0.0]


def test_a_served_clock_tells_its_time_in_utc(served, script):
    script.then(reply({"now": "2026-01-05T09:00:00+01:00"}))
    assert served.now() == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert script.requests[0].method == "GET"


def test_to_sleep_moves_a_served_clock(served, script):
    script.then(reply({"now": "2026-01-05T08:01:00Z"}))
    served.sleep(60.0)
    assert script.requests[0].method == "POST"
    assert body(script.requests[0]) == {"sleep": 60.0}


@pytest.mark.parametrize("seconds", [0, -5])
def test_no_time_at_all_is_no_request(served, script, seconds):
    served.sleep(seconds)
    assert script.requests == []


@pytest.mark.parametrize(
    "answer", [{}, {"now": None}, {"now": "noon"}, {"now": "2026-01-05T08:00:00"}], ids=str
)
def test_a_clock_that_does_not_tell_the_time_is_an_error(served, script, answer):
    script.then(reply(answer))
    with pytest.raises(EndpointError, match="CLOCK_ENDPOINT"):
        served.now()


def test_a_clock_that_does_not_answer_is_an_error_not_another_clock(served, script):
    script.then(reply({}, 503))
    with pytest.raises(EndpointError, match=r"answered 503.*CLOCK_ENDPOINT"):
        served.sleep(1)


def test_only_https():
    with pytest.raises(EndpointError, match="plain https"):
        clock_from_environment({"CLOCK_ENDPOINT": "http://localhost/clock"})
