"""The promise sentence, asked of everything that a tenant was asked, over however many runs."""

from typing import Any

from marks import is_slot_name, probe_name
from tests.engine.rehearsal import Rehearsal


def assert_promise_kept(rehearsal: Rehearsal) -> None:
    """No secret left the process before Graph refused; until the first did, tokens read event ids only."""
    requests = rehearsal.requests()
    outputs = rehearsal.outputs()
    granted = _done(requests, "/appRoleAssignedTo")
    scoped = [one for one in requests if one.get("cmdlet") == "New-ApplicationAccessPolicy"]
    asked = [one for one in requests if one.get("cmdlet") == "Test-ApplicationAccessPolicy"]
    assert scoped[0]["position"] < asked[0]["position"] < granted[0]["position"]

    made = [one for one in _done(requests, "/addPassword") if one.get("client") != outputs["clientId"]]
    slots = [one["position"] for one in made if is_slot_name(one["credential"])]
    probes = [one for one in made if one["credential"].startswith(probe_name("")[:8])]
    assert slots
    assert probes
    as_application = [one for one in requests if one.get("client") == outputs["clientId"]]
    before = [one for one in as_application if one["position"] < slots[0] and "/oauth2/" not in one["path"]]
    assert before
    assert all(one["method"] == "GET" and one["path"].endswith("/events") for one in before)
    for mailbox in outputs["enforcedAccess"]["refused"]:
        for slot in slots:
            answers = [
                one["status"]
                for one in as_application
                if f"/users/{mailbox}/" in one["path"] and one["position"] < slot
            ]
            assert answers[-3:] == [403, 403, 403], f"{mailbox} before the secret at {slot}"


def _done(requests: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    return [
        one
        for one in requests
        if one["method"] == "POST" and one["path"].endswith(path) and one["status"] < 300
    ]
