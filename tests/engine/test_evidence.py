"""`roomctl evidence` on a stack that the engine made, as the role read."""

import hashlib
import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import evidence
from tests.engine.rehearsal import INSIDE, OUTSIDE, ROOT, Rehearsal, brought_up
from tests.in_process import roomctl

pytestmark = pytest.mark.engine

SCHEMA = json.loads(Path(evidence.__file__).with_name("evidence.schema.json").read_text(encoding="utf-8"))


class Auditing:
    """The command beside the stack's file, and what it wrote into a folder."""

    def __init__(self, rehearsal: Rehearsal, folder: Path) -> None:
        self.rehearsal, self.folder = rehearsal, folder
        (rehearsal.folder / ".venv").symlink_to(ROOT / ".venv")

    def run(self, who: str = "Reader") -> subprocess.CompletedProcess[str]:
        made = self.rehearsal
        variables = made.environment | made.tenant.environment_of(who) | {"PYTHONPATH": str(ROOT)}
        arguments = ("evidence", "--stack", "rehearsal", "--folder", str(self.folder))
        return roomctl(*arguments, variables=variables, folder=made.folder)

    @property
    def files(self) -> tuple[Path, Path]:
        """The page and the JSON of the newest day."""
        return (max(self.folder.glob("*.html")), max(self.folder.glob("*.json")))

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.files[1].read_text(encoding="utf-8"))
        Draft202012Validator(SCHEMA).validate(document)
        return document


@pytest.fixture
def auditing(rehearsal: Rehearsal, tmp_path: Path) -> Auditing:
    folder = tmp_path / "audit"
    folder.mkdir()
    return Auditing(rehearsal, folder)


def row(document: dict[str, Any], word: str) -> dict[str, Any]:
    """The row of the off-boarding list that is about it."""
    [found] = [one for one in document["offBoarding"] if word in one["what"]]
    return dict(found)


@brought_up
def test_everything_is_told_once_and_no_secret(rehearsal: Rehearsal, auditing: Auditing) -> None:
    told = auditing.run()
    assert told.returncode == 0, told.stdout + told.stderr
    document = auditing.document()
    assert document["complete"] is True
    assert [one["by"] for one in document["consents"]] == ["Deployer"] * 4
    assert [one["permission"] for one in document["consents"]] == rehearsal.outputs()["grantedPermissions"]
    assert all(one["since"] and one["inCode"] for one in document["consents"])
    [group] = document["groups"]
    assert (len(group["members"]), group["holds"]) == (48, "rooms")
    assert INSIDE in [one["address"] for one in group["members"]]
    assert [one["group"] for one in document["policies"]] == ["placeosroombooking@contoso.example"]
    assert document["proof"]["enforced"]["since"]
    assert document["secrets"][0]["standing"] == "current"
    assert row(document, "Pulumi's state")["seen"] == "there"
    assert row(document, "access policies")["seen"] == "there"
    assert row(document, "rights on rooms")["found"] == "looked at 2 of 48 rooms"

    page, data = auditing.files
    shown, text = page.read_text(encoding="utf-8"), data.read_text(encoding="utf-8")
    assert hashlib.sha256(data.read_bytes()).hexdigest() in shown
    assert {stat.S_IMODE(one.stat().st_mode) for one in (page, data)} == {0o600}
    assert str(page) in told.stdout
    assert str(data) in told.stdout
    for secret in (
        rehearsal.outputs(secrets=True)["clientSecret"],
        rehearsal.environment["ARM_CLIENT_SECRET"],
    ):
        assert secret not in shown + text + told.stdout + told.stderr

    again = auditing.run()
    assert again.returncode == 1
    assert "evidence is never written over" in again.stderr
    assert data.read_text(encoding="utf-8") == text


@brought_up
def test_drift_and_rights_of_people_are_in_it_and_an_old_consent_is_of_nobody(
    rehearsal: Rehearsal, auditing: Auditing
) -> None:
    made, exchange = rehearsal.outputs(), rehearsal.exchange
    exchange.run(
        "Add-DistributionGroupMember",
        Identity=made["roomGroupObjectId"], Member=OUTSIDE, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    exchange.run(
        "Add-MailboxFolderPermission",
        Identity=rf"{made['configuredAccess']['allowed'][0]}:\Calendar",
        User=OUTSIDE, AccessRights=["Reviewer"],
    )  # fmt: skip
    rehearsal.tenant.clock.advance(31 * 86400)
    rehearsal.tenant.store.put("tenant", "tenant", rehearsal.tenant.tenant.settings | {"premium": False})
    told = auditing.run()
    assert told.returncode == 0, "drift is no failure of evidence: " + told.stdout + told.stderr
    assert "It has drifted" in told.stdout
    document = auditing.document()
    assert (document["auditLogRead"], document["signInLogRead"]) == (True, False)
    assert "The tenant has no sign-in log" in document["limits"][-1]
    assert [one["by"] for one in document["consents"]] == [None] * 4
    assert "member-of-another-kind" in [one["rule"] for one in document["drift"]["findings"]]
    rights = row(document, "rights on rooms")
    assert rights["seen"] == "there"
    assert "(Reviewer)" in rights["found"]
    assert rights["end"].startswith("Remove-MailboxFolderPermission -Identity")
    assert "the log does not tell" in auditing.files[0].read_text(encoding="utf-8")


@brought_up
def test_what_could_not_be_looked_at_stands_first_and_ends_with_1(
    rehearsal: Rehearsal, auditing: Auditing
) -> None:
    rehearsal.tenant.store.put("tenant", "tenant", rehearsal.tenant.tenant.settings | {"premium": False})
    told = auditing.run(who="Deployer")
    assert told.returncode == 1
    document = auditing.document()
    assert document["complete"] is False
    missing = {one["about"]: one for one in document["notLookedAt"]}
    assert {"who consented", "the sign-in log", "delegated permissions"} <= set(missing)
    assert "AuditLog.Read.All" in missing["who consented"]["fix"]
    assert (document["auditLogRead"], document["signInLogRead"]) == (False, False)
    page = auditing.files[0].read_text(encoding="utf-8")
    assert page.index("could not be looked at") < page.index("In short")
    assert "Not looked at" in told.stdout
