"""Secrets at the boundary of a period and between two."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, opens

pytestmark = pytest.mark.engine


def test_six_boundaries(rehearsal: Rehearsal) -> None:
    """Before it, at it, three weeks late, two periods late, after a changed period and a changed anchor."""
    period, start = 90, _a_new_day(rehearsal)
    rehearsal.configure(rotationAnchor=f"{start:%Y-%m-%d}", rotationPeriodDays=period)
    assert rehearsal.up().code == 0
    first = rehearsal.outputs(secrets=True)

    _days_pass(rehearsal, 89)
    quiet = rehearsal.up("--expect-no-changes")
    assert quiet.code == 0, quiet.output

    _days_pass(rehearsal, 1)
    at = _rotated(rehearsal, first, in_use=True)
    _days_pass(rehearsal, period + 21)
    late = _rotated(rehearsal, at, in_use=True)
    _days_pass(rehearsal, 2 * period)
    assert not _works(rehearsal, late), "nobody ran anything, so PlaceOS's secret has ended"
    very_late = _rotated(rehearsal, late, in_use=False)

    rehearsal.configure(rotationPeriodDays=60)
    shorter = _rotated(rehearsal, very_late, in_use=True)
    rehearsal.configure(rotationAnchor=f"{start + timedelta(days=10):%Y-%m-%d}")
    _rotated(rehearsal, shorter, in_use=True)


def _a_new_day(rehearsal: Rehearsal) -> datetime:
    """Midnight has just been: what waits for an hour or two stays within the day."""
    clock = rehearsal.tenant.clock
    tomorrow = (clock.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    clock.advance((tomorrow - clock.now()).total_seconds())
    return clock.now()


def _days_pass(rehearsal: Rehearsal, days: int) -> None:
    rehearsal.tenant.clock.advance(timedelta(days=days).total_seconds())


def _rotated(rehearsal: Rehearsal, before: dict[str, Any], *, in_use: bool) -> dict[str, Any]:
    """A run that hands out another secret; the one that PlaceOS holds goes on working if it was `in_use`."""
    assert _works(rehearsal, before) == in_use
    done = rehearsal.up()
    assert done.code == 0, done.output
    after = rehearsal.outputs(secrets=True)
    assert after["clientSecretKeyId"] != before["clientSecretKeyId"]
    keys = _key_ids(rehearsal, after)
    assert len(keys) == 2, "exactly the planned ones"
    assert after["clientSecretKeyId"] in keys
    assert (before["clientSecretKeyId"] in keys) == _works(rehearsal, before) == in_use
    assert _works(rehearsal, after)
    return after


def _works(rehearsal: Rehearsal, outputs: dict[str, Any]) -> bool:
    return opens(rehearsal.as_placeos(outputs), INSIDE)


def test_no_secret_leaves_at_a_boundary_while_the_policy_is_gone(rehearsal: Rehearsal) -> None:
    """The weekly run finds a stack without changes but for the secret, and a tenant that stands open."""
    rehearsal.configure(rotationAnchor=f"{rehearsal.tenant.clock.now():%Y-%m-%d}", rotationPeriodDays=30)
    assert rehearsal.up().code == 0
    made = rehearsal.outputs(secrets=True)
    before = _key_ids(rehearsal, made)
    rehearsal.exchange.run(
        "Remove-ApplicationAccessPolicy", Identity=made["accessPolicyIds"][0], Confirm=False
    )
    rehearsal.tenant.clock.advance(timedelta(days=30).total_seconds())

    stopped = rehearsal.up()
    assert stopped.code != 0
    assert "no RestrictAccess policy binds the application" in stopped.output
    assert _key_ids(rehearsal, made) == before

    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    placeos = rehearsal.as_placeos(rehearsal.outputs(secrets=True))
    assert opens(placeos, INSIDE)
    assert not opens(placeos, OUTSIDE)


def _key_ids(rehearsal: Rehearsal, outputs: dict) -> set[str]:
    application = rehearsal.tenant.store.get("application", outputs["applicationObjectId"])
    assert application is not None
    return {one["keyId"] for one in application["passwordCredentials"]}
