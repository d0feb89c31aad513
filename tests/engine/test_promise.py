"""The promise sentence, replayed from what the tenant was really asked."""

import pytest

from tests.engine import promise
from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, brought_up, opens

pytestmark = pytest.mark.engine


def _first(requests: list[dict], path: str, method: str = "POST") -> int:
    return next(
        one["position"]
        for one in requests
        if one["method"] == method and one["path"].endswith(path) and one["status"] < 300
    )


def _all(requests: list[dict], path: str, method: str = "POST") -> list[dict]:
    return [
        one
        for one in requests
        if one["method"] == method and one["path"].endswith(path) and one["status"] < 300
    ]


def test_no_credential_leaves_before_graph_refuses_mailboxes_outside_the_group(rehearsal: Rehearsal) -> None:
    done = rehearsal.up()
    assert done.code == 0, done.output
    requests = rehearsal.requests()
    client = rehearsal.outputs()["clientId"]

    cmdlets = {one["cmdlet"]: one["position"] for one in reversed(requests) if one.get("cmdlet")}
    consent = _first(requests, "/appRoleAssignedTo")
    assert cmdlets["Set-DistributionGroup"] < cmdlets["Update-DistributionGroupMember"], (
        "locked before filled"
    )
    assert cmdlets["Update-DistributionGroupMember"] < cmdlets["New-ApplicationAccessPolicy"]
    assert cmdlets["New-ApplicationAccessPolicy"] < cmdlets["Test-ApplicationAccessPolicy"] < consent

    added = _all(requests, "/addPassword")
    removed = _all(requests, "/removePassword")
    assert len(added) == 3, "the probe's credential and the two slots"
    probe, *slots = added
    assert len(removed) == 1
    assert probe["position"] < removed[0]["position"] < slots[0]["position"]

    promise.holds(rehearsal.tenant, OUTSIDE)
    reads = [one for one in requests if one.get("client") == client and one["path"].endswith("/events")]
    for mailbox in rehearsal.outputs()["enforcedAccess"]["refused"]:
        answers = [one["status"] for one in reads if f"/users/{mailbox}/" in one["path"]]
        assert answers[-3:] == [403, 403, 403]


@brought_up
def test_a_token_that_outlives_the_stack_still_opens_rooms_only(rehearsal: Rehearsal) -> None:
    placeos = rehearsal.as_placeos(rehearsal.outputs(secrets=True))
    assert not opens(placeos, OUTSIDE)
    assert rehearsal.destroy().code == 0
    assert opens(placeos, INSIDE), "the token outlives its consent, which is why the scope stays"
    assert not opens(placeos, OUTSIDE)
    rehearsal.tenant.clock.advance(50 * 60)
    assert not opens(placeos, OUTSIDE)


@brought_up
def test_a_scope_that_moves_to_another_group_never_opens_a_mailbox(rehearsal: Rehearsal) -> None:
    """The group is removed by hand: a new one is made and its policy added before the old one goes."""
    before = rehearsal.outputs()
    secret = rehearsal.outputs(secrets=True)
    rehearsal.exchange.run(
        "Remove-DistributionGroup",
        Identity=before["roomGroupObjectId"],
        Confirm=False,
        BypassSecurityGroupManagerCheck=True,
    )
    for _ in range(4):
        placeos = rehearsal.as_placeos(secret)
        done = rehearsal.up("--refresh")
        assert not opens(placeos, OUTSIDE)
        if done.code == 0:
            break
        assert "WAITING for" in done.output, done.output
        rehearsal.tenant.clock.advance(13 * 3600)
    else:
        pytest.fail("the scope never moved")
    after = rehearsal.outputs()
    assert after["roomGroupObjectId"] != before["roomGroupObjectId"]
    assert len(after["accessPolicyIds"]) == 1
    rehearsal.tenant.clock.advance(13 * 3600)
    assert not opens(rehearsal.as_placeos(secret), OUTSIDE), "also once the removal has reached Graph"
    assert rehearsal.drift().code == 0
