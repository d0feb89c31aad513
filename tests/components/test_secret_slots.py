"""The calendar of the client secrets, run after run, whatever the settings become in between."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from components.secret_slots import Secret, SecretSlots, plan_slots

PERIODS = st.integers(7, 365).map(lambda days: timedelta(days=days))
ANCHORS = st.dates(date(2024, 1, 1), date(2029, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
BEFORE_THE_NEXT = st.integers(0, 999).map(lambda thousandths: thousandths / 1000)


@dataclass
class Stack:
    """The two secrets that exist and the one that PlaceOS has, as runs change them."""

    anchor: datetime
    period: timedelta
    slots: list[Secret | None] = field(default_factory=lambda: [None, None])
    held: Secret | None = None
    made: list[int] = field(default_factory=list)

    def plan(self, now: datetime) -> SecretSlots:
        return plan_slots(now, self.anchor, self.period, (self.slots[0], self.slots[1]))

    def run(self, now: datetime) -> SecretSlots:
        """What azuread does with a plan: a number or an end that differs is another secret."""
        plan = self.plan(now)
        self.made = [slot for slot, secret in enumerate(plan.secrets) if secret != self.slots[slot]]
        self.slots = list(plan.secrets)
        self.held = plan.secrets[plan.current]
        return plan


STACKS = st.builds(Stack, anchor=ANCHORS, period=PERIODS)


@given(stack=STACKS, now=MOMENTS)
def test_the_first_run_makes_two_secrets_and_hands_out_the_one_that_lasts(stack, now):
    plan = stack.run(now)
    assert len(stack.made) == 2
    assert now < plan.next_rotation <= now + stack.period
    assert (plan.next_rotation - stack.anchor) % stack.period == timedelta()
    assert plan.secrets[plan.current].end == plan.next_rotation + stack.period
    assert plan.secrets[1 - plan.current].end == plan.next_rotation


@given(stack=STACKS, now=MOMENTS, share=BEFORE_THE_NEXT)
def test_between_boundaries_nothing_changes(stack, now, share):
    plan = stack.run(now)
    assert stack.run(now + (plan.next_rotation - now) * share) == plan
    assert stack.made == []


@given(stack=STACKS, now=MOMENTS, periods=st.integers(1, 6))
def test_at_each_boundary_one_secret_is_made_and_the_one_in_use_stays(stack, now, periods):
    plan = stack.run(now)
    for _ in range(periods):
        before, in_use = plan, stack.held
        plan = stack.run(before.next_rotation)
        assert stack.made == [plan.current] == [1 - before.current]
        assert stack.slots[before.current] == in_use
        assert plan.next_rotation == before.next_rotation + stack.period
        assert plan.secrets[plan.current].end == max(secret.end for secret in plan.secrets)


@given(stack=STACKS, now=MOMENTS, late=BEFORE_THE_NEXT)
def test_a_run_that_is_late_by_less_than_a_period_finds_placeos_working(stack, now, late):
    boundary = stack.run(now).next_rotation
    in_use = stack.held
    run_at = boundary + stack.period * late
    assert in_use.end > run_at
    stack.run(run_at)
    assert in_use in stack.slots


@given(stack=STACKS, now=MOMENTS, gap=st.integers(0, 2000), period=PERIODS, anchor=ANCHORS)
def test_a_changed_calendar_touches_the_older_secret_only(stack, now, gap, period, anchor):
    stack.run(now)
    now += timedelta(days=gap)
    stack.run(now)
    in_use, slot = stack.held, stack.slots.index(stack.held)
    stack.period, stack.anchor = period, anchor
    plan = stack.run(now)
    assert stack.slots[slot] == in_use
    assert stack.made in ([], [1 - slot])
    assert plan.secrets[plan.current].end == plan.next_rotation + period


@dataclass(frozen=True)
class Event:
    """Time passes, then perhaps somebody changes the calendar or removes a secret by hand."""

    days: int
    period: timedelta | None
    anchor: datetime | None
    removed: int | None


# Periods that are multiples of each other, on one anchor, make equal ends on different calendars.
EVENTS = st.builds(
    Event,
    days=st.one_of(st.integers(0, 400), st.integers(0, 20).map(lambda weeks: 7 * weeks)),
    period=st.none() | PERIODS | st.sampled_from([7, 14, 21, 28, 42, 84]).map(lambda n: timedelta(days=n)),
    anchor=st.none() | ANCHORS,
    removed=st.none() | st.integers(0, 1),
)


@given(stack=STACKS, now=MOMENTS, events=st.lists(EVENTS, max_size=12))
def test_whatever_happens_placeos_keeps_its_secret_until_it_is_given_another(stack, now, events):
    stack.run(now)
    for event in events:
        now += timedelta(days=event.days)
        stack.period, stack.anchor = event.period or stack.period, event.anchor or stack.anchor
        if event.removed is not None:
            stack.slots[event.removed] = None
        in_use = stack.held if stack.held in stack.slots else None
        plan = stack.run(now)
        if in_use and in_use.end > now:
            assert in_use in stack.slots
        assert all(secret.end > now for secret in plan.secrets), "nothing is made that has ended"
        assert plan.secrets[0] != plan.secrets[1]
        assert now < plan.next_rotation <= now + stack.period
        assert stack.held.end == plan.next_rotation + stack.period
        assert stack.plan(now) == plan, "a second run changes nothing"


@given(stack=STACKS, now=MOMENTS, parts=st.integers(2, 6), share=BEFORE_THE_NEXT, runs=st.integers(1, 4))
def test_a_period_cut_into_equal_parts_keeps_the_secret_in_use(stack, now, parts, share, runs):
    stack.period = timedelta(days=84)
    plan = stack.run(now)
    now += (plan.next_rotation - now) * share
    stack.period /= parts
    for _ in range(runs):
        in_use = stack.held
        plan = stack.run(now)
        assert in_use in stack.slots
        now = plan.next_rotation


DAYS = 5 * 365 + 1
LATENESS = st.one_of(st.just(0), st.integers(0, 21), st.integers(0, 800))
CHANGES = st.dictionaries(
    st.integers(1, DAYS - 1),
    st.tuples(st.none() | PERIODS, st.none() | ANCHORS),
    max_size=4,
)


@settings(max_examples=60)
@given(
    stack=STACKS,
    now=MOMENTS,
    every=st.sampled_from([1, 7, 30]),
    lateness=st.lists(LATENESS, min_size=1, max_size=8),
    changes=CHANGES,
)
def test_every_day_of_five_years(stack, now, every, lateness, changes):
    """Runs come on a schedule, late by whatever, while people change the calendar.

    PlaceOS works on every day on which it can: from a run on, until a period after the boundary that follows.
    """
    plan, due, runs = stack.run(now), every, 0
    works_until = plan.next_rotation + stack.period
    for day in range(1, DAYS):
        today = now + timedelta(days=day)
        assert (stack.held in stack.slots and today < stack.held.end) == (today < works_until)
        changed = changes.get(day)
        if changed is None and day < due:
            continue
        if changed:
            stack.period, stack.anchor = changed[0] or stack.period, changed[1] or stack.anchor
        else:
            due = day + every + lateness[runs % len(lateness)]
            runs += 1
            quiet = today < plan.next_rotation and not changes
            assert not quiet or stack.plan(today) == plan, "a preview between boundaries is empty"
        in_use = stack.held
        plan = stack.run(today)
        works_until = plan.next_rotation + stack.period
        assert in_use in stack.slots or in_use.end <= today, "PlaceOS is not told of another one yet"
        assert list(plan.secrets) == stack.slots
        assert all(secret.end > today for secret in stack.slots), "exactly the planned ones, and both valid"


@given(stack=STACKS, now=MOMENTS, share=BEFORE_THE_NEXT, gone=st.integers(0, 1))
def test_a_removed_secret_comes_back_under_a_number_that_no_proof_was_asked_for(stack, now, share, gone):
    plan = stack.run(now)
    now += (plan.next_rotation - now) * share
    proven = [secret.number for secret in plan.secrets]
    other, stack.slots[gone] = stack.slots[1 - gone], None
    after = plan_slots(now, stack.anchor, stack.period, (stack.slots[0], stack.slots[1]), proven)
    assert after.secrets[1 - gone] == other
    assert after.secrets[gone].number not in proven
    assert after.secrets[gone].end == plan.secrets[gone].end
    assert after.current == plan.current
    again = plan_slots(now, stack.anchor, stack.period, after.secrets, [one.number for one in after.secrets])
    assert again == after, "a second run changes nothing"


@given(stack=STACKS, now=MOMENTS)
def test_when_both_were_removed_both_get_new_numbers(stack, now):
    plan = stack.run(now)
    proven = [secret.number for secret in plan.secrets]
    after = plan_slots(now, stack.anchor, stack.period, (None, None), proven)
    assert not {secret.number for secret in after.secrets} & set(proven)
    assert [secret.end for secret in after.secrets] == [secret.end for secret in plan.secrets]
