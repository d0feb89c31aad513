"""A lost answer that azuread repeats: what it made twice is told, is drift, and goes by the printed lines."""

import pytest

from emulator.faults import Fault, Match
from tests.engine.death import WHOLE, Operator, assert_whole, census
from tests.engine.rehearsal import Rehearsal

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


def _lost_after_effect(path: str, skip: int = 0) -> Fault:
    return Fault(match=Match(method="POST", path=path), status=503, when="after", skip=skip)


def test_what_a_repeated_request_made_twice_is_drift(rehearsal: Rehearsal) -> None:
    """terraform-provider-azuread: the state holds the second application and the second secret only."""
    of_the_probe = 1
    rehearsal.tenant.faults.add(
        [_lost_after_effect("/applications$"), _lost_after_effect("/addPassword$", skip=of_the_probe)]
    )
    done = rehearsal.up()
    assert done.code == 0, done.output
    assert census(rehearsal) == {**WHOLE, "applications": 2, "secrets": 3}
    assert "application PlaceOS Bookings Visualiser (" in done.output
    assert "Run roomctl recover" in done.output

    drift = rehearsal.drift()
    assert drift.code == 7, drift.output
    assert "application PlaceOS Bookings Visualiser (" in drift.output
    assert "2 client secrets named 'PlaceOS until " in drift.output

    removals = [line.rpartition(" --stack")[0].split()[:2] for line in Operator(rehearsal).recovers()]
    assert sorted(removals) == [["roomctl", "remove-application"], ["roomctl", "remove-secret"]]
    assert_whole(rehearsal)
