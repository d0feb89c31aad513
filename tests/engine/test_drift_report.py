"""`roomctl drift` on a stack that the engine made: three looks in one report, as the role read."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rehearsal import INSIDE, OUTSIDE, ROOT, Rehearsal, brought_up
from tests.in_process import roomctl

pytestmark = pytest.mark.engine

AS_ADMINISTRATOR: dict[str, Any] = {"BypassSecurityGroupManagerCheck": True}


@pytest.fixture
def drifting(rehearsal: Rehearsal) -> "Drifting":
    """The command beside the stack's file, with the interpreter of the project."""
    (rehearsal.folder / ".venv").symlink_to(ROOT / ".venv")
    return Drifting(rehearsal)


class Drifting:
    """The command, as the identity of the role read."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal

    def told(self, *arguments: str, who: str = "Reader") -> subprocess.CompletedProcess[str]:
        """What it says with these options."""
        made = self.rehearsal
        variables = made.environment | made.tenant.environment_of(who) | {"PYTHONPATH": str(ROOT)}
        return roomctl("drift", "--stack", "rehearsal", *arguments, variables=variables, folder=made.folder)

    def report(self, who: str = "Reader") -> dict[str, Any]:
        """The same for machines."""
        told = self.told("--json", who=who)
        report: dict[str, Any] = json.loads(told.stdout)
        assert report["exitCode"] == told.returncode, told.stderr
        return report


@brought_up
def test_clean_then_everything_in_one_report_then_clean_after_up(
    rehearsal: Rehearsal, drifting: Drifting, tmp_path: Path
) -> None:
    assert drifting.told("--markdown").stdout.splitlines()[2] == "**Clean**: the tenant is as the code says."
    assert drifting.told().returncode == 0

    made, exchange = rehearsal.outputs(), rehearsal.exchange
    group = made["roomGroupObjectId"]
    exchange.run("Add-DistributionGroupMember", Identity=group, Member=OUTSIDE, **AS_ADMINISTRATOR)
    exchange.run(
        "Remove-DistributionGroupMember", Identity=group, Member=INSIDE, Confirm=False, **AS_ADMINISTRATOR
    )
    exchange.run(
        "Set-DistributionGroup",
        Identity=group, MemberJoinRestriction="ApprovalRequired", **AS_ADMINISTRATOR,
    )  # fmt: skip
    exchange.run("Remove-ApplicationAccessPolicy", Identity=made["accessPolicyIds"][0], Confirm=False)
    report = drifting.report()
    assert report["exitCode"] == 7
    assert report["notLookedAt"] == []
    assert report["reach"] == {"should": 48, "can": 171, "everything": True, "besides": []}
    assert [(one["rule"], one["level"]) for one in report["findings"]] == [
        ("scope-missing", "critical"),
        ("group-door-open", "high"),
        ("member-of-another-kind", "high"),
        ("proof-fails", "high"),
        ("room-missing-in-scope", "moderate"),
    ]
    first, second, *_ = report["findings"][0]["repair"]
    assert first.startswith("New-ApplicationAccessPolicy -AccessRight 'RestrictAccess'")
    assert second == "roomctl contain --yes --stack rehearsal"

    text = drifting.told("--markdown", "--sarif", str(tmp_path / "drift.sarif")).stdout
    assert "PlaceOS can open every mailbox of the tenant, 171; it should open 48 mailboxes." in text
    assert text == drifting.told("--markdown").stdout, "it changes only when its meaning does"
    results = json.loads((tmp_path / "drift.sarif").read_text())["runs"][0]["results"]
    assert {one["ruleId"] for one in results} >= {"drift-scope-missing-critical", "drift-proof-fails-high"}

    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert drifting.report()["findings"] == []


@brought_up
def test_a_right_that_is_missing_is_never_clean(rehearsal: Rehearsal, drifting: Drifting) -> None:
    report = drifting.report(who="Deployer")
    assert report["exitCode"] == 1
    assert {one["about"] for one in report["notLookedAt"]} == {
        "delegated permissions",
        "other uses of the groups",
        "principals that look like PlaceOS's",
    }
    assert all("Directory.Read.All" in one["fix"] for one in report["notLookedAt"])

    rehearsal.environment["ARM_CLIENT_SECRET"] = "wrong"
    variables = {**rehearsal.environment, "PYTHONPATH": str(ROOT)}
    blind = roomctl(
        "drift", "--stack", "rehearsal", "--markdown", variables=variables, folder=rehearsal.folder
    )
    assert blind.returncode == 1
    assert "**Could not look**" in blind.stdout
    assert "AADSTS7000215" in blind.stdout


@brought_up
def test_an_accepted_finding_stays_listed_until_its_day(rehearsal: Rehearsal, drifting: Drifting) -> None:
    made = rehearsal.outputs()
    owner = rehearsal.graph.get(f"/v1.0/users/{OUTSIDE}", {"$select": "id"})["id"]
    rehearsal.graph.post(
        f"/v1.0/applications/{made['applicationObjectId']}/owners/$ref",
        {"@odata.id": rehearsal.graph.address(f"/v1.0/directoryObjects/{owner}")},
    )
    [found] = [one for one in drifting.report()["findings"] if one["rule"] == "owner-not-in-code"]
    file = rehearsal.folder / "accepted" / "rehearsal.yaml"
    file.parent.mkdir()
    entry = (
        f"- rule: owner-not-in-code\n  subject: {found['subject']}\n  level: {found['level']}\n"
        "  reason: they help\n  owner: it\n"
    )
    file.write_text(f"{entry}  until: {rehearsal.tenant.clock.now().date()}\n")
    told = drifting.report()
    assert [one["rule"] for one in told["accepted"]] == ["owner-not-in-code"]
    assert told["accepted"][0]["reason"] == "they help"
    assert told["findings"] == []

    rehearsal.tenant.clock.advance(2 * 86400)
    told = drifting.report()
    assert "owner-not-in-code" in [one["rule"] for one in told["findings"]]
    assert [one["until"] for one in told["acceptancesEnded"]], "and the entry is named"

    file.write_text(entry.replace("owner-not", "owners-not"))
    misspelt = drifting.told()
    assert misspelt.returncode == 1
    assert 'there is no rule "owners-not-in-code"; the nearest names are owner-not-in-code' in misspelt.stderr
    assert "until is" in misspelt.stderr
