"""A base that is brought up by its own code and packages, with no right anywhere, and previewed again."""

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from roomctl.bring_up import bring_up
from roomctl.emulated_tenant import thrown_away
from roomctl.git_base import install, work_tree
from roomctl.stand_in_settings import StandInSettings, stand_in_settings
from roomctl.tenant_of_settings import settings_of, tenant_of_settings
from settings import PROJECT, examples
from tests.docs.reader import copy_checkout
from tests.engine.rehearsal import ROOT
from toolchain.engine import engine_environment, ensure_engine

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

SETTINGS: dict[str, Any] = {
    **examples(),
    "inventory": "rooms/prod/rooms.csv",
    "roomGroupAddress": "placeosroombooking@firm.example",
    "roomGroupOwner": "exchange.admin@corp.example",
    "applicationOwners": ["lead@corp.example", "1b2c3d4e-0000-4000-8000-00000000000a"],
    "applicationName": {"secure": "v1:of:nobody"},
    "consent": "manual",
    "enforcementWaitMinutes": 0,
    "staff": ["ada@corp.example", "board@corp.example"],
    "staffGroupAddress": "placeosstaff@staff.example",
    "deniedMailboxes": ["ceo@corp.example"],
    "keyVault": (
        "/subscriptions/1b2c3d4e-0000-4000-8000-00000000000c/resourceGroups/Rooms"
        "/providers/Microsoft.KeyVault/vaults/firm-vault"
    ),
}
CSV = (
    "room_id,email,name,building,level,type\n"
    "1,board@rooms.firm.example,Board Room,HQ,1,room\n"
    "2,pod@rooms.firm.example,Board Room,HQ,1,workspace\n"
    "3,van@firm.example,Van,HQ,1,equipment\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a firm's, with a stack that has an own encryption and a secret nobody here can read."""
    folder = tmp_path / "clone"
    copy_checkout(folder, without=re.compile("(tests|docs)/.*"))
    stack = {
        "secretsprovider": "azurekeyvault://firm-vault.vault.azure.net/keys/pulumi",
        "encryptedkey": "bm9ib2R5",
        "config": {"azuread:tenantId": "real"}
        | {f"{PROJECT}:{key}": value for key, value in SETTINGS.items()},
    }
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump(stack))
    (folder / "rooms/prod").mkdir(parents=True)
    (folder / "rooms/prod/rooms.csv").write_text(CSV)
    (folder / "rooms/prod/buildings.csv").write_text("code,name,timezone\nHQ,Head,Europe/Berlin\n")
    (folder / "rooms/prod/levels.csv").write_text("building,code,name,order\nHQ,1,First,1\n")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Our rooms"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@corp.example"]
        subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True)
    for name, value in engine_environment(ensure_engine(), os.environ).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    return folder


def test_a_base_comes_up_and_the_same_code_changes_nothing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with work_tree("HEAD") as tree:
        file = tree.stack_file("prod")
        assert file is not None
        base = stand_in_settings(file)
        config = base.write(tmp_path / "base.yaml")
        made = tenant_of_settings(settings_of(base.values, tree.folder, tree.ref))
        tenant = replace(made, document={**made.document, "policy_delay_minutes": 70})
        install(tree)
        with thrown_away(tenant.write(tmp_path / "tenant.yaml")) as environment:
            with pytest.raises(typer.Exit) as ended:
                bring_up(tree, environment, lacking(base, tmp_path), "lacking")
            told = capsys.readouterr().err
            bring_up(tree, environment, config, "prod")
            shown = preview(project, environment, config)
            assert shown.returncode == 0, shown.stdout
            state = export(tree.folder, environment)
    assert ended.value.exit_code == 1
    assert "HEAD can't be brought up on the emulated tenant:" in told
    assert "nobody@corp.example" in told
    assert "nobody in the tenant has this address" in told
    assert "Traceback" not in told
    resources = state["deployment"]["resources"]
    assert all(one["urn"].startswith(f"urn:pulumi:prod::{PROJECT}::") for one in resources)
    [outputs] = [one["outputs"] for one in resources if one["type"] == "pulumi:pulumi:Stack"]
    assert len(outputs["grantedPermissions"]) == 4
    assert (outputs["configuredAccess"]["rooms"], outputs["configuredAccess"]["staff"]) == (3, 2)
    assert outputs["configuredAccess"]["refused"] == SETTINGS["deniedMailboxes"]
    assert outputs["keyVaultSecretUri"].startswith("https://firm-vault.")
    assert base.not_seen == (
        "settings of providers were left out: azuread:tenantId",
        "applicationName is a secret: its default was used",
    )
    assert git_status(project) == ""


def lacking(base: StandInSettings, folder: Path) -> Path:
    """Settings that name somebody whom the tenant does not have."""
    staff = {"staff": ["nobody@corp.example", *SETTINGS["staff"]]}
    return replace(base, values={**base.values, **staff}).write(folder / "lacking.yaml")


def preview(folder: Path, environment: dict[str, str], config: Path) -> subprocess.CompletedProcess[str]:
    again = config.with_name("again.yaml")
    document = yaml.safe_load(config.read_text())
    again.write_text(yaml.safe_dump({"config": document["config"]}))  # as another stand-in would be
    (folder / ".venv").symlink_to(ROOT / ".venv")
    command = ["pulumi", "preview", "--expect-no-changes", "--diff", "--stack", "prod"]
    return subprocess.run(
        [*command, "--config-file", str(again)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def export(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    command = ["pulumi", "stack", "export", "--stack", "prod"]
    return dict(json.loads(subprocess.check_output(command, cwd=folder, env=environment, text=True)))


def git_status(folder: Path) -> str:
    return subprocess.check_output(["git", "status", "--porcelain"], cwd=folder, text=True)
