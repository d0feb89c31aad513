from collections.abc import Callable

import grpc
import pytest

from emulator.azuread_plugin.graph import Graph
from emulator.faults import Fault, Match
from emulator.plugin.wire import UNKNOWN
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import Made, ProviderClient, unfinished

OWN_APPLICATION_UNKNOWN = {
    "error": {
        "code": "Request_BadRequest",
        "message": "The appId 'x' of the service principal does not reference a valid application object.",
    }
}


@pytest.fixture
def application(provider: ProviderClient) -> Made:
    return provider.create("Application", displayName="Rooms", identifierUris=["api://rooms"])


@pytest.fixture
def client_id(application: Made) -> str:
    return str(application.state["clientId"])


def test_the_state_has_the_shape_of_the_real_plugin(
    provider: ProviderClient, client_id: str, tenant: EmulatedTenant
) -> None:
    made = provider.create("ServicePrincipal", clientId=client_id)
    assert made.inputs == {"__defaults": ["accountEnabled"], "accountEnabled": True, "clientId": client_id}
    assert '"schema_version":"1"' in made.state.pop("__meta")
    assert made.state == {
        "accountEnabled": True,
        "alternativeNames": None,
        "appRoleAssignmentRequired": False,
        "appRoleIds": {},
        "appRoles": [],
        "applicationTenantId": tenant.tenant.id,
        "clientId": client_id,
        "description": "",
        "displayName": "Rooms",
        "featureTags": [{"customSingleSignOn": False, "enterprise": False, "gallery": False, "hide": False}],
        "features": [
            {
                "customSingleSignOnApp": False,
                "enterpriseApplication": False,
                "galleryApplication": False,
                "visibleToUsers": True,
            }
        ],
        "homepageUrl": "",
        "id": f"/servicePrincipals/{made.state['objectId']}",
        "loginUrl": "",
        "logoutUrl": "",
        "notes": "",
        "notificationEmailAddresses": None,
        "oauth2PermissionScopeIds": {},
        "oauth2PermissionScopes": [],
        "objectId": made.id.removeprefix("/servicePrincipals/"),
        "owners": None,
        "preferredSingleSignOnMode": "",
        "redirectUris": [],
        "samlMetadataUrl": "",
        "samlSingleSignOn": {"relayState": ""},
        "servicePrincipalNames": ["api://rooms"],
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "type": "Application",
        "useExisting": None,
    }
    assert provider.diff(made, clientId=client_id).paths == {}


def test_create_makes_the_calls_of_the_real_plugin(
    provider: ProviderClient, client_id: str, graph: Graph, requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("ServicePrincipal", clientId=client_id, owners=[graph.caller], description="Books")
    v1 = f"/v1.0{made.id}"
    calls = requests_since()
    assert calls[calls.index("GET /v1.0/servicePrincipals") :] == [
        "GET /v1.0/servicePrincipals",
        "POST /v1.0/servicePrincipals",
        f"PATCH {v1}",
        f"GET {v1}",
        f"GET /beta{made.id}",
        f"GET {v1}/owners",
    ]
    assert made.state["description"] == "Books"
    assert made.state["owners"] == [graph.caller]


def test_life_of_a_service_principal(
    provider: ProviderClient,
    client_id: str,
    graph: Graph,
    user_ids: list[str],
    failing: Callable[..., str],
) -> None:
    asked = {"clientId": client_id, "appRoleAssignmentRequired": True, "owners": user_ids[:1]}
    made = provider.create("ServicePrincipal", **asked)
    changed = {**asked, "notes": "n", "tags": ["HideApp"], "owners": user_ids[1:3], "accountEnabled": False}
    found = provider.diff(made, **changed)
    assert (found.replaces, set(found.paths)) == (
        [],
        {"accountEnabled", "notes", "owners[0]", "owners[1]", "tags"},
    )
    updated = provider.update(made, **changed)
    assert updated.state["features"][0]["visibleToUsers"] is False
    assert provider.diff(updated, **changed).paths == {}
    graph.patch(made.id, {"accountEnabled": True}, type_="servicePrincipal")
    drifted = provider.refresh(updated)
    assert drifted is not None
    assert provider.diff(drifted, **changed).paths == {"accountEnabled": "UPDATE"}
    imported = provider.import_("ServicePrincipal", made.id)
    assert imported is not None
    assert imported.inputs["clientId"] == client_id
    assert provider.diff(updated, **{**changed, "clientId": UNKNOWN}).replaces == ["clientId"]
    provider.delete(updated)
    assert provider.refresh(updated) is None
    assert "404" in failing(provider.delete, updated)


def test_an_update_sends_the_single_sign_on_that_the_state_has(
    provider: ProviderClient, client_id: str, graph: Graph
) -> None:
    made = provider.create("ServicePrincipal", clientId=client_id)
    elsewhere = {"samlSingleSignOnSettings": {"relayState": "/elsewhere"}}
    graph.patch(made.id, elsewhere, type_="servicePrincipal")
    updated = provider.update(made, clientId=client_id, notes="n")
    assert updated.state["samlSingleSignOn"] == {"relayState": ""}


def test_an_existing_one_is_refused_or_adopted(
    provider: ProviderClient, client_id: str, failing: Callable[..., str], graph: Graph
) -> None:
    made = provider.create("ServicePrincipal", clientId=client_id)
    message = failing(provider.create, "ServicePrincipal", clientId=client_id)
    assert f'A resource with the ID "{made.state["objectId"]}" already exists' in message
    adopted = provider.create("ServicePrincipal", clientId=client_id, useExisting=True, notes="adopted")
    assert (adopted.id, adopted.state["notes"], adopted.state["useExisting"]) == (made.id, "adopted", True)
    provider.delete(adopted)
    assert graph.find(made.id) is None, "the real plugin deletes what it adopted, too"
    provider.delete(adopted)


def test_an_application_that_is_not_there_yet_is_waited_for(
    provider: ProviderClient, client_id: str, tenant: EmulatedTenant
) -> None:
    lag = Fault(
        match=Match(method="POST", path="/servicePrincipals$"),
        times=3,
        status=400,
        body=OWN_APPLICATION_UNKNOWN,
    )
    tenant.faults.add([lag])
    assert provider.create("ServicePrincipal", clientId=client_id).state["clientId"] == client_id
    assert tenant.faults.waiting() == []


def test_an_application_that_never_comes_ends_the_wait(
    provider: ProviderClient, failing: Callable[..., str]
) -> None:
    message = failing(provider.create, "ServicePrincipal", clientId="11111111-2222-3333-4444-555555555555")
    assert "Could not create service principal: unexpected status 400" in message
    assert "does not reference a valid application object" in message


def test_lag_right_after_the_create_fails_as_upstream_and_keeps_the_id(
    provider: ProviderClient, client_id: str, tenant: EmulatedTenant
) -> None:
    tenant.faults.add([Fault(match=Match(method="PATCH", path="/servicePrincipals/"), status=404)])
    with pytest.raises(grpc.RpcError) as raised:
        provider.create("ServicePrincipal", clientId=client_id)
    kept = unfinished(raised.value)
    assert kept.id.startswith("/servicePrincipals/")
    assert "Timed out whilst waiting for new service principal to be replicated" in kept.reasons[0]
