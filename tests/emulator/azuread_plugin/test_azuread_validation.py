from typing import Any

import pytest

from emulator.azuread_plugin.app_role_assignment import AppRoleAssignment
from emulator.azuread_plugin.application import Application
from emulator.azuread_plugin.application_password import ApplicationPassword
from emulator.azuread_plugin.resource import Resource
from emulator.azuread_plugin.service_principal import ServicePrincipal
from emulator.azuread_plugin.validation import problems
from emulator.plugin.wire import UNKNOWN

UUID = "11111111-2222-3333-4444-555555555555"
APP, PRINCIPAL = Application(), ServicePrincipal()
ASSIGNMENT, PASSWORD = AppRoleAssignment(), ApplicationPassword()
WHOLE: dict[Resource, dict[str, Any]] = {
    APP: {"displayName": "Rooms"},
    PRINCIPAL: {"clientId": UUID},
    ASSIGNMENT: {"appRoleId": UUID, "principalObjectId": UUID, "resourceObjectId": UUID},
    PASSWORD: {"applicationId": f"/applications/{UUID}"},
}


def access(**permission: Any) -> list[dict[str, Any]]:
    return [{"resourceAppId": UUID, "resourceAccesses": [permission]}]


@pytest.mark.parametrize(
    ("resource", "inputs", "reason"),
    [
        (
            APP,
            {"owners": ["me"]},
            "expected \"owners.0\" to be a valid UUID, got me. Examine values at 'it.owners[0]'.",
        ),
        (
            APP,
            {"owners": [UUID] * 101},
            "Attribute owners supports 100 item maximum, but config has 101 declared",
        ),
        (APP, {"displayName": " "}, 'expected "display_name" to not be an empty string'),
        (APP, {"displayName": None}, 'The argument "display_name" is required'),
        (APP, {"notes": ""}, 'expected "notes" to not be an empty string'),
        (
            APP,
            {"description": "x" * 1025},
            "expected length of description to be in the range (0 - 1024), got 1025",
        ),
        (APP, {"signInAudience": "Everyone"}, "expected sign_in_audience to be one of"),
        (
            APP,
            {"requiredResourceAccesses": access(id="x", type="Role")},
            '"required_resource_access.0.resource_access.0.id" to be a valid UUID',
        ),
        (
            APP,
            {"requiredResourceAccesses": access(id=UUID, type="Both")},
            'to be one of ["Role" "Scope"], got Both',
        ),
        (
            APP,
            {"requiredResourceAccesses": access(id=UUID)},
            "Examine values at 'it.requiredResourceAccesses[0].resourceAccesses[0].type'",
        ),
        (
            APP,
            {"api": {"requestedAccessTokenVersion": 3}},
            "expected api.0.requested_access_token_version to be one of [1 2], got 3",
        ),
        (APP, {"tags": ["a"], "featureTags": [{"hide": True}]}, '"tags": conflicts with feature_tags'),
        (APP, {"dispalyName": "Rooms"}, "Invalid or unknown key: there is no input dispalyName"),
        (APP, {"web": {"homepage": "x"}}, "Examine values at 'it.web.homepage'"),
        (APP, {"web": {"homepageUrl": "contoso"}}, 'expected "web.0.homepage_url" to have a host'),
        (APP, {"owners": UUID}, "Incorrect attribute value type: owners takes a set"),
        (APP, {"api": {"requestedAccessTokenVersion": True}}, "takes a number"),
        (APP, {"logoImage": "aGk="}, "the stand-in does not upload logos; attach the real azuread plugin"),
        (APP, {"password": {"displayName": "p"}}, "azuread.ApplicationPassword only"),
        (PRINCIPAL, {"clientId": "rooms"}, 'expected "client_id" to be a valid UUID, got rooms'),
        (PRINCIPAL, {"tags": ["a"], "featureTags": [{"hide": True}]}, "Conflicting configuration arguments"),
        (
            PRINCIPAL,
            {"preferredSingleSignOnMode": "magic"},
            "expected preferred_single_sign_on_mode to be one of",
        ),
        (ASSIGNMENT, {"appRoleId": "Calendars.ReadWrite"}, 'expected "app_role_id" to be a valid UUID'),
        (
            PASSWORD,
            {"applicationId": UUID},
            "parsing the Application ID: the number of segments didn't match",
        ),
        (PASSWORD, {"applicationId": f"/groups/{UUID}"}, "the segment at position 0 didn't match"),
        (
            PASSWORD,
            {"endDate": "2027-01-01"},
            'expected "end_date" to be a valid RFC3339 date, got "2027-01-01"',
        ),
        (PASSWORD, {"endDate": "2027-13-01T00:00:00Z"}, "to be a valid RFC3339 date"),
        (
            PASSWORD,
            {"endDate": "2027-01-01T00:00:00Z", "endDateRelative": "1h"},
            '"end_date": conflicts with end_date_relative',
        ),
        (PASSWORD, {"rotateWhenChanged": {"period": 1}}, "rotate_when_changed.period takes a string"),
    ],
)
def test_refused(resource: Resource, inputs: dict[str, Any], reason: str) -> None:
    given = {name: value for name, value in {**WHOLE[resource], **inputs}.items() if value is not None}
    found = problems(resource, "it", given)
    assert len(found) == 1
    assert reason in found[0]


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [
        (APP, {"owners": [UUID] * 100, "description": "x" * 1024}),
        (
            APP,
            {
                "owners": UNKNOWN,
                "displayName": UNKNOWN,
                "requiredResourceAccesses": access(id=UNKNOWN, type="Role"),
            },
        ),
        (PRINCIPAL, {"clientId": UNKNOWN, "tags": ["a"]}),
        (PASSWORD, {"applicationId": UNKNOWN, "endDate": "2027-01-01T00:00:00+00:00"}),
        (PASSWORD, {"endDate": "2027-01-01T00:00:00.123Z", "rotateWhenChanged": {"period": UNKNOWN}}),
    ],
)
def test_taken(resource: Resource, inputs: dict[str, Any]) -> None:
    assert problems(resource, "it", {**WHOLE[resource], **inputs}) == []


def test_a_text_that_is_too_long_is_not_repeated() -> None:
    found = problems(APP, "it", {"displayName": "Rooms", "description": "hush" * 300})
    assert "hush" not in found[0]


def test_every_fault_is_told_at_once() -> None:
    assert len(problems(APP, "it", {"owners": ["me", "you"], "notes": ""})) == 4
