from collections.abc import Callable
from typing import Any

import pytest

from emulator.azuread_plugin.graph import Graph
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import ProviderClient

NOBODY = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def person(graph: Graph) -> dict[str, Any]:
    return next(user for user in graph.list("/users") if user.get("mail"))


@pytest.fixture
def group(graph: Graph) -> dict[str, Any]:
    return next(group for group in graph.list("/groups") if group["mailEnabled"])


def test_client_config_asks_nothing(
    provider: ProviderClient,
    tenant: EmulatedTenant,
    graph: Graph,
    requests_since: Callable[[], list[str]],
) -> None:
    requests_since()
    client = tenant.environment_of("Tenant Administrator")["ARM_CLIENT_ID"]
    assert provider.invoke("getClientConfig") == {
        "id": f"{tenant.tenant.id}-{client}-{graph.caller}",
        "clientId": client,
        "objectId": graph.caller,
        "tenantId": tenant.tenant.id,
    }
    assert provider.invoke("getApplicationPublishedAppIds")["id"] == "appIds"
    assert requests_since() == []


def test_a_permission_gets_its_id_by_its_name(provider: ProviderClient) -> None:
    well_known = provider.invoke("getApplicationPublishedAppIds")["result"]
    graph = provider.invoke("getServicePrincipal", clientId=well_known["MicrosoftGraph"])
    assert graph["appRoleIds"]["Calendars.ReadWrite"] == "ef54d2bf-783f-4e0f-bca1-3210c0444d99"
    role = next(role for role in graph["appRoles"] if role["value"] == "Calendars.ReadWrite")
    assert (role["enabled"], role["allowedMemberTypes"]) == (True, ["Application"])
    assert graph["id"] == f"/servicePrincipals/{graph['objectId']}"
    for key in ("displayName", "objectId"):
        assert provider.invoke("getServicePrincipal", **{key: graph[key]}) == graph


def test_an_application_is_found_by_each_of_its_names(provider: ProviderClient) -> None:
    made = provider.create(
        "Application", displayName="Rooms", identifierUris=["api://rooms"], notes="n", tags=["HideApp"]
    )
    found = provider.invoke("getApplication", objectId=made.state["objectId"])
    assert found["id"] == made.id
    assert found["notes"] == "n"
    assert found["featureTags"][0]["hide"] is True
    assert found["webs"][0]["implicitGrants"] == [
        {"accessTokenIssuanceEnabled": False, "idTokenIssuanceEnabled": False}
    ]
    assert found["apis"][0]["requestedAccessTokenVersion"] == 1
    assert provider.invoke("getApplication", clientId=made.state["clientId"]) == found
    assert provider.invoke("getApplication", displayName="Rooms") == found
    by_uri = provider.invoke("getApplication", identifierUri="api://rooms")
    assert by_uri == {**found, "identifierUri": "api://rooms"}


def test_a_user_is_found_by_each_of_its_names(provider: ProviderClient, person: dict[str, Any]) -> None:
    found = provider.invoke("getUser", objectId=person["id"])
    assert found["id"] == f"/users/{person['id']}"
    assert found["displayName"] == person["displayName"]
    assert (found["managerId"], found["onpremisesSyncEnabled"], found["imAddresses"]) == ("", False, [])
    for key in ("userPrincipalName", "mail", "mailNickname"):
        assert provider.invoke("getUser", **{key: found[key]}) == found


def test_users_are_found_one_request_a_name(
    provider: ProviderClient, graph: Graph, requests_since: Callable[[], list[str]]
) -> None:
    names = [user["userPrincipalName"] for user in graph.list("/users")[:3]]
    requests_since()
    found = provider.invoke("getUsers", userPrincipalNames=names)
    assert requests_since() == ["GET /v1.0/users"] * 3
    assert found["userPrincipalNames"] == names
    assert [user["userPrincipalName"] for user in found["users"]] == names
    assert found["id"].startswith("users#")
    by_id = provider.invoke("getUsers", objectIds=[*found["objectIds"], NOBODY], ignoreMissing=True)
    assert by_id["users"] == found["users"]
    assert len(provider.invoke("getUsers", returnAll=True)["users"]) == len(graph.list("/users"))


def test_a_group_tells_its_members_and_its_kind(
    provider: ProviderClient, graph: Graph, group: dict[str, Any]
) -> None:
    found = provider.invoke("getGroup", objectId=group["id"])
    members = [member["id"] for member in graph.list(f"/groups/{group['id']}/members")]
    assert (found["members"], found["mailEnabled"]) == (members, True)
    assert found["includeTransitiveMembers"] is False
    for key in ("displayName", "mailNickname"):
        assert provider.invoke("getGroup", **{key: found[key]}, mailEnabled=True) == found


def test_what_graph_tells_as_null_is_told_as_the_real_plugin_tells_it(
    provider: ProviderClient, group: dict[str, Any], person: dict[str, Any]
) -> None:
    found = provider.invoke("getGroup", objectId=group["id"])
    assert found["dynamicMemberships"] == [{"enabled": True, "rule": ""}]
    assert "writebackEnabled" not in found
    users = provider.invoke("getUsers", objectIds=[person["id"]])
    assert users["employeeIds"] == [""]
    user = provider.invoke("getUser", objectId=person["id"])
    assert (user["employeeId"], "costCenter" in user) == ("", False)


def test_domains_are_filtered(provider: ProviderClient, tenant: EmulatedTenant) -> None:
    everything = provider.invoke("getDomains", includeUnverified=True)["domains"]
    default = provider.invoke("getDomains", onlyDefault=True)
    assert [domain["default"] for domain in default["domains"]] == [True]
    assert default["domains"][0] in everything
    assert default["id"].startswith(f"domains#{tenant.tenant.id}#")


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("getServicePrincipal", {"displayName": "Nobody"}, "no service principals found matching filter"),
        ("getServicePrincipal", {"objectId": NOBODY}, "was not found"),
        ("getServicePrincipal", {}, "exactly one of clientId, displayName, objectId must be specified"),
        ("getApplication", {"clientId": NOBODY}, "Application not found: no applications found matching"),
        ("getApplication", {"objectId": NOBODY}, f'Application with object ID "{NOBODY}" was not found'),
        ("getApplication", {"clientId": NOBODY, "displayName": "x"}, "not clientId and displayName"),
        ("getUser", {"mail": "nobody@contoso.example"}, 'User not found with mail: "nobody@contoso.example"'),
        ("getUser", {"objectId": NOBODY}, f'User not found with object ID: "{NOBODY}"'),
        ("getUsers", {"mails": ["nobody@contoso.example"]}, "User not found with mail"),
        ("getUsers", {"returnAll": True, "mails": ["a"]}, '"return_all": conflicts'),
        ("getUsers", {}, "exactly one of"),
        (
            "getGroup",
            {"displayName": "None"},
            "No group found matching specified filter (displayName eq 'None')",
        ),
        ("getGroup", {"objectId": NOBODY}, f'No group found with object ID: "{NOBODY}"'),
        ("getDomains", {"supportsServices": ["Telegraph"]}, "no domains found for the provided filters"),
        ("getDomains", {"onlyRoot": True, "onlyDefault": True}, "onlyDefault conflicts with onlyRoot"),
        ("getDirectoryRoles", {}, "the stand-in does not have this function"),
    ],
)
def test_what_is_not_found_is_said(
    provider: ProviderClient,
    failing: Callable[..., str],
    function: str,
    arguments: dict[str, Any],
    message: str,
) -> None:
    said = failing(provider.invoke, function, **arguments)
    assert message in said
    assert said.startswith(f"invoking azuread:index/{function}:{function}: ")


def test_a_group_of_another_kind_is_refused(
    provider: ProviderClient, group: dict[str, Any], failing: Callable[..., str]
) -> None:
    said = failing(provider.invoke, "getGroup", objectId=group["id"], mailEnabled=False)
    assert "does not have the specified mailEnabled setting (expected: false, actual: true)" in said
