"""The example of the platform team's own stack: it lets a pipeline be the deployer, and takes that back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from emulator.azuread_plugin.session import Session, Settings
from emulator.pipelines import github_job
from emulator.plugin.errors import PluginError
from emulator.server import EmulatedTenant
from emulator.stand_ins import StandIns
from tests.engine.rehearsal import ROOT
from toolchain.engine import engine_environment, ensure_engine

pytestmark = pytest.mark.engine

ISSUER = "https://vstoken.dev.azure.com/7f1b2c3d-0000-4000-8000-000000000001"
CONNECTION = "sc://contoso/rooms/deployer"


def test_a_pipeline_is_trusted_then_another_then_none(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples/pipeline_trust", tmp_path, dirs_exist_ok=True)
    project = yaml.safe_load((tmp_path / "Pulumi.yaml").read_text())
    project["runtime"]["options"]["virtualenv"] = sys.prefix
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    with EmulatedTenant() as tenant:
        team = tenant.environment_of("Tenant Administrator")
        plugin = StandIns({**team, "STANDIN_POLL_SECONDS": "0"})
        environment = engine_environment(ensure_engine(), {**os.environ, **team}) | {
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_DEBUG_PROVIDERS": plugin.start(),
            "PULUMI_HOME": str(tmp_path / "home"),
        }

        def pulumi(*arguments: str) -> tuple[int, str]:
            command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            output = done.stdout + done.stderr
            assert "Traceback" not in output
            return done.returncode, output

        def up(*arguments: str, **settings: str) -> tuple[int, str]:
            pairs = [word for name, value in settings.items() for word in ("--config", f"{name}={value}")]
            return pulumi("up", "--yes", "--skip-preview", *pairs, *arguments)

        client_id = tenant.environment["ARM_CLIENT_ID"]
        assert pulumi("stack", "init", "trust")[0] == 0
        code, output = up(deployerClientId=client_id, repository="contoso/rooms", environment="*")
        assert code != 0
        assert "is a pattern: name one environment, branch or tag" in output
        assert subjects(tenant) == []

        code, output = up(environment="prod")
        assert code == 0, output
        assert subjects(tenant) == ["repo:contoso/rooms:environment:prod"]
        sign_in(tenant, "repo:contoso/rooms:environment:prod")
        assert up("--expect-no-changes")[0] == 0

        code, output = up(
            environment="live", serviceConnectionIssuer=ISSUER, serviceConnectionSubject=CONNECTION
        )
        assert code == 0, output
        assert subjects(tenant) == ["repo:contoso/rooms:environment:live", CONNECTION]
        sign_in(tenant, "repo:contoso/rooms:environment:live")
        with pytest.raises(PluginError, match="AADSTS700213"):
            sign_in(tenant, "repo:contoso/rooms:environment:prod")
        assert pulumi("refresh", "--preview-only", "--expect-no-changes")[0] == 0

        assert pulumi("destroy", "--yes", "--skip-preview")[0] == 0
        assert subjects(tenant) == []
        plugin.stop()


def subjects(tenant: EmulatedTenant) -> list[str]:
    """Whom the deployer trusts, GitHub's first."""
    [deployer] = [
        app for app in tenant.store.all("application") if app["appId"] == tenant.environment["ARM_CLIENT_ID"]
    ]
    return sorted(one["subject"] for one in deployer.get("_federated", []))


def sign_in(tenant: EmulatedTenant, subject: str) -> None:
    """Sign in as a job of this subject."""
    environ = {name: value for name, value in tenant.environment.items() if name != "ARM_CLIENT_SECRET"}
    job = github_job(tenant.tenant, subject)
    Session(Settings.read({}, {**environ, "ARM_USE_OIDC": "true", **job}))
