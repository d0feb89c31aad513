"""A pipeline of GitHub Actions deploys: no secret of the deployer exists anywhere."""

from pathlib import Path

import pytest

from emulator.federation import AUDIENCE
from emulator.pipelines import GITHUB, github_job
from emulator.server import EmulatedTenant
from roomctl.emulate import AzureadPlugin
from tests.engine.rehearsal import rehearsing

pytestmark = pytest.mark.engine

SUBJECT = "repo:contoso/rooms:environment:prod"


def of_pipeline(tenant: EmulatedTenant) -> dict[str, str]:
    """The environment of a job that the deployer trusts; the deployer itself has no secret any more."""
    environment = tenant.environment
    del environment["ARM_CLIENT_SECRET"]
    [deployer] = [
        app for app in tenant.store.all("application") if app["appId"] == environment["ARM_CLIENT_ID"]
    ]
    trusted = {"id": "1", "issuer": GITHUB, "subject": SUBJECT, "audiences": [AUDIENCE]}
    alone = {"_federated": [trusted], "_secrets": {}, "passwordCredentials": []}
    tenant.store.put("application", deployer["id"], deployer | alone)
    return {**environment, "ARM_USE_OIDC": "true", **github_job(tenant.tenant, SUBJECT)}


def test_a_job_brings_the_stack_up_and_azuread_can_be_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, azuread_plugin: AzureadPlugin
) -> None:
    with rehearsing(tmp_path, azuread_plugin=azuread_plugin, environment_of=of_pipeline) as rehearsal:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(rehearsal.tenant.ca_bundle))
        other = rehearsal.up("--config", "azuread:clientId=7a774f0c-7a6f-11e0-85ad-07fb4824019b")
        assert other.code != 0
        assert "azuread:clientId (not what ARM_CLIENT_ID says)" in other.output
        assert "Traceback" not in other.output
        assert rehearsal.requests() == [], "nobody signed in, and nothing was made"

        made = rehearsal.up()
        assert made.code == 0, made.output
        assert rehearsal.up("--expect-no-changes").code == 0
        assert rehearsal.drift().code == 0

        client_id = rehearsal.environment["ARM_CLIENT_ID"]
        tokens = [entry for entry in rehearsal.requests() if entry["path"].endswith("/oauth2/v2.0/token")]
        deployers = [entry for entry in tokens if entry.get("client") == client_id]
        assert {entry.get("service") for entry in deployers} == {
            "Microsoft Graph",
            "Office 365 Exchange Online",
        }
        own = {client_id, rehearsal.outputs()["clientId"]}
        assert {entry.get("client") for entry in tokens} == own, "beside PlaceOS's probe, one application"
        job = rehearsal.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        assert job not in made.output + str(rehearsal.resources())
