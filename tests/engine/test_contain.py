"""A leak on the real engine: one key, and the worst hour with its way back."""

import subprocess
from typing import Any

import pytest

from tests import in_process
from tests.engine import promise
from tests.engine.life_cycle import told
from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, brought_up, opens
from wire import NotAuthorised

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


def roomctl(rehearsal: Rehearsal, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it on the stack of the rehearsal."""
    more = ("--stack", "rehearsal")
    return in_process.roomctl(*arguments, *more, variables=rehearsal.environment, folder=rehearsal.folder)


def slots(rehearsal: Rehearsal) -> dict[str, tuple[str, int]]:
    """Key id and number of the secret in each slot, as the state has it."""
    return {
        one["urn"].rpartition("-")[2]: (
            one["outputs"]["keyId"],
            int(one["outputs"]["rotateWhenChanged"]["number"]),
        )
        for one in rehearsal.resources()
        if one["type"].endswith(":ApplicationPassword")
    }


def keys(rehearsal: Rehearsal, outputs: dict[str, Any]) -> set[str]:
    """The application's client secrets, as the tenant has them."""
    application = rehearsal.tenant.store.get("application", outputs["applicationObjectId"])
    assert application is not None
    return {one["keyId"] for one in application["passwordCredentials"]}


def test_a_removed_key_is_replaced_in_its_slot_and_what_is_handed_out_works(rehearsal: Rehearsal) -> None:
    rehearsal.configure(rotationAnchor=f"{rehearsal.tenant.clock.now():%Y-%m-%d}")
    assert rehearsal.up().code == 0
    for which in ("in use", "older"):
        made, before = rehearsal.outputs(secrets=True), slots(rehearsal)
        current = made["clientSecretKeyId"]
        slot = next(slot for slot, (key, _) in before.items() if (key == current) == (which == "in use"))
        leaked = before[slot][0]

        contained = roomctl(rehearsal, "contain", "--key", leaked)
        assert contained.returncode == 0, contained.stderr
        assert f"closed: client secret {leaked}" in contained.stdout
        assert "pulumi up --refresh --stack rehearsal" in contained.stdout
        assert leaked not in keys(rehearsal, made)

        repaired = rehearsal.up("--refresh")
        assert repaired.code == 0, repaired.output
        after, other = slots(rehearsal), "1" if slot == "0" else "0"
        assert after[other] == before[other], "the other slot is untouched"
        assert after[slot][1] not in {number for _, number in before.values()}, "a new number"
        assert keys(rehearsal, made) == {key for key, _ in after.values()}, "and exactly one new secret"
        promise.holds(rehearsal.tenant, OUTSIDE)
        handed = rehearsal.outputs(secrets=True)
        assert handed["clientSecretKeyId"] == after[slot if which == "in use" else other][0]
        placeos = rehearsal.as_placeos(handed)
        assert opens(placeos, INSIDE)
        assert not opens(placeos, OUTSIDE)
    clean = rehearsal.pulumi("preview", "--refresh", "--expect-no-changes")
    assert clean.code == 0, clean.output


def test_the_worst_hour_and_the_way_back(rehearsal: Rehearsal) -> None:
    rehearsal.configure(rotationAnchor=f"{rehearsal.tenant.clock.now():%Y-%m-%d}", rotationPeriodDays=30)
    assert rehearsal.up().code == 0
    made, before = rehearsal.outputs(secrets=True), slots(rehearsal)
    stolen = rehearsal.as_placeos(made)
    notes = application(rehearsal, made)["notes"]

    contained = roomctl(rehearsal, "contain", "--yes")
    assert contained.returncode == 0, contained.stderr
    assert not keys(rehearsal, made)
    with pytest.raises(NotAuthorised, match=r"AADSTS7000112|AADSTS7000215"):
        rehearsal.as_placeos(made).get("/v1.0/users")
    assert opens(stolen, INSIDE), "a token that was issued lives until its end"
    assert not opens(stolen, OUTSIDE), "and no further than it did"

    seen = rehearsal.requests()[-1]["position"]
    rehearsal.tenant.clock.advance(31 * 24 * 3600)
    refused = [
        rehearsal.up(),
        rehearsal.up("--refresh"),
        rehearsal.up("--target", "**slot-0"),
        rehearsal.pulumi("preview"),
        rehearsal.pulumi("preview", "--refresh"),
    ]
    for run in refused:
        assert run.code not in (0, 7), run.output
        assert "contained since 20" in run.output, run.output
        assert "run roomctl resume --stack rehearsal" in run.output
        assert "Traceback" not in run.output
        assert len(told(run.output)) == 1, run.output
    writes = [
        one
        for one in rehearsal.requests(seen)
        if one["method"] != "GET" and "/oauth2/" not in one["path"] and "cmdlet" not in one
    ]
    assert not [one for one in writes if not one["path"].endswith("/clock")], writes
    drift = rehearsal.drift()
    assert drift.code == 7, drift.output

    resumed = roomctl(rehearsal, "resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "pulumi up --refresh --stack rehearsal" in resumed.stdout
    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert application(rehearsal, made)["notes"] == notes
    after = slots(rehearsal)
    assert not {number for _, number in after.values()} & {number for _, number in before.values()}
    assert {key for key, _ in after.values()} == keys(rehearsal, made)
    assert not {key for key, _ in after.values()} & {key for key, _ in before.values()}
    promise.holds(rehearsal.tenant, OUTSIDE)
    placeos = rehearsal.as_placeos(rehearsal.outputs(secrets=True))
    assert opens(placeos, INSIDE)
    assert not opens(placeos, OUTSIDE)
    clean = rehearsal.drift()
    assert clean.code == 0, clean.output


@pytest.mark.soak
@brought_up
def test_a_contained_stack_can_be_destroyed(rehearsal: Rehearsal) -> None:
    assert roomctl(rehearsal, "contain", "--yes").returncode == 0
    gone = rehearsal.pulumi("destroy", "--yes", "--skip-preview", "--refresh")
    assert gone.code == 0, gone.output
    assert not rehearsal.resources()


def application(rehearsal: Rehearsal, outputs: dict[str, Any]) -> dict[str, Any]:
    """The application as the tenant has it."""
    found = rehearsal.tenant.store.get("application", outputs["applicationObjectId"])
    assert found is not None
    return found
