"""A policy whose group is changed and, when the proof fails, changed back: the policy stays in place.

With one resource a policy the engine lost it here: replaced, failed, reverted, the "old" one deleted, exit 0,
and every mailbox open. The module itself keeps one group, so this program names the group in its settings.
"""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rehearsal import OUTSIDE, ROOT, Rehearsal

pytestmark = pytest.mark.engine

PROJECT = f"name: scope\nruntime:\n  name: python\n  options: {{virtualenv: {ROOT}/.venv}}\n"
PROGRAM = """
import pulumi
from exchange.access_policies import AccessPolicies
from exchange.configured_access import ConfiguredAccess, ScopeGroup
from exchange.mailbox_kinds import ROOMS

config = pulumi.Config()
ids = {name: config.require(name) for name in ("app", "application", "principal", "group")}
policies = AccessPolicies(
    "policies", app_id=ids["app"], application_object_id=ids["application"],
    service_principal_object_id=ids["principal"], group_object_ids=[ids["group"]], accepted=[],
    descriptions=["plc:12345678"], wait_minutes=180, mark="plc:12345678", opts=pulumi.ResourceOptions(),
)
scope = ScopeGroup(pulumi.Output.from_input(ids["group"]), ROOMS, config.require_object("members"))
ConfiguredAccess(
    "proof", app_id=ids["app"], application_object_id=ids["application"],
    service_principal_object_id=ids["principal"], groups=[scope], existing={},
    policy_ids=policies.policy_ids, policies_since=policies.since, permissions=[], denied=[],
    secret_plan=[], consent="code", opts=pulumi.ResourceOptions(depends_on=[policies]),
)
"""


def test_a_group_changed_and_changed_back_after_a_failed_proof_leaves_the_policy(
    rehearsal: Rehearsal,
) -> None:
    folder = rehearsal.folder / "scope"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text(PROGRAM)
    application = rehearsal.graph.post("/v1.0/applications", {"displayName": "Scope"})
    principal = rehearsal.graph.post("/v1.0/servicePrincipals", {"appId": application["appId"]})
    rooms, people = (
        _group(rehearsal, "rooms", "lon-01-effra@contoso.example"),
        _group(rehearsal, "people", OUTSIDE),
    )
    known = {"app": application["appId"], "application": application["id"], "principal": principal["id"]}
    assert _pulumi(rehearsal, folder, "stack", "init", "scope").returncode == 0

    def up(group: str) -> subprocess.CompletedProcess[str]:
        for key, value in {**known, "group": group}.items():
            _pulumi(rehearsal, folder, "config", "set", key, value)
        _pulumi(rehearsal, folder, "config", "set", "--path", "members[0]", "lon-01-effra@contoso.example")
        return _pulumi(rehearsal, folder, "up", "--yes", "--skip-preview")

    first = up(rooms)
    assert first.returncode == 0, first.stdout + first.stderr
    failed = up(people)
    assert failed.returncode != 0
    assert "and no room, workspace or equipment mailbox" in failed.stdout
    assert rooms in _limits(rehearsal, application["appId"])

    reverted = up(rooms)
    assert rooms in _limits(rehearsal, application["appId"]), reverted.stdout
    rehearsal.tenant.clock.advance(13 * 3600)
    settled = up(rooms)
    assert settled.returncode == 0, settled.stdout + settled.stderr
    assert _limits(rehearsal, application["appId"]) == {rooms}


def _group(rehearsal: Rehearsal, name: str, member: str) -> str:
    made = rehearsal.exchange.run_one(
        "New-DistributionGroup", Name=name, Alias=name, Type="Security", Members=[member],
        PrimarySmtpAddress=f"{name}@contoso.example", ManagedBy=["exchange.admin@contoso.example"],
    )  # fmt: skip
    return str(made["ExternalDirectoryObjectId"])


def _limits(rehearsal: Rehearsal, app_id: str) -> set[str]:
    """The groups whose policies limit the application now."""
    return {
        one["ScopeIdentityRaw"].split(";")[1]
        for one in rehearsal.tenant.store.all("accessPolicy")
        if one["AppId"] == app_id and not one.get("_removed")
    }


def _pulumi(rehearsal: Rehearsal, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[Any] = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
    return subprocess.run(
        command, cwd=folder, env=rehearsal.environment, capture_output=True, text=True, check=False
    )
