from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from emulator.azuread_plugin.app_role_assignment import AppRoleAssignment
from emulator.azuread_plugin.application import Application
from emulator.azuread_plugin.application_password import ApplicationPassword
from emulator.azuread_plugin.diff import changes
from emulator.azuread_plugin.plan import in_order, planned, planned_create, planned_update, recorded
from emulator.azuread_plugin.resource import Resource
from emulator.azuread_plugin.service_principal import ServicePrincipal
from emulator.plugin.wire import UNKNOWN
from tests.emulator.azuread_plugin.property_strategies import object_of

RESOURCES = (Application(), ServicePrincipal(), AppRoleAssignment(), ApplicationPassword())
APPLICATION = Application()
NAMED = {"displayName": "n"}
ROLE = {"id": "r", "allowedMemberTypes": ["User", "Application"], "description": "d", "displayName": "d"}


def aim(state: dict[str, Any] | None, **asked: Any) -> dict[str, Any]:
    return planned(Application.fields, state, NAMED | asked)


@some.composite
def two_wishes(draw: some.DrawFn) -> tuple[Resource, dict[str, Any], dict[str, Any]]:
    resource = draw(some.sampled_from(RESOURCES))
    names = draw(some.sets(some.sampled_from(sorted(resource.fields)), max_size=3))
    fields = {name: resource.fields[name] for name in sorted(names)}
    return resource, draw(object_of(fields)), draw(object_of(fields))


@given(two_wishes())
def test_what_was_reached_differs_in_nothing(case: tuple[Resource, dict[str, Any], dict[str, Any]]) -> None:
    resource, first, second = case
    made = planned(resource.fields, None, first)
    kept = {name: value for name, value in made.items() if value is not UNKNOWN}
    assert changes(resource, kept, first) == []
    assert changes(resource, planned(resource.fields, kept, second), second) == []


@given(two_wishes())
def test_an_order_is_kept(case: tuple[Resource, dict[str, Any], dict[str, Any]]) -> None:
    resource, asked, _ = case
    ordered = in_order(resource.fields, asked)
    assert in_order(resource.fields, ordered) == ordered
    assert changes(resource, ordered, asked) == []


@pytest.mark.parametrize(
    ("name", "before", "asked", "expected"),
    [
        pytest.param("notes", None, None, None, id="text never given"),
        pytest.param("notes", "", None, "", id="text that stays empty"),
        pytest.param("notes", "a", None, None, id="text taken away"),
        pytest.param("preventDuplicateNames", True, None, False, id="back to the default"),
        pytest.param("owners", None, None, None, id="set never given"),
        pytest.param("owners", None, [], None, id="set given empty"),
        pytest.param("owners", [], None, [], id="set that stays empty"),
        pytest.param("owners", ["a"], None, [], id="set taken away"),
        pytest.param("owners", ["a"], ["c", "b"], ["b", "c"], id="set in order"),
        pytest.param("owners", ["a"], ["b", UNKNOWN], UNKNOWN, id="set not known whole"),
        pytest.param("appRoles", None, None, [], id="blocks are never null"),
        pytest.param("web", {"homepageUrl": "h"}, None, None, id="block taken away"),
        pytest.param("web", {"homepageUrl": ""}, None, {"homepageUrl": ""}, id="block that stays empty"),
    ],
)
def test_an_update_aims_at(name: str, before: Any, asked: Any, expected: Any) -> None:
    assert aim({**NAMED, name: before}, **{name: asked})[name] == expected


def test_what_the_tenant_decides_stays_as_it_is() -> None:
    assert aim(None)["tags"] is UNKNOWN
    assert aim({**NAMED, "tags": ["theirs"]})["tags"] == ["theirs"]


def test_an_element_of_a_set_has_every_member() -> None:
    assert aim(None, appRoles=[ROLE])["appRoles"] == [
        {**ROLE, "allowedMemberTypes": ["Application", "User"], "enabled": True, "value": ""}
    ]


def test_a_set_is_recorded_as_it_was_asked_for() -> None:
    told = {"displayName": "n", "owners": ["a", "stranger"], "tags": ["theirs"], "notes": "n"}
    state = recorded(Application.fields, told, aim(None, owners=["a"], notes="n"))
    assert (state["owners"], state["tags"], state["notes"]) == (["a"], ["theirs"], "n")


def test_an_empty_list_that_nobody_asked_for_is_null() -> None:
    told = {"displayName": "n", "owners": [], "web": {"homepageUrl": "h", "redirectUris": []}, "appRoles": []}
    state = recorded(Application.fields, told, aim(None, web={"homepageUrl": "h"}))
    assert (state["owners"], state["web"]["redirectUris"], state["appRoles"]) == (None, None, [])
    state = recorded(Application.fields, told, aim({**NAMED, "owners": ["a"]}))
    assert state["owners"] == []


def test_blocks_in_a_set_are_ordered_by_what_they_hold() -> None:
    graph = {"resourceAppId": "a", "resourceAccesses": [{"id": "2", "type": "Role"}]}
    exchange = {"resourceAppId": "b", "resourceAccesses": [{"id": "1", "type": "Role"}]}
    ordered = in_order(Application.fields, {"requiredResourceAccesses": [graph, exchange]})
    assert ordered["requiredResourceAccesses"] == [exchange, graph]


def test_a_preview_leaves_open_what_only_the_update_tells() -> None:
    first = planned_create(APPLICATION, NAMED)
    assert (first["displayName"], first["notes"]) == ("n", None)
    assert {name for name, value in first.items() if value is UNKNOWN} == {
        *Application.outputs,
        "id",
        "tags",
        "featureTags",
        "templateId",
    }
    state = {"displayName": "n", "clientId": "c", "appRoleIds": {}, "oauth2PermissionScopeIds": {}}
    updated = planned_update(APPLICATION, state, {**NAMED, "appRoles": [ROLE]})
    assert (updated["clientId"], updated["appRoleIds"]) == ("c", UNKNOWN)
    assert updated["oauth2PermissionScopeIds"] == {}
