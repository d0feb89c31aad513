"""Secrets at the boundary of a period and between two."""

from datetime import timedelta

import pytest

from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, opens

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

    clock.advance(timedelta(days=1).total_seconds())
    assert rehearsal.up().code == 0
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
