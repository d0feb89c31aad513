"""`roomctl create-deployer` again: too early, at the same time, in trouble, after a kill. It is made once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from emulator.fault_plans import calm, rehearse
from graph.registrations import unique_name
from rights import DEPLOY, On, names, needed
from roomctl.own_application import NOTE
from tests.roomctl.desk import ADMINISTRATOR, NAME, SUBJECT, Desk, desk, exported

__all__ = ["desk"]
PIPELINE = ("--subject", SUBJECT, "--yes")
PLANS = ["throttled", "busy-tenant", "transient-400", "errors-before", "errors-after", "resets"]
SLOW = ("application", "servicePrincipal", "passwordCredential", "appRoleAssignment", "owner")
PATIENT: Any = dict.fromkeys(SLOW, 2)
"""What a directory needs to hear of everything, as long as clients wait for it."""


def made_once(desk: Desk, *, secrets: int = 0) -> None:
    assert len(desk.applications()) == 1
    assert len([one for one in desk.store.all("servicePrincipal") if one["displayName"] == NAME]) == 1
    assert len(desk.application().get("_federated", [])) == (0 if secrets else 1)
    assert len(desk.secrets()) == secrets
    assert desk.role_group()["_members"] == [desk.principal()["id"]]
    assert not desk.application()["_owners"]
    assert desk.rights() == {on: sorted(names(needed(DEPLOY), on)) for on in On}


@pytest.mark.parametrize("kind", SLOW)
def test_run_again_before_everybody_has_heard_of_it(desk, kind):
    desk.tenant.tenant.replication.slow_down({kind: 3})
    for _ in range(3):
        code, output = desk.run(*PIPELINE)
        assert code == 0, output
    made_once(desk)


def test_two_administrators_at_once(desk, monkeypatch):
    """While one reads what it is going to do, the other has done it."""

    def meanwhile(_question: str) -> bool:
        monkeypatch.undo()
        for name, value in desk.tenant.environment_of(ADMINISTRATOR).items():
            monkeypatch.setenv(name, value)
        assert desk.run(*PIPELINE)[0] == 0
        return True

    monkeypatch.setattr(typer, "confirm", meanwhile)
    code, output = desk.run("--subject", SUBJECT)
    assert code == 0, output
    assert "made:" not in output, "it looked again"
    made_once(desk)


def test_an_application_that_turns_up_when_it_is_registered_is_looked_at(desk):
    """Somebody put it under the name that ours will have, and the directory has not told yet."""
    made = desk.graph.upsert(
        f"/v1.0/applications(uniqueName='{unique_name(NAME)}')", {"displayName": NAME, "notes": NOTE}
    )
    body = {"passwordCredential": {"displayName": "mine"}}
    desk.graph.post(f"/v1.0/applications/{made['id']}/addPassword", body)
    desk.fault(path="/applications$", method="GET", status=200, body={"value": []})
    missing = {"error": {"code": "Request_ResourceNotFound", "message": "does not exist"}}
    desk.fault(path="uniqueName", method="GET", status=404, body=missing)
    code, output = desk.run(*PIPELINE)
    assert code == 7, output
    assert "client secrets that this command did not make (mine)" in output
    assert "Nothing more was done" in output
    assert not [one for one in desk.store.all("servicePrincipal") if one["displayName"] == NAME]


def in_trouble(desk: Desk, path: Path, plan: str, seed: int) -> None:
    """The second run ends what the first began; the third has nothing to do."""
    rehearse(desk.tenant.tenant, plan, seed)
    arguments = ("--secret-file", str(path), "--yes")
    first, output = desk.run(*arguments)
    assert first in (0, 1), output
    calm(desk.tenant.tenant)
    code, output = desk.run(*arguments)
    assert code == 0, output
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert "Nothing to do" in output
    made_once(desk, secrets=1)
    assert exported(path)["ARM_CLIENT_ID"] == desk.application()["appId"]


@pytest.mark.parametrize("plan", PLANS)
def test_in_trouble(desk, tmp_path, plan):
    in_trouble(desk, tmp_path / "deployer.env", plan, 0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize("plan", PLANS)
def test_in_trouble_of_every_kind(desk, tmp_path, plan, seed):
    in_trouble(desk, tmp_path / "deployer.env", plan, seed)


WRITES: dict[str, dict[str, Any]] = {
    "application": {"path": "uniqueName", "method": "PATCH"},
    "service principal": {"path": "/servicePrincipals$", "method": "POST"},
    "first consent": {"path": "appRoleAssignedTo$", "method": "POST"},
    "last consent": {"path": "appRoleAssignedTo$", "method": "POST", "skip": 4},
    "role group": {"cmdlet": "New-RoleGroup"},
    "pointer": {"cmdlet": "New-ServicePrincipal"},
    "membership": {"cmdlet": "Add-RoleGroupMember"},
    "federated credential": {"path": "federatedIdentityCredentials$", "method": "POST"},
    "secret": {"path": "addPassword$", "method": "POST"},
    "owner": {"path": "owners/.*ref$", "method": "DELETE"},
}
"""Every write of a run, by what it makes."""


def killed_after(desk: Desk, write: str, *arguments: str) -> None:
    """The run has made this, does not know it yet, and dies; the next one ends what it began."""
    desk.fault(**WRITES[write], status="hold", when="after")
    run = subprocess.Popen(
        [sys.executable, "-m", "roomctl", "create-deployer", *arguments],
        env={**os.environ, **desk.tenant.environment_of(ADMINISTRATOR)},
        stdout=subprocess.DEVNULL,
    )
    try:
        assert desk.tenant.faults.wait_until_held(60)
    finally:
        run.kill()
        run.wait()
        desk.tenant.faults.clear()
    code, output = desk.run(*arguments)
    assert code == 0, output
    desk.tenant.tenant.replication.as_usual()
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert "Nothing to do" in output


def killed_with_a_secret(desk: Desk, path: Path, write: str) -> None:
    killed_after(desk, write, "--secret-file", str(path), "--yes")
    made_once(desk, secrets=1)
    assert exported(path)["ARM_CLIENT_SECRET"]


def test_killed_when_it_had_registered_it_and_nobody_has_heard_of_it(desk):
    desk.tenant.tenant.replication.slow_down(PATIENT)
    killed_after(desk, "application", *PIPELINE)
    made_once(desk)


def test_killed_with_a_secret_that_nobody_holds(desk, tmp_path):
    killed_with_a_secret(desk, tmp_path / "deployer.env", "secret")


@pytest.mark.soak
@pytest.mark.parametrize("slow", [{}, PATIENT], ids=["at once", "slowly"])
@pytest.mark.parametrize("write", [one for one in WRITES if one != "federated credential"])
def test_killed_after_each_write(desk, tmp_path, write, slow):
    desk.tenant.tenant.replication.slow_down(slow)
    killed_with_a_secret(desk, tmp_path / "deployer.env", write)


@pytest.mark.soak
@pytest.mark.parametrize("write", [one for one in WRITES if one != "secret"])
def test_a_pipeline_s_killed_after_each_write(desk, write):
    killed_after(desk, write, *PIPELINE)
    made_once(desk)
