"""The whole life cycle under every fault plan: converged or stopped with one message, the promise kept."""

import pytest

from emulator.fault_plans import plans
from tests.engine.life_cycle import LifeCycle
from tests.engine.rehearsal import Rehearsal, brought_up

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]


def _live(rehearsal: Rehearsal, *plans: str, seed: int = 1) -> LifeCycle:
    cycle = LifeCycle(rehearsal, plans, seed)
    cycle.live()
    return cycle


def test_what_passes_by_itself_is_waited_for(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "throttled", "busy-tenant", "errors-before", "localized")
    assert not cycle.stops
    assert not cycle.tidied


@pytest.mark.soak
def test_failures_of_the_moment_dressed_as_400_and_lost_pages(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "transient-400", "lost-page")
    assert not cycle.tidied


def test_lost_answers_and_young_rights_at_once(rehearsal: Rehearsal) -> None:
    assert _live(rehearsal, "errors-after", "resets", "nul-403", "fresh-role").stops


@pytest.mark.soak
def test_lost_answers_make_nothing_twice(rehearsal: Rehearsal) -> None:
    _live(rehearsal, "errors-after", "resets")


@pytest.mark.soak
def test_what_was_just_made_is_waited_for(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "replication-lag", "localized")
    assert not cycle.stops
    assert not cycle.tidied


@pytest.mark.soak
def test_what_azuread_does_not_wait_for_is_told_and_mended_by_hand(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "replication-lag-unawaited")
    assert set(cycle.tidied) == {"consent"}


@pytest.mark.soak
def test_young_and_missing_rights_stop_with_what_is_missing(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "nul-403", "fresh-role")
    assert cycle.stops
    assert not cycle.tidied


@pytest.mark.soak
def test_a_deployer_that_may_only_look_changes_nothing(rehearsal: Rehearsal) -> None:
    cycle = _live(rehearsal, "reads-only")
    stopped = [one.partition(":")[0] for one in cycle.stops]
    assert stopped == ["up", "a room added and one removed", "profile widened", "rotation", "destroy"]
    assert not cycle.tidied


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("plan", sorted(plans()))
def test_every_plan_with_many_seeds(rehearsal: Rehearsal, plan: str, seed: int) -> None:
    _live(rehearsal, plan, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("plan", sorted(plans()))
@brought_up
def test_every_plan_while_nothing_changes(rehearsal: Rehearsal, plan: str) -> None:
    LifeCycle(rehearsal, [plan], seed=1).changes_nothing()
