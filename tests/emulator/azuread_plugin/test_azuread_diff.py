from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from emulator.azuread_plugin import inputs
from emulator.azuread_plugin.app_role_assignment import AppRoleAssignment
from emulator.azuread_plugin.application import Application
from emulator.azuread_plugin.application_password import ApplicationPassword
from emulator.azuread_plugin.diff import Change, canonical, changes
from emulator.azuread_plugin.resource import Field, Kind, Resource
from emulator.azuread_plugin.service_principal import ServicePrincipal
from emulator.plugin import wire
from emulator.plugin.wire import UNKNOWN
from tests.emulator.azuread_plugin.property_strategies import object_of

Draw = Callable[[some.SearchStrategy[Any]], Any]
RESOURCES = (Application(), ServicePrincipal(), AppRoleAssignment(), ApplicationPassword())


@some.composite
def described(draw: some.DrawFn) -> tuple[Resource, dict[str, Any]]:
    resource = draw(some.sampled_from(RESOURCES))
    return resource, draw(object_of(few(resource, draw)))


def few(resource: Resource, draw: Draw) -> dict[str, Field]:
    """Some of the inputs: all at once only make the search slow."""
    names = draw(some.sets(some.sampled_from(sorted(resource.fields)), max_size=3))
    return {name: resource.fields[name] for name in sorted(names)}


def changed_inputs(resource: Resource, state: dict[str, Any], asked: dict[str, Any]) -> list[Change]:
    """The changes without those of outputs that follow from an input."""
    return [change for change in changes(resource, state, asked) if change.name in resource.fields]


def shuffled(field: Field, value: Any, draw: Draw) -> Any:
    """The same value to everyone who knows that sets have no order."""
    if field.kind is Kind.OBJECT:
        members = field.members or {}
        return {name: shuffled(members[name], member, draw) for name, member in value.items()}
    if field.element is None:
        return value
    elements = [shuffled(field.element, element, draw) for element in value]
    return draw(some.permutations(elements)) if field.kind is Kind.SET else elements


@given(described())
def test_a_state_that_has_what_is_asked_for_does_not_differ(case: tuple[Resource, dict[str, Any]]) -> None:
    resource, asked = case
    assert changes(resource, asked, asked) == []
    assert changes(resource, wire.bare(inputs.with_defaults(resource.fields, asked)), asked) == []


@given(described(), some.data())
def test_the_order_of_sets_never_shows(case: tuple[Resource, dict[str, Any]], data: some.DataObject) -> None:
    resource, asked = case
    state = {name: shuffled(resource.fields[name], value, data.draw) for name, value in asked.items()}
    assert changes(resource, state, asked) == []
    refreshed = wire.bare(inputs.refreshed(resource.fields, asked, state))
    for name, value in asked.items():
        assert canonical(resource.fields[name], refreshed[name]) == canonical(resource.fields[name], value)


@given(described())
def test_an_import_gives_inputs_that_differ_in_nothing(case: tuple[Resource, dict[str, Any]]) -> None:
    resource, state = case
    assume(not any(state.keys() >= set(pair) for pair in resource.conflicts))  # the tenant never tells both
    assert changes(resource, state, wire.bare(inputs.imported(resource, state))) == []


@given(described(), some.data())
def test_refreshed_inputs_follow_the_tenant(
    case: tuple[Resource, dict[str, Any]], data: some.DataObject
) -> None:
    resource, recorded = case
    fields = {name: resource.fields[name] for name in recorded}
    state = {name: data.draw(object_of({name: fields[name]})).get(name) for name in fields}
    now = inputs.refreshed(resource.fields, recorded, state)
    for name, field in fields.items():
        whole = Kind.OBJECT not in (field.kind, field.element and field.element.kind)
        told: Any = state[name]
        if whole and told is not None:  # inside an object, unnamed members stay unnamed
            known = told if field.element is None else told[: len(recorded[name])]
            assert now[name] == known  # what came in addition is no input of the program
    assert set(now) - {"__defaults"} <= set(recorded)


@given(described(), some.data())
def test_every_path_lies_inside_an_input_that_changed(
    case: tuple[Resource, dict[str, Any]], data: some.DataObject
) -> None:
    resource, state = case
    asked = data.draw(object_of(few(resource, data.draw), unknowns=True))
    for change in changed_inputs(resource, state, asked):
        assert change.path.startswith(change.name)
        assert change.replaces == resource.fields[change.name].replaces
        settled = {**state, change.name: asked.get(change.name)}
        still = {left.name for left in changed_inputs(resource, settled, asked)}
        assert change.name not in still or asked[change.name] is UNKNOWN


@given(described(), some.data())
def test_an_unknown_input_is_always_a_change(
    case: tuple[Resource, dict[str, Any]], data: some.DataObject
) -> None:
    resource, state = case
    assume(state)
    name = data.draw(some.sampled_from(sorted(state)))
    found = changed_inputs(resource, state, {**state, name: UNKNOWN})
    assert [change.name for change in found] == [name]


ACCESS = {"id": "r1", "type": "Role"}
OTHER = {"id": "r2", "type": "Role"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"notes": "a"}, {"notes": "b"}, {"notes": "UPDATE"}, id="text changed"),
        pytest.param({"notes": ""}, {"notes": "b"}, {"notes": "UPDATE"}, id="empty text given"),
        pytest.param({"notes": None}, {"notes": "b"}, {"notes": "ADD"}, id="text given"),
        pytest.param({"notes": "a"}, {}, {"notes": "DELETE"}, id="text left out"),
        pytest.param({"notes": ""}, {}, {}, id="nothing to nothing"),
        pytest.param({"signInAudience": "AzureADMyOrg"}, {}, {}, id="default left out"),
        pytest.param({"tags": ["x"]}, {}, {}, id="computed left out"),
        pytest.param({"owners": ["a", "b"]}, {"owners": ["b", "a"]}, {}, id="set reordered"),
        pytest.param(
            {"owners": ["a"]}, {"owners": ["b", "a"]}, {"owners[0]": "ADD"}, id="set grown in front"
        ),
        pytest.param({"owners": ["a", "b"]}, {"owners": ["b"]}, {"owners[0]": "DELETE"}, id="set shrunk"),
        pytest.param({"owners": ["a"]}, {}, {"owners": "DELETE"}, id="set left out"),
        pytest.param({"owners": ["a"]}, {"owners": []}, {"owners": "DELETE"}, id="set emptied"),
        pytest.param(
            {"owners": ["a", "b"]}, {"owners": ["b", UNKNOWN]}, {"owners": "UPDATE"}, id="set not known whole"
        ),
        pytest.param(
            {"preventDuplicateNames": True}, {}, {"preventDuplicateNames": "UPDATE"}, id="back to the default"
        ),
        pytest.param(
            {"api": {"oauth2PermissionScopes": []}},
            {"api": {"oauth2PermissionScopes": [{"id": "s"}]}},
            {"api.oauth2PermissionScopes": "ADD", "oauth2PermissionScopeIds": "UPDATE"},
            id="what follows from a scope",
        ),
        pytest.param(
            {"api": {"requestedAccessTokenVersion": 1, "mappedClaimsEnabled": False}},
            {},
            {},
            id="a block of defaults left out",
        ),
        pytest.param(
            {"web": {"homepageUrl": "a", "implicitGrant": {"idTokenIssuanceEnabled": False}}},
            {"web": {"homepageUrl": "a", "implicitGrant": {"idTokenIssuanceEnabled": True}}},
            {"web.implicitGrant.idTokenIssuanceEnabled": "UPDATE"},
            id="deep inside",
        ),
        pytest.param(
            {"requiredResourceAccesses": [{"resourceAppId": "g", "resourceAccesses": [ACCESS, OTHER]}]},
            {"requiredResourceAccesses": [{"resourceAppId": "g", "resourceAccesses": [OTHER, ACCESS]}]},
            {
                "requiredResourceAccesses[0].resourceAccesses[0].id": "UPDATE",
                "requiredResourceAccesses[0].resourceAccesses[1].id": "UPDATE",
            },
            id="a list reordered",
        ),
    ],
)
def test_application(old: dict[str, Any], new: dict[str, Any], expected: dict[str, str]) -> None:
    found = changes(Application(), {"displayName": "n", **old}, {"displayName": "n", **new})
    assert {change.path: change.how for change in found} == expected


def test_a_map_names_its_keys_in_the_path() -> None:
    old, new = {"rotateWhenChanged": {"a": "1", "b.c": "1"}}, {"rotateWhenChanged": {"a": "2", "b.c": "2"}}
    assert changes(ApplicationPassword(), old, new) == [
        Change("rotateWhenChanged", "rotateWhenChanged.a", "UPDATE", replaces=True),
        Change("rotateWhenChanged", 'rotateWhenChanged["b.c"]', "UPDATE", replaces=True),
    ]


def test_a_map_that_goes_names_its_keys() -> None:
    assert changes(ApplicationPassword(), {"rotateWhenChanged": {"a": "1"}}, {}) == [
        Change("rotateWhenChanged", "rotateWhenChanged.a", "DELETE", replaces=True)
    ]


def test_an_ignored_input_does_not_differ() -> None:
    old, new = {"displayName": "a", "notes": "a"}, {"displayName": "b", "notes": "b"}
    found = changes(Application(), old, new, ignored={"notes"})
    assert [change.name for change in found] == ["displayName"]
