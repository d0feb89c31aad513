from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secret_expiry import STEPS, ends_within, was_handed_out

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def within(days: float, period: int = 90) -> int | None:
    return ends_within(NOW + timedelta(days=days), NOW, timedelta(days=period))


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (61, None),
        (60.1, None),
        (60, 60),
        (31, 60),
        (30, 30),
        (14.5, 30),
        (14, 14),
        (7.5, 14),
        (7, 7),
        (0.1, 7),
    ],
)
def test_the_steps_of_the_default_period(days, step):
    assert within(days) == step


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_secret_that_has_ended_ends_in_no_days(days):
    assert within(days) == 0


@pytest.mark.parametrize(
    ("period", "days", "step"),
    [(30, 29, None), (30, 14, 14), (14, 8, None), (14, 7, 7), (7, 4, None), (7, 3, 3)],
)
def test_a_step_as_long_as_a_period_is_none(period, days, step):
    """It would be reached the moment after each rotation."""
    assert within(days, period) == step


@given(days=st.floats(0.01, 1000), period=st.integers(7, 365))
def test_whatever_ends_within_a_step_ends_within_the_longer_ones(days, period):
    step = within(days, period)
    longest = max([one for one in STEPS if one < period], default=period // 2)
    assert (step is None) == (timedelta(days=days) > timedelta(days=longest))
    assert step is None or timedelta(days=days) <= timedelta(days=step)
    assert step is None or step < period


def test_what_the_calendar_has_below_the_first_is_handed_out_to_nobody() -> None:
    assert [was_handed_out(number) for number in (-1, 0, 1, 2)] == [False, False, True, True]
