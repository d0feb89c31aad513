from collections.abc import Callable
from typing import Any

import pytest

from emulator.azuread_plugin.graph import Graph
from emulator.azuread_plugin.session import Session, Settings
from emulator.federation import pipeline_token
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import UNKNOWN
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import CheckFailedError, Made, ProviderClient

KIND = "ApplicationFederatedIdentityCredential"
ISSUER, SUBJECT = "https://token.actions.githubusercontent.com", "repo:contoso/rooms:environment:prod"


@pytest.fixture
def application(provider: ProviderClient) -> Made:
    return provider.create("Application", displayName="Deployer of rooms")


@pytest.fixture
def asked(application: Made) -> dict[str, Any]:
    return {
        "applicationId": application.id,
        "audiences": ["api://AzureADTokenExchange"],
        "displayName": "prod",
        "issuer": ISSUER,
        "subject": SUBJECT,
    }


def test_life_of_a_credential(
    provider: ProviderClient,
    application: Made,
    asked: dict[str, Any],
    failing: Callable[..., str],
    requests_since: Callable[[], list[str]],
) -> None:
    requests_since()
    made = provider.create(KIND, **asked)
    app = f"/v1.0{application.id}"
    every = f"{app}/federatedIdentityCredentials"
    one = f"{every}/{made.state['credentialId']}"
    assert requests_since()[-8:] == [f"GET {app}", f"POST {every}", *[f"GET {one}"] * 6]
    assert made.id == (
        f"{application.state['objectId']}/federatedIdentityCredential/{made.state['credentialId']}"
    )
    assert made.state == {
        **asked,
        "__meta": made.state["__meta"],
        "credentialId": made.state["credentialId"],
        "description": "",
        "id": made.id,
    }
    assert provider.diff(made, **asked).paths == {}
    refreshed = provider.refresh(made)
    assert refreshed is not None
    assert refreshed.state == made.state

    requests_since()
    changed = provider.update(made, **{**asked, "subject": "repo:contoso/rooms:ref:refs/heads/main"})
    assert requests_since()[-2:] == [f"PATCH {one}", f"GET {one}"]
    assert changed.state["subject"] == "repo:contoso/rooms:ref:refs/heads/main"
    provider.delete(changed)
    assert requests_since()[-6:] == [f"DELETE {one}", *[f"GET {one}"] * 5]
    assert provider.refresh(changed) is None
    assert "Removing" in failing(provider.delete, changed)


@pytest.mark.parametrize(
    ("change", "path", "how"),
    [
        ({"subject": "other"}, "subject", "UPDATE"),
        ({"issuer": "https://gitlab.example.com"}, "issuer", "UPDATE"),
        ({"description": "said"}, "description", "UPDATE"),
        ({"audiences": ["api://other"]}, "audiences[0]", "UPDATE"),
        ({"displayName": "other"}, "displayName", "UPDATE_REPLACE"),
        (
            {"applicationId": f"/applications/{'0' * 8}-0000-0000-0000-{'0' * 12}"},
            "applicationId",
            "UPDATE_REPLACE",
        ),
    ],
)
def test_what_makes_a_new_one(
    provider: ProviderClient, asked: dict[str, Any], change: dict[str, Any], path: str, how: str
) -> None:
    made = provider.create(KIND, **asked)
    found = provider.diff(made, **{**asked, **change})
    assert found.paths == {path: how}
    assert found.replaces == ([path] if how.endswith("REPLACE") else [])


@pytest.mark.parametrize(
    "change",
    [
        {"audiences": ["a", "b"]},
        {"audiences": [""]},
        {"displayName": "x" * 121},
        {"applicationId": "not one"},
        {"subject": None},
        {"issuer": None},
    ],
)
def test_what_check_refuses(provider: ProviderClient, asked: dict[str, Any], change: dict[str, Any]) -> None:
    wanted = {name: value for name, value in {**asked, **change}.items() if value is not None}
    with pytest.raises(CheckFailedError):
        provider.check(KIND, wanted)


def test_a_preview_knows_all_but_the_id(provider: ProviderClient, asked: dict[str, Any]) -> None:
    planned = provider.preview_create(KIND, **{**asked, "applicationId": UNKNOWN})
    assert planned.state["credentialId"] is UNKNOWN
    assert planned.state["subject"] == SUBJECT


def test_a_pipeline_signs_in_with_it(
    provider: ProviderClient, application: Made, asked: dict[str, Any], tenant: EmulatedTenant
) -> None:
    provider.create("ServicePrincipal", clientId=application.state["clientId"])
    environ = {name: text for name, text in tenant.environment.items() if name != "ARM_CLIENT_SECRET"} | {
        "ARM_CLIENT_ID": application.state["clientId"],
        "ARM_USE_OIDC": "true",
        "ARM_OIDC_TOKEN": pipeline_token(tenant.tenant, ISSUER, SUBJECT),
    }
    with pytest.raises(PluginError, match="AADSTS700211"):
        Session(Settings.read({}, environ))
    provider.create(KIND, **asked)
    Session(Settings.read({}, environ))


def test_the_second_of_one_subject_is_refused_in_the_service_s_words(
    provider: ProviderClient, graph: Graph, asked: dict[str, Any], failing: Callable[..., str]
) -> None:
    provider.create(KIND, **asked)
    message = failing(provider.create, KIND, **{**asked, "displayName": "second"})
    assert "Adding federated identity credential" in message
    assert "must be unique" in message
    assert len(graph.list(f"{asked['applicationId']}/federatedIdentityCredentials")) == 1
