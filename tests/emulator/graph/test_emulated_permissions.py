"""Every permission that an operation asks for is enough with the others, and none can be left out."""

import re
from functools import cache

import pytest

from emulator.graph import operations
from emulator.graph.authorization import Needs

OPERATIONS = operations()
NOBODY = "00000000-0000-0000-0000-000000000001"
EVERY_ROLE = sorted({role for operation in OPERATIONS for choice in operation.needs for role in choice})


def filled(template):
    return "/v1.0" + re.sub(r"\{\w+\}", NOBODY, template)


def is_denial(answer):
    return answer.status_code == 403


@pytest.fixture(scope="module")
def holding(shared_cloud):
    """Somebody with just these permissions, who signs in once and is the same for every operation."""
    return cache(shared_cloud.caller)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.method} {o.template}")
def test_one_of_each_choice_is_enough_and_each_choice_is_needed(holding, operation):
    needs: Needs = operation.needs
    path = filled(operation.template)
    for place, choice in enumerate(needs):
        others = [needs[other][0] for other in range(len(needs)) if other != place]
        for role in choice:
            answer = holding(role, *others)(operation.method, path, {})
            assert not is_denial(answer), f"{role} must be enough: {answer.text}"
        without = [role for role in EVERY_ROLE if role not in choice]
        answer = holding(*without)(operation.method, path, {})
        assert is_denial(answer), f"nothing but one of {choice} may open it: {answer.text}"
        expected = operation.denied()
        assert answer.json()["error"]["code"] == expected.code
        assert answer.json()["error"]["message"] == expected.message


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("GET", "/users", "Group.Read.All"),
        ("GET", "/groups", "User.Read.All"),
        ("GET", "/applications", "User.Read.All"),
        ("POST", "/applications", "Application.Read.All"),
        ("POST", "/applications", "Directory.ReadWrite.All"),
        ("GET", "/organization", "User.Read.All"),
        ("GET", "/directoryRoles", "Application.ReadWrite.All"),
        ("GET", "/places/microsoft.graph.room", "Calendars.ReadWrite"),
        ("GET", "/users/syd-01-harbour@contoso.example/events", "User.Read.All"),
        ("POST", "/users/syd-01-harbour@contoso.example/events", "Calendars.Read"),
        ("GET", "/users/syd-01-harbour@contoso.example/events", "Calendars.ReadBasic.All"),
    ],
)
def test_neighbouring_permissions_do_not_open(shared_cloud, method, path, role):
    assert shared_cloud.caller(role)(method, "/v1.0" + path, {}).status_code == 403


@pytest.mark.parametrize(
    "roles",
    [
        ("Application.ReadWrite.All",),
        ("AppRoleAssignment.ReadWrite.All",),
        ("AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.OwnedBy"),
        ("Directory.ReadWrite.All", "Application.ReadWrite.All"),
    ],
)
def test_consent_needs_the_right_to_consent_and_to_read(shared_cloud, application, roles):
    _, principal = application
    graph = shared_cloud.service("00000003-0000-0000-c000-000000000000")
    body = {
        "principalId": principal["id"],
        "resourceId": graph["id"],
        "appRoleId": shared_cloud.role_id("Calendars.Read"),
    }
    answer = shared_cloud.caller(*roles)(
        "POST", f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo", body
    )
    assert answer.status_code == 403
    assert not [g for g in shared_cloud.store.all("appRoleAssignment") if g["principalId"] == principal["id"]]
