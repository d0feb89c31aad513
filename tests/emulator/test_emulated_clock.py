from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.clock import EmulatedClock, parse_stamp, stamp
from emulator.store import Store


@given(st.lists(st.floats(min_value=0, max_value=1e7), max_size=8))
def test_advancing_adds_up_and_never_goes_back(steps):
    clock = EmulatedClock(Store())
    began = last = clock.now()
    for step in steps:
        moved = clock.advance(step)
        assert moved >= last + timedelta(seconds=step) - timedelta(milliseconds=1)
        last = moved
    assert clock.now() - began >= timedelta(seconds=sum(steps)) - timedelta(milliseconds=1)


def test_time_cannot_go_back():
    with pytest.raises(ValueError, match="can't go back"):
        EmulatedClock(Store()).advance(-1)


def test_the_offset_is_the_stores_so_a_second_clock_agrees():
    store = Store()
    EmulatedClock(store).start_at(datetime(2030, 1, 1, tzinfo=UTC))
    assert EmulatedClock(store).now().year == 2030


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.timezones()))
def test_stamps_are_utc_and_can_be_read_again(moment):
    assert stamp(moment).endswith("Z")
    assert parse_stamp(stamp(moment)) == moment.astimezone(UTC).replace(microsecond=0)


def test_the_control_plane_tells_time_and_moves_it(cloud):
    before = parse_stamp(cloud.http.get("/emulator/clock").json()["now"])
    after = parse_stamp(cloud.http.post("/emulator/clock", json={"sleep": 3600.0}).json()["now"])
    assert after - before >= timedelta(hours=1)
    assert parse_stamp(cloud.http.get("/emulator/clock").json()["now"]) >= after


@pytest.mark.parametrize("body", [{"sleep": -1}, {"sleep": "soon"}, {}, {"sleep": 1, "until": 2}])
def test_the_control_plane_refuses_what_is_no_sleep(cloud, body):
    before = cloud.clock.now()
    answer = cloud.http.post("/emulator/clock", json=body)
    assert answer.status_code == 400
    assert "sleep" in answer.json()["error"]["message"]
    assert cloud.clock.now() - before < timedelta(minutes=5)
