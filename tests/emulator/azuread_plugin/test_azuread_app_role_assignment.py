from collections.abc import Callable

import pytest

from emulator.faults import Fault, Match
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import ProviderClient


@pytest.fixture
def consent(provider: ProviderClient) -> dict[str, str]:
    """The inputs of a consent for a new application to read calendars."""
    graph = provider.invoke("getServicePrincipal", displayName="Microsoft Graph")
    application = provider.create("Application", displayName="Rooms")
    principal = provider.create("ServicePrincipal", clientId=application.state["clientId"])
    return {
        "appRoleId": graph["appRoleIds"]["Calendars.ReadWrite"],
        "principalObjectId": principal.state["objectId"],
        "resourceObjectId": graph["objectId"],
    }


def test_life_of_a_consent(
    provider: ProviderClient,
    consent: dict[str, str],
    failing: Callable[..., str],
    requests_since: Callable[[], list[str]],
) -> None:
    made = provider.create("AppRoleAssignment", **consent)
    resource = f"/v1.0/servicePrincipals/{consent['resourceObjectId']}"
    assert requests_since()[-3:] == [
        f"GET {resource}",
        f"POST {resource}/appRoleAssignedTo",
        f"GET /v1.0{made.id}",
    ]
    assert made.id.startswith(f"/servicePrincipals/{consent['resourceObjectId']}/appRoleAssignedTo/")
    meta = made.state.pop("__meta")
    assert '"update"' not in meta
    assert made.state == {
        **consent,
        "id": made.id,
        "principalDisplayName": "Rooms",
        "principalType": "ServicePrincipal",
        "resourceDisplayName": "Microsoft Graph",
    }
    assert provider.refresh(made) == provider.refresh(made)
    imported = provider.import_("AppRoleAssignment", made.id)
    assert imported is not None
    assert imported.inputs == {"__defaults": [], **consent}
    assert provider.diff(made, **consent).paths == {}
    other = {**consent, "appRoleId": "df021288-bdef-4463-88db-98f22de89214"}
    assert provider.diff(made, **other).replaces == ["appRoleId"]
    assert provider.diff(made, **other).paths == {"appRoleId": "UPDATE_REPLACE"}
    provider.delete(made)
    assert provider.refresh(made) is None
    assert "404" in failing(provider.delete, made)


def test_a_principal_that_is_not_there_yet_is_waited_for(
    provider: ProviderClient, consent: dict[str, str], tenant: EmulatedTenant
) -> None:
    late = {"error": {"code": "Request_BadRequest", "message": "Not a valid reference update."}}
    where = Match(method="POST", path="/appRoleAssignedTo$")
    tenant.faults.add([Fault(match=where, times=2, status=404), Fault(match=where, status=400, body=late)])
    assert provider.create("AppRoleAssignment", **consent).state["principalDisplayName"] == "Rooms"
    assert tenant.faults.waiting() == []


def test_a_second_consent_is_refused(
    provider: ProviderClient, consent: dict[str, str], failing: Callable[..., str]
) -> None:
    provider.create("AppRoleAssignment", **consent)
    message = failing(provider.create, "AppRoleAssignment", **consent)
    assert "Could not create app role assignment: unexpected status 400" in message
    assert "Permission being assigned already exists on the object" in message


def test_a_service_that_is_not_in_the_tenant_is_named(
    provider: ProviderClient, consent: dict[str, str], failing: Callable[..., str]
) -> None:
    nobody = "11111111-2222-3333-4444-555555555555"
    message = failing(provider.create, "AppRoleAssignment", **{**consent, "resourceObjectId": nobody})
    assert f'Service principal not found for resource (Object ID: "{nobody}")' in message
