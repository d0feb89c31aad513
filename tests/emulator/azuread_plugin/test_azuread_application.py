from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
import pytest

from emulator.azuread_plugin.graph import Graph
from emulator.faults import Fault, Match
from emulator.plugin import wire
from emulator.plugin.wire import UNKNOWN
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import ProviderClient, unfinished

GRAPH = "00000003-0000-0000-c000-000000000000"
CALENDARS = {"id": "ef54d2bf-783f-4e0f-bca1-3210c0444d99", "type": "Role"}
USERS = {"id": "df021288-bdef-4463-88db-98f22de89214", "type": "Role"}
ROLE = {
    "id": "7b1ad9a5-3a3b-4b5e-9f0e-0f9fdbb7d3c1",
    "allowedMemberTypes": ["Application"],
    "description": "May book",
    "displayName": "Booker",
    "value": "Book",
}
SCOPE = {"id": "5d64a3a5-8a02-4bc8-bd6a-0ec70a2a2a48", "value": "rooms.read"}


def access(*permissions: dict[str, str]) -> list[dict[str, Any]]:
    return [{"resourceAppId": GRAPH, "resourceAccesses": list(permissions)}]


def test_check_fills_in_defaults_as_the_bridge_records_them(provider: ProviderClient) -> None:
    checked = provider.check("Application", {"displayName": "Rooms", "api": {}, "notes": None})
    assert checked == {
        "__defaults": ["signInAudience"],
        "api": {"__defaults": ["requestedAccessTokenVersion"], "requestedAccessTokenVersion": 1},
        "displayName": "Rooms",
        "signInAudience": "AzureADMyOrg",
    }


def test_check_takes_what_can_be_read_as_the_type(provider: ProviderClient) -> None:
    api = {"requestedAccessTokenVersion": "2", "mappedClaimsEnabled": "true"}
    checked = provider.check("Application", {"displayName": 5, "tags": [True, 1.5], "api": api})
    assert (checked["displayName"], checked["tags"]) == ("5", ["true", "1.5"])
    assert checked["api"] == {
        "__defaults": [],
        "requestedAccessTokenVersion": 2,
        "mappedClaimsEnabled": True,
    }


def test_the_state_has_the_shape_of_the_real_plugin(provider: ProviderClient, graph: Graph) -> None:
    made = provider.create("Application", displayName="Rooms")
    app = graph.get(made.id)
    no_uris: dict[str, list[str]] = {"redirectUris": []}
    assert made.state == {
        "__meta": '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000,"delete":300000000000,'
        '"read":300000000000,"update":600000000000},"schema_version":"2"}',
        "api": {
            "knownClientApplications": [],
            "mappedClaimsEnabled": False,
            "oauth2PermissionScopes": [],
            "requestedAccessTokenVersion": 1,
        },
        "appRoleIds": {},
        "appRoles": [],
        "clientId": app["appId"],
        "description": "",
        "deviceOnlyAuthEnabled": False,
        "disabledByMicrosoft": "",
        "displayName": "Rooms",
        "fallbackPublicClientEnabled": False,
        "featureTags": [{"customSingleSignOn": False, "enterprise": False, "gallery": False, "hide": False}],
        "groupMembershipClaims": None,
        "id": f"/applications/{app['id']}",
        "identifierUris": None,
        "logoImage": "",
        "logoUrl": "",
        "marketingUrl": "",
        "notes": "",
        "oauth2PermissionScopeIds": {},
        "oauth2PostResponseRequired": False,
        "objectId": app["id"],
        "optionalClaims": {"accessTokens": [], "idTokens": [], "saml2Tokens": []},
        "owners": None,
        "password": None,
        "preventDuplicateNames": False,
        "privacyStatementUrl": "",
        "publicClient": no_uris,
        "publisherDomain": app["publisherDomain"],
        "requiredResourceAccesses": [],
        "serviceManagementReference": "",
        "signInAudience": "AzureADMyOrg",
        "singlePageApplication": no_uris,
        "supportUrl": "",
        "tags": [],
        "templateId": "",
        "termsOfServiceUrl": "",
        "web": {
            "homepageUrl": "",
            "implicitGrant": {"accessTokenIssuanceEnabled": False, "idTokenIssuanceEnabled": False},
            "logoutUrl": "",
            "redirectUris": [],
        },
    }
    assert provider.diff(made, displayName="Rooms").paths == {}


def test_create_makes_the_calls_of_the_real_plugin(
    provider: ProviderClient, requests_since: Callable[[], list[str]], graph: Graph
) -> None:
    made = provider.create("Application", displayName="Rooms", oauth2PostResponseRequired=True)
    v1, beta = f"/v1.0{made.id}", f"/beta{made.id}"
    calls = requests_since()
    assert calls[calls.index("POST /v1.0/applications") :] == [
        "POST /v1.0/applications",
        f"PATCH {v1}",
        f"PATCH {v1}",
        f"PATCH {beta}",
        f"DELETE {v1}/owners/{graph.caller}/$ref",
        f"GET {v1}",
        f"GET {beta}",
        f"GET {v1}/owners",
    ]
    assert made.state["displayName"] == "Rooms"


def test_the_caller_stays_an_owner_only_when_named(
    provider: ProviderClient, graph: Graph, user_ids: list[str]
) -> None:
    mine = provider.create("Application", displayName="Mine", owners=[graph.caller.upper(), user_ids[0]])
    assert mine.state["owners"] == sorted([graph.caller.upper(), user_ids[0]])
    refreshed = provider.refresh(mine)
    assert refreshed is not None
    assert refreshed.state["owners"] == sorted([graph.caller, user_ids[0]])
    theirs = provider.create("Application", displayName="Theirs", owners=user_ids[:22])
    assert theirs.state["owners"] == sorted(user_ids[:22])


def test_update_adds_owners_before_it_removes_others(
    provider: ProviderClient, user_ids: list[str], requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("Application", displayName="Rooms", owners=user_ids[:2])
    requests_since()
    owners = [user_ids[1], user_ids[2]]
    assert provider.diff(made, displayName="Rooms", owners=owners).replaces == []
    updated = provider.update(made, displayName="Rooms", owners=owners)
    assert sorted(updated.state["owners"]) == sorted(owners)
    changes = [call for call in requests_since() if "$ref" in call]
    assert changes == [
        f"POST /v1.0{made.id}/owners/$ref",
        f"DELETE /v1.0{made.id}/owners/{user_ids[0]}/$ref",
    ]


def test_permissions_have_an_order_and_resources_have_none(provider: ProviderClient) -> None:
    other = {"resourceAppId": "00000002-0000-0ff1-ce00-000000000000", "resourceAccesses": [USERS]}
    asked = [*access(CALENDARS, USERS), other]
    made = provider.create("Application", displayName="Rooms", requiredResourceAccesses=asked)
    assert provider.diff(made, displayName="Rooms", requiredResourceAccesses=asked[::-1]).paths == {}
    turned = [*access(USERS, CALENDARS), other]
    found = provider.diff(made, displayName="Rooms", requiredResourceAccesses=turned)
    assert found.replaces == []
    # Blocks in a set are told by their places, the state's and the program's.
    assert found.paths == {"requiredResourceAccesses[0]": "ADD", "requiredResourceAccesses[1]": "DELETE"}
    updated = provider.update(made, displayName="Rooms", requiredResourceAccesses=turned)
    assert provider.diff(updated, displayName="Rooms", requiredResourceAccesses=turned).paths == {}


def test_everything_that_is_set_comes_back_and_differs_in_nothing(provider: ProviderClient) -> None:
    asked: dict[str, Any] = {
        "displayName": "Rooms",
        "api": {
            "knownClientApplications": [GRAPH],
            "mappedClaimsEnabled": True,
            "oauth2PermissionScopes": [SCOPE],
            "requestedAccessTokenVersion": 2,
        },
        "appRoles": [ROLE],
        "description": "Books rooms",
        "featureTags": [{"enterprise": True, "hide": True}],
        "groupMembershipClaims": ["SecurityGroup"],
        "identifierUris": ["api://rooms"],
        "marketingUrl": "https://contoso.example/rooms",
        "notes": "plc:1a2b3c4d",
        "optionalClaims": {"idTokens": [{"name": "email", "essential": True}]},
        "publicClient": {"redirectUris": ["https://contoso.example/public"]},
        "requiredResourceAccesses": access(CALENDARS),
        "singlePageApplication": {"redirectUris": ["https://contoso.example/spa"]},
        "web": {"homepageUrl": "https://contoso.example", "implicitGrant": {"idTokenIssuanceEnabled": True}},
    }
    made = provider.create("Application", **asked)
    assert provider.diff(made, **asked).paths == {}
    assert made.state["appRoleIds"] == {"Book": ROLE["id"]}
    assert made.state["oauth2PermissionScopeIds"] == {"rooms.read": SCOPE["id"]}
    assert made.state["tags"] == ["HideApp", "WindowsAzureActiveDirectoryIntegratedApp"]
    refreshed = provider.refresh(made)
    assert refreshed is not None
    # A list that the program left out is null until a refresh finds it empty.
    assert (made.state["owners"], refreshed.state["owners"]) == (None, [])
    assert (made.state["web"]["redirectUris"], refreshed.state["web"]["redirectUris"]) == (None, [])
    assert refreshed.inputs == made.inputs
    assert provider.diff(refreshed, **asked).paths == {}


def test_an_app_role_that_goes_is_disabled_first(
    provider: ProviderClient, requests_since: Callable[[], list[str]]
) -> None:
    asked = {"displayName": "Rooms", "api": {"oauth2PermissionScopes": [SCOPE]}, "appRoles": [ROLE]}
    made = provider.create("Application", **asked)
    requests_since()
    updated = provider.update(made, displayName="Rooms")
    assert (updated.state["appRoles"], updated.state["api"]["oauth2PermissionScopes"]) == ([], [])
    path = f"/v1.0{made.id}"
    disabled_and_seen = [f"GET {path}", f"PATCH {path}", f"GET {path}"]
    assert requests_since()[:7] == [*disabled_and_seen, *disabled_and_seen, f"PATCH {path}"]


def test_tags_that_the_program_does_not_name_are_kept(provider: ProviderClient, graph: Graph) -> None:
    made = provider.create("Application", displayName="Rooms")
    graph.patch(made.id, {"tags": ["theirs"]}, type_="application")
    refreshed = provider.refresh(made)
    assert refreshed is not None
    assert provider.diff(refreshed, displayName="Rooms").paths == {}
    updated = provider.update(refreshed, displayName="Rooms 2")
    assert updated.state["tags"] == ["theirs"]


def test_drift_is_seen_and_repaired(provider: ProviderClient, graph: Graph, user_ids: list[str]) -> None:
    asked = {
        "displayName": "Rooms",
        "owners": user_ids[:2],
        "requiredResourceAccesses": access(CALENDARS),
    }
    made = provider.create("Application", **asked)
    wider = [{"resourceAppId": GRAPH, "resourceAccess": [CALENDARS, USERS]}]
    graph.patch(made.id, {"displayName": "Stolen", "requiredResourceAccess": wider}, type_="application")
    graph.delete(f"{made.id}/owners/{user_ids[0]}/$ref")
    drifted = provider.refresh(made)
    assert drifted is not None
    assert drifted.inputs["displayName"] == "Stolen"
    assert drifted.inputs["owners"] == [user_ids[1]]
    assert set(provider.diff(drifted, **asked).paths) == {
        "displayName",
        "owners[0]",
        "requiredResourceAccesses[0].resourceAccesses[1]",
    }
    assert drifted.inputs["requiredResourceAccesses"] == made.inputs["requiredResourceAccesses"]
    repaired = provider.update(drifted, **asked)
    assert {name: value or None for name, value in repaired.state.items()} == {
        name: value or None for name, value in made.state.items()
    }


def test_import_gives_inputs_that_need_no_update(provider: ProviderClient) -> None:
    asked = {"displayName": "Rooms", "notes": "mine", "requiredResourceAccesses": access(CALENDARS)}
    made = provider.create("Application", **asked)
    imported = provider.import_("Application", made.id)
    assert imported is not None
    assert {name: imported.inputs[name] for name in asked if name != "requiredResourceAccesses"} == {
        "displayName": "Rooms",
        "notes": "mine",
    }
    assert "description" not in imported.inputs
    assert "tags" not in imported.inputs  # featureTags tells the same
    assert provider.diff(imported, **asked).paths == {}


def test_the_id_is_a_path_and_nothing_else(provider: ProviderClient, failing: Callable[..., str]) -> None:
    made = provider.create("Application", displayName="Rooms")
    message = failing(provider.import_, "Application", made.state["objectId"])
    assert "parsing the Application ID: the number of segments didn't match" in message
    message = failing(provider.import_, "Application", "/groups/" + made.state["objectId"])
    assert "the segment at position 0 didn't match" in message


def test_what_is_gone_reads_as_nothing_and_cannot_be_deleted(
    provider: ProviderClient, failing: Callable[..., str], requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("Application", displayName="Rooms")
    requests_since()
    provider.delete(made)
    path = f"/v1.0{made.id}"
    assert requests_since() == [f"DELETE {path}", *[f"GET {path}"] * 5]
    assert provider.refresh(made) is None
    assert provider.import_("Application", made.id) is None
    message = failing(provider.delete, made)
    assert message.startswith("deleting urn:pulumi:dev::rooms::")
    assert "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound" in message


def test_a_second_application_of_a_name_is_refused_when_so_wished(
    provider: ProviderClient, failing: Callable[..., str]
) -> None:
    first = provider.create("Application", displayName="Rooms", preventDuplicateNames=True)
    message = failing(provider.create, "Application", displayName="Rooms", preventDuplicateNames=True)
    assert 'An existing "azuread_application" with name "Rooms"' in message
    assert first.state["objectId"] in message
    assert message.startswith("diffing urn:pulumi:dev::rooms::")
    early = failing(provider.preview_create, "Application", displayName="Rooms", preventDuplicateNames=True)
    assert early == message
    updated = provider.update(first, displayName="Rooms", notes="still mine", preventDuplicateNames=True)
    assert updated.state["notes"] == "still mine"


def test_a_preview_knows_inputs_and_leaves_outputs_open(provider: ProviderClient) -> None:
    planned = provider.preview_create("Application", displayName="Rooms", owners=[UNKNOWN], notes=UNKNOWN)
    assert planned.id == ""
    assert planned.state["notes"] is UNKNOWN
    assert planned.state["description"] is None
    assert planned.state["requiredResourceAccesses"] == []
    assert planned.state["displayName"] == "Rooms"
    assert planned.state["clientId"] is UNKNOWN
    assert planned.state["id"] is UNKNOWN
    assert planned.state["owners"] is UNKNOWN


def test_a_preview_of_an_update_changes_nothing(
    provider: ProviderClient, requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("Application", displayName="Rooms")
    requests_since()
    planned = provider.preview_update(made, displayName="Rooms", notes=UNKNOWN, appRoles=[ROLE])
    assert requests_since() == []
    assert planned.state["clientId"] == made.state["clientId"]
    assert planned.state["notes"] is UNKNOWN
    assert planned.state["appRoleIds"] is UNKNOWN
    assert provider.diff(made, displayName="Rooms", notes=UNKNOWN).paths == {"notes": "UPDATE"}


def test_replication_lag_after_the_create_is_waited_for(
    provider: ProviderClient, tenant: EmulatedTenant
) -> None:
    for status in (404, 409):
        tenant.faults.add([Fault(match=Match(method="PATCH", path="/v1.0/applications/"), status=status)])
    made = provider.create("Application", displayName="Rooms")
    assert tenant.faults.waiting() == []
    assert made.state["displayName"] == "Rooms"


def test_an_unfinished_create_is_kept_with_its_id(provider: ProviderClient, tenant: EmulatedTenant) -> None:
    tenant.faults.add([Fault(match=Match(method="DELETE", path="/owners/"), status=403)])
    with pytest.raises(grpc.RpcError) as raised:
        provider.create("Application", displayName="Rooms", notes="n")
    kept = unfinished(raised.value)
    app = next(app for app in tenant.store.all("application") if app["displayName"] == "Rooms")
    assert kept.id == f"/applications/{app['id']}"
    assert kept.properties.fields["notes"].string_value == "n"
    assert "unexpected status 403" in kept.reasons[0]
    assert len(kept.reasons) == 1


def test_an_object_that_cannot_be_read_back_is_an_error_that_says_where_it_is(
    provider: ProviderClient, tenant: EmulatedTenant, failing: Callable[..., str]
) -> None:
    tenant.faults.add([Fault(match=Match(method="GET", path="^/v1.0/applications/[^/]+$"), status=404)])
    message = failing(provider.create, "Application", displayName="Rooms")
    app = next(app for app in tenant.store.all("application") if app["displayName"] == "Rooms")
    assert "Root object was present, but now absent" in message
    assert app["id"] in message


def test_a_failed_update_leaves_in_the_state_what_was_wanted(
    provider: ProviderClient, tenant: EmulatedTenant
) -> None:
    made = provider.create("Application", displayName="Rooms")
    tenant.faults.add([Fault(match=Match(method="PATCH"), status=400)])
    with pytest.raises(grpc.RpcError) as raised:
        provider.update(made, displayName="Rooms", notes="new")
    kept = unfinished(raised.value)
    assert kept.id == made.id
    assert kept.properties.fields["notes"].string_value == "new"
    assert f'Could not update application with object ID: "{made.state["objectId"]}"' in kept.reasons[0]


def test_what_a_failed_update_did_not_reach_shows_at_the_next_refresh_only(
    provider: ProviderClient, tenant: EmulatedTenant, graph: Graph
) -> None:
    made = provider.create("Application", displayName="Rooms")
    asked = {"displayName": "Rooms", "requiredResourceAccesses": access(CALENDARS)}
    tenant.faults.add([Fault(match=Match(method="PATCH"), status=400)])
    with pytest.raises(grpc.RpcError) as raised:
        provider.update(made, **asked)
    half = replace(made, state=wire.properties(unfinished(raised.value).properties))
    assert provider.diff(half, **asked).paths == {}
    again = provider.update(half, **asked)
    assert graph.get(made.id)["requiredResourceAccess"] == []
    refreshed = provider.refresh(again)
    assert refreshed is not None
    assert provider.diff(refreshed, **asked).paths == {"requiredResourceAccesses": "ADD"}


def test_a_new_name_is_looked_for_while_it_is_planned(
    provider: ProviderClient, requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("Application", displayName="Rooms", preventDuplicateNames=True)
    lookup = "GET /v1.0/applications"
    requests_since()
    provider.diff(made, displayName="Rooms", notes="n", preventDuplicateNames=True)
    provider.diff(made, displayName=UNKNOWN, preventDuplicateNames=True)
    assert requests_since() == []
    provider.diff(made, displayName="Halls", preventDuplicateNames=True)
    provider.preview_update(made, displayName="Halls", preventDuplicateNames=True)
    assert requests_since() == [lookup, lookup]
    provider.update(made, displayName="Halls", preventDuplicateNames=True)
    assert requests_since()[:2] == [lookup, lookup]


def test_a_create_that_graph_refuses_leaves_nothing(
    provider: ProviderClient, tenant: EmulatedTenant, failing: Callable[..., str]
) -> None:
    tenant.faults.add([Fault(match=Match(method="POST", path="/v1.0/applications$"), status=403)])
    message = failing(provider.create, "Application", displayName="Rooms")
    assert message.startswith(
        "1 error occurred:\n\t* Could not create application: unexpected status 403 (403 Forbidden)"
    )
    assert not [app for app in tenant.store.all("application") if app["displayName"] == "Rooms"]
