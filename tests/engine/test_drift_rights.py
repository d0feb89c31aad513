"""`roomctl drift` takes the rights of the role read, each of them, and changes nothing; and as CI runs it."""

import json
import os
import re
import shutil
import subprocess
from contextlib import ExitStack
from typing import Any

import pytest

from on_github.drift_looks import _speaks_of
from on_github.looks import Look
from rights import Role, useful
from tests.docs.test_deployer_rights import lacking
from tests.engine.rehearsal import OUTSIDE, ROOT, Rehearsal, brought_up
from tests.in_process import roomctl

pytestmark = pytest.mark.engine
NAME = "PlaceOS Reader"
NOT_ASKED_FOR = {"Policy.Read.All", "AuditLog.Read.All"}
"""With which a preview and `roomctl secrets` tell more."""

BROADER, READ_BY_IT = "Directory.Read.All", {"Application.Read.All", "RoleManagement.Read.Directory"}
"""Who has the first does not lack the others (https://learn.microsoft.com/graph/permissions-reference)."""


@pytest.fixture
def reader(rehearsal: Rehearsal) -> dict[str, str]:
    """Who `create-deployer --role read` makes: its variables."""
    (rehearsal.folder / ".venv").symlink_to(ROOT / ".venv")
    file = rehearsal.folder / "reader.env"
    administrator = rehearsal.environment | rehearsal.tenant.environment_of("Tenant Administrator")
    done = roomctl(
        "create-deployer", "--name", NAME, "--role", "read", "--secret-file", str(file), "--yes",
        variables=administrator, folder=rehearsal.folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    variables = dict(re.findall(r"^(?:export )?(\w+)='?([^'\n]+)'?$", file.read_text(), re.MULTILINE))
    file.unlink()
    return rehearsal.environment | variables | {"PYTHONPATH": str(ROOT)}


def told(rehearsal: Rehearsal, variables: dict[str, str]) -> tuple[int, dict[str, Any]]:
    done = roomctl("drift", "--stack", "rehearsal", "--json", variables=variables, folder=rehearsal.folder)
    return done.returncode, json.loads(done.stdout)


def written(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The requests that may have changed something."""
    reading = [
        one
        for one in requests
        if one["method"] == "GET"
        or one["path"].endswith("/token")
        or str(one.get("cmdlet", "")).startswith(("Get-", "Test-"))
        or {inner["method"] for inner in one.get("batch", ())} == {"GET"}
    ]
    return [one for one in requests if one not in reading]


@brought_up
@pytest.mark.timeout(400)
def test_it_takes_each_right_of_the_role_read_and_writes_nothing(
    rehearsal: Rehearsal, reader: dict[str, str]
) -> None:
    before = len(rehearsal.requests())
    code, report = told(rehearsal, reader)
    assert (code, report["findings"], report["notLookedAt"]) == (0, [], [])
    asked = rehearsal.requests()[before:]
    assert len(asked) > 20
    assert written(asked) == []

    rights = {one.name: one for one in useful({Role.READ}) if one.name not in NOT_ASKED_FOR}
    for right in rights.values():
        with ExitStack() as without:
            for name in {right.name, BROADER} if right.name in READ_BY_IT else {right.name}:
                without.enter_context(lacking(rehearsal.tenant.store, rights[name], NAME))
            code, report = told(rehearsal, reader)
        said = " ".join(json.dumps(report["notLookedAt"], ensure_ascii=False).split())
        assert code == 1, right.name
        assert report["notLookedAt"], right.name
        assert right.name in said, f"{right.name}: {said}"
        assert all(one["fix"] for one in report["notLookedAt"])


@brought_up
def test_another_tenant_is_not_asked(rehearsal: Rehearsal, reader: dict[str, str]) -> None:
    before = len(rehearsal.requests())
    other = reader | {"ARM_TENANT_ID": "0aabbccd-1111-4222-8333-444455556666"}
    done = roomctl("drift", "--stack", "rehearsal", "--markdown", variables=other, folder=rehearsal.folder)
    assert done.returncode == 1
    own = rehearsal.outputs()["tenantId"]
    assert f"was brought up in the tenant {own}" in done.stderr
    assert "**Could not look**" in done.stdout
    asked = [one["path"] for one in rehearsal.requests()[before:]]
    assert not [path for path in asked if "/metadata/" not in path], asked


@brought_up
def test_the_workflow_s_step_writes_what_the_issue_is_made_of(
    rehearsal: Rehearsal, reader: dict[str, str]
) -> None:
    folder = rehearsal.folder
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/drift", folder / ".ci/drift")
    variables = reader | {"STACK": "rehearsal", "PATH": reader.get("PATH", os.environ["PATH"])}

    secret = rehearsal.outputs(secrets=True)["clientSecret"]

    def look() -> tuple[int, Look, dict[str, Any]]:
        left = folder / "drift-report"
        done = subprocess.run(
            [".ci/drift"], cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        files = {one.name: one.read_text() for one in left.iterdir()}
        said = "".join((done.stdout, done.stderr, *files.values()))
        assert "Traceback" not in said
        assert secret not in said
        sarif = json.loads(files.get("rehearsal.sarif", "{}"))
        return done.returncode, Look(files["report.md"], files["code"].strip(), {}, ""), sarif

    code, clean, sarif = look()
    assert (code, clean.code) == (0, "0"), clean.report
    assert _speaks_of(clean) == "rehearsal"
    assert sarif["runs"][0]["results"] == []

    right, variables["ARM_CLIENT_SECRET"] = variables["ARM_CLIENT_SECRET"], "wrong"
    code, blind, sarif = look()
    assert (code, blind.code, blind.looked) == (1, "1", False)
    assert "**Could not look**" in blind.report
    assert "AADSTS7000215" in blind.report
    assert sarif == {}
    variables["ARM_CLIENT_SECRET"] = right

    group = rehearsal.outputs()["roomGroupObjectId"]
    rehearsal.exchange.run(
        "Add-DistributionGroupMember", Identity=group, Member=OUTSIDE, BypassSecurityGroupManagerCheck=True
    )
    store, own = rehearsal.tenant.store, rehearsal.outputs()["applicationObjectId"]
    application = store.get("application", own) or {}
    renamed = [one | {"displayName": "mine"} for one in application["passwordCredentials"]]
    store.put("application", own, application | {"passwordCredentials": renamed})
    code, drifted, sarif = look()
    assert (code, drifted.code, drifted.looked, drifted.finds) == (0, "7", True, True)
    assert OUTSIDE.partition("@")[0] in drifted.report
    assert "placeos-secret-slot-1 displayName" in drifted.report, (
        "a property of a secret is told, its value is not"
    )
    assert "drift-member-of-another-kind-high" in {one["ruleId"] for one in sarif["runs"][0]["results"]}
