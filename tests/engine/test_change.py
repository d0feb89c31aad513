"""Changing a stack that exists: widening asks again, narrowing brakes, a revert leaves the scope in place."""

from pathlib import Path

import pytest

from tests.engine.rehearsal import ROOT, Rehearsal, brought_up

pytestmark = pytest.mark.engine


def _policies(rehearsal: Rehearsal) -> set[str]:
    client = rehearsal.outputs()["clientId"]
    return {
        one["Identity"]
        for one in rehearsal.tenant.store.all("accessPolicy")
        if one["AppId"] == client and not one.get("_removed")
    }


def _asked(rehearsal: Rehearsal, cmdlet: str, after: int) -> list[int]:
    return [one["position"] for one in rehearsal.requests(after) if one.get("cmdlet") == cmdlet]


@brought_up
def test_a_permission_added_later_asks_the_proof_again_before_it_is_consented(rehearsal: Rehearsal) -> None:
    seen = rehearsal.requests()[-1]["position"]
    rehearsal.configure(
        permissions=["Calendars.ReadWrite", "Contacts.Read", "GroupMember.Read.All", "User.Read.All"]
    )
    done = rehearsal.up()
    assert done.code == 0, done.output
    consents = [
        one["position"]
        for one in rehearsal.requests(seen)
        if one["method"] == "POST" and one["path"].endswith("/appRoleAssignedTo")
    ]
    assert len(consents) == 1
    assert _asked(rehearsal, "Test-ApplicationAccessPolicy", seen)[0] < consents[0]
    assert "Contacts.Read" in rehearsal.outputs()["grantedPermissions"]
    assert rehearsal.drift().code == 0


@brought_up
def test_a_scope_whose_proof_fails_and_is_reverted_stays_in_place(rehearsal: Rehearsal) -> None:
    """What a policy limits is changed and reverted in tests/exchange/providers/test_superseded_policy.py."""
    before = _policies(rehearsal)
    rehearsal.configure(deniedMailboxes=["reception@contoso.example"])
    made = rehearsal.outputs()
    rehearsal.exchange.run(
        "Add-DistributionGroupMember",
        Identity=made["roomGroupObjectId"],
        Member="reception@contoso.example",
        BypassSecurityGroupManagerCheck=True,
    )
    failed = rehearsal.up()
    assert failed.code != 0
    assert "must be refused and is a member" in failed.output
    assert _policies(rehearsal) == before

    rehearsal.configure(deniedMailboxes=None)
    assert rehearsal.up("--refresh").code == 0
    assert _policies(rehearsal) == before
    assert rehearsal.drift().code == 0


@brought_up
def test_half_a_spreadsheet_does_not_darken_half_the_panels(rehearsal: Rehearsal, tmp_path: Path) -> None:
    lines = (ROOT / "examples/contoso/rooms.csv").read_text().splitlines()
    half = tmp_path / "rooms.csv"
    half.write_text("\n".join(lines[:25]) + "\n")
    rehearsal.configure(inventory=str(half))
    seen = rehearsal.requests()[-1]["position"]
    stopped = rehearsal.pulumi("preview")
    assert stopped.code != 0
    assert "24 of 48 rooms would leave the group" in stopped.output
    assert "allowRemovals 24" in stopped.output
    assert rehearsal.up().code != 0
    assert not _asked(rehearsal, "Update-DistributionGroupMember", seen)

    rehearsal.configure(allowRemovals=24)
    assert rehearsal.up().code == 0
    assert rehearsal.outputs()["configuredAccess"]["rooms"] == 24


def test_one_room_more_is_one_member_more(rehearsal: Rehearsal, tmp_path: Path) -> None:
    lines = (ROOT / "examples/contoso/rooms.csv").read_text().splitlines()
    rooms = tmp_path / "rooms.csv"
    rooms.write_text("\n".join(lines[:-1]) + "\n")
    rehearsal.configure(inventory=str(rooms))
    assert rehearsal.up().code == 0
    seen = rehearsal.requests()[-1]["position"]

    rooms.write_text("\n".join([lines[0], lines[-1], *lines[1:-1]]) + "\n")
    assert rehearsal.up().code == 0
    assert len(_asked(rehearsal, "Add-DistributionGroupMember", seen)) == 1
    assert _asked(rehearsal, "Test-ApplicationAccessPolicy", seen), "a widening asks the proof again"
    made = [one for one in rehearsal.requests(seen) if one["path"].endswith("/addPassword")]
    assert not made, "neither a probe nor a secret for one room more"


def test_bad_settings_are_told_at_once_and_nothing_is_created(rehearsal: Rehearsal) -> None:
    rehearsal.configure(mailboxAccess="rbac", roomGroupAddress="nonsense", permissionProfil="room-booking")
    told = rehearsal.pulumi("preview")
    assert told.code != 0
    for part in ("mailboxAccess", "not in this version", "roomGroupAddress", "permissionProfile"):
        assert part in told.output
    assert "Traceback" not in told.output
    assert not [
        one for one in rehearsal.requests() if one["method"] == "POST" and "/oauth2/" not in one["path"]
    ]
