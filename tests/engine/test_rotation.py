"""Secrets at the boundary of a period and between two."""

from datetime import timedelta

import pytest

from tests.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.engine


def test_nothing_changes_between_boundaries_and_one_secret_at_the_boundary(rehearsal: Rehearsal) -> None:
    clock = rehearsal.tenant.clock
    rehearsal.configure(rotationAnchor=f"{clock.now():%Y-%m-%d}", rotationPeriodDays=90)
    assert rehearsal.up().code == 0
    first = rehearsal.outputs(secrets=True)

    passed = 0
    for days in (1, 2, 89):
        clock.advance(timedelta(days=days - passed).total_seconds())
        passed = days
        quiet = rehearsal.up("--expect-no-changes")
        assert quiet.code == 0, f"day {days}: {quiet.output}"

    seen = rehearsal.requests()[-1]["position"]
    clock.advance(timedelta(days=1).total_seconds())
    assert rehearsal.up().code == 0
    made = [one for one in rehearsal.requests(seen) if one["path"].endswith("/addPassword")]
    assert len(made) == 1
    second = rehearsal.outputs(secrets=True)
    assert second["clientSecret"] != first["clientSecret"]
    kept = _key_ids(rehearsal, first)
    assert {first["clientSecretKeyId"], second["clientSecretKeyId"]} == kept, "PlaceOS's secret still works"


def test_a_changed_period_replaces_the_older_secret_only(rehearsal: Rehearsal) -> None:
    rehearsal.configure(rotationAnchor=f"{rehearsal.tenant.clock.now():%Y-%m-%d}", rotationPeriodDays=90)
    assert rehearsal.up().code == 0
    before = rehearsal.outputs(secrets=True)

    rehearsal.configure(rotationPeriodDays=60)
    assert rehearsal.up().code == 0
    after = rehearsal.outputs(secrets=True)
    assert after["clientSecretKeyId"] != before["clientSecretKeyId"]
    assert {before["clientSecretKeyId"], after["clientSecretKeyId"]} == _key_ids(rehearsal, before)


def _key_ids(rehearsal: Rehearsal, outputs: dict) -> set[str]:
    application = rehearsal.tenant.store.get("application", outputs["applicationObjectId"])
    assert application is not None
    return {one["keyId"] for one in application["passwordCredentials"]}
