"""The calendar of the client secrets, run after run, whatever the settings become in between."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from components.secret_slots import RecordedSecret, SecretSlots, plan_slots

DAYS = st.integers(7, 365).map(lambda days: timedelta(days=days))
ANCHORS = st.dates(datetime(2024, 1, 1).date(), datetime(2029, 12, 31).date()).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@dataclass
class Stack:
    """The two secrets that exist and the one that PlaceOS has, as runs change them."""

    anchor: datetime
    period: timedelta
    slots: list[RecordedSecret | None] = field(default_factory=lambda: [None, None])
    held: RecordedSecret | None = None
    made: list[int] = field(default_factory=list)

    def plan(self, now: datetime) -> SecretSlots:
        return plan_slots(now, self.anchor, self.period, (self.slots[0], self.slots[1]))

    def run(self, now: datetime) -> SecretSlots:
        """What the component and azuread do with a plan: an end that differs is another secret."""
        plan = self.plan(now)
        self.made = []
        for slot in (1 - plan.current, plan.current):
            secret = self.slots[slot]
            if secret is None or secret.end != plan.ends[slot]:
                self.slots[slot] = RecordedSecret(start=now, end=plan.ends[slot])
                self.made.append(slot)
        self.held = self.slots[plan.current]
        return plan


STACKS = st.builds(Stack, anchor=ANCHORS, period=DAYS)


@given(stack=STACKS, now=MOMENTS)
def test_the_first_run_makes_two_secrets_and_hands_out_the_one_that_lasts(stack, now):
    plan = stack.run(now)
    assert len(stack.made) == 2
    assert plan.ends[plan.current] == max(plan.ends)
    assert plan.ends[plan.current] == plan.next_rotation + stack.period
    assert plan.ends[1 - plan.current] == plan.next_rotation
    assert now < plan.next_rotation <= now + stack.period
    assert (plan.next_rotation - stack.anchor) % stack.period == timedelta()


@given(stack=STACKS, now=MOMENTS, share=st.floats(0, 1, exclude_max=True))
def test_between_boundaries_nothing_changes(stack, now, share):
    plan = stack.run(now)
    later = now + (plan.next_rotation - now) * share
    assert stack.run(later) == plan
    assert stack.made == []


@given(stack=STACKS, now=MOMENTS, periods=st.integers(1, 6))
def test_at_each_boundary_exactly_one_secret_is_made_and_the_one_in_use_stays(stack, now, periods):
    plan = stack.run(now)
    for _ in range(periods):
        before, in_use = plan, stack.held
        plan = stack.run(before.next_rotation)
        assert stack.made == [plan.current] == [1 - before.current]
        assert stack.slots[1 - plan.current] == in_use
        assert plan.next_rotation == before.next_rotation + stack.period


@given(stack=STACKS, now=MOMENTS, late=st.floats(0, 1, exclude_max=True))
def test_a_run_that_is_late_by_less_than_a_period_still_finds_placeos_working(stack, now, late):
    boundary = stack.run(now).next_rotation
    in_use = stack.held
    run_at = boundary + stack.period * late
    assert in_use.end > run_at
    stack.run(run_at)
    assert in_use in stack.slots


@given(
    stack=STACKS,
    now=MOMENTS,
    changes=st.lists(st.tuples(st.integers(0, 400), DAYS | st.none(), ANCHORS | st.none()), max_size=8),
)
def test_whatever_changes_the_secret_in_use_is_not_taken_away(stack, now, changes):
    stack.run(now)
    for days, period, anchor in changes:
        now += timedelta(days=days)
        stack.period, stack.anchor = period or stack.period, anchor or stack.anchor
        in_use = stack.held
        plan = stack.run(now)
        assert min(plan.ends) > now, "nothing is planned that has ended"
        assert now < plan.next_rotation <= now + stack.period
        assert plan.ends[plan.current] > plan.next_rotation, "PlaceOS has a secret beyond the next rotation"
        if in_use.end > now:
            assert in_use in stack.slots, "only the older one may be replaced"
            assert len(stack.made) <= 1 or stack.slots.count(in_use) == 0
        assert stack.plan(now) == plan, "a second run changes nothing"


@given(
    stack=STACKS,
    now=MOMENTS,
    parts=st.integers(2, 6),
    share=st.floats(0, 1, exclude_max=True),
    later=st.integers(1, 4),
)
def test_a_period_cut_into_equal_parts_never_takes_away_the_secret_in_use(stack, now, parts, share, later):
    """The boundaries of the new calendar fall on those of the old one, so ends of both may be equal."""
    stack.period = timedelta(days=84)
    plan = stack.run(now)
    now += (plan.next_rotation - now) * share
    stack.period /= parts
    for _ in range(later):
        in_use = stack.held
        plan = stack.run(now)
        assert in_use in stack.slots
        now = plan.next_rotation
