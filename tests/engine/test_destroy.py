"""Destroy runs backwards and keeps the scope; the next up adopts it; finish-destroy ends it."""

import subprocess

import pytest

from tests.engine.rehearsal import ROOT, Rehearsal, brought_up
from tests.in_process import roomctl

pytestmark = pytest.mark.engine


def _position(rehearsal: Rehearsal, after: int, part: str, method: str) -> list[int]:
    return [
        one["position"]
        for one in rehearsal.requests(after)
        if one["method"] == method and part in one["path"] and one["status"] < 300
    ]


def _finish(rehearsal: Rehearsal, mark: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    group = ("--group", "placeosroombooking@contoso.example")
    return roomctl("finish-destroy", mark, *group, *arguments, variables=rehearsal.environment, folder=ROOT)


@brought_up
def test_destroy_goes_backwards_and_keeps_the_scope_until_it_is_finished(rehearsal: Rehearsal) -> None:
    made = rehearsal.outputs()
    group = next(one for one in rehearsal.resources() if one["type"].endswith("exchange:SecurityGroup"))
    mark = group["outputs"]["mark"]
    seen = rehearsal.requests()[-1]["position"]

    gone = rehearsal.destroy()
    assert gone.code == 0, gone.output
    assert "Traceback" not in gone.output
    assert f"roomctl finish-destroy {mark} --group placeosroombooking@contoso.example" in gone.output
    secrets = _position(rehearsal, seen, "/removePassword", "POST")
    consent = _position(rehearsal, seen, "/appRoleAssignedTo/", "DELETE")
    application = _position(rehearsal, seen, f"/applications/{made['applicationObjectId']}", "DELETE")
    assert len(secrets) == 2
    assert max(secrets) < min(consent)
    assert max(consent) < application[0]
    store = rehearsal.tenant.store
    assert store.get("recipient", made["roomGroupObjectId"]), "the group stays"
    assert [
        one for one in store.all("accessPolicy") if mark in one["Description"] and not one.get("_removed")
    ]

    refused = _finish(rehearsal, mark, "--yes")
    assert refused.returncode == 7, refused.stdout + refused.stderr
    assert "can still be restored" in " ".join(refused.stdout.split())

    again = rehearsal.up()
    assert again.code == 0, again.output
    assert rehearsal.outputs()["roomGroupObjectId"] == made["roomGroupObjectId"], "adopted, not made anew"
    assert rehearsal.destroy().code == 0

    for deleted in rehearsal.graph.list("/v1.0/directory/deletedItems/microsoft.graph.application"):
        rehearsal.graph.delete(f"/v1.0/directory/deletedItems/{deleted['id']}")
    finished = _finish(rehearsal, mark, "--yes")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert store.get("recipient", made["roomGroupObjectId"]) is None
    assert not [
        one for one in store.all("accessPolicy") if mark in one["Description"] and not one.get("_removed")
    ]
    nothing = _finish(rehearsal, mark, "--yes")
    assert nothing.returncode == 0
    assert "Nothing of" in nothing.stdout
