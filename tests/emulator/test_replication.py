"""What was just made is not known everywhere at once: each kind of object, and clients that wait for it."""

import pytest

from emulator.conditions import Conditions
from emulator.replication import LONGEST

ALL = (
    "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Application.Read.All", "User.Read.All",
    "Directory.Read.All",
)  # fmt: skip


@pytest.fixture
def caller(cloud):
    return cloud.caller(*ALL)


def slow(cloud, **requests):
    cloud.tenant.hold(Conditions.model_validate({"replication": requests}))


def statuses(caller, method, path, body=None, times=3):
    return [caller(method, path, body).status_code for _ in range(times)]


def made_application(caller):
    return caller.ok("POST", "/v1.0/applications", {"displayName": "young"})


def test_an_application_is_neither_read_nor_referred_to_at_first(cloud, caller):
    slow(cloud, application=2)
    made = made_application(caller)
    assert statuses(caller, "GET", f"/v1.0/applications/{made['id']}") == [404, 404, 200]
    principal = {"appId": made["appId"]}
    refused = [caller("POST", "/v1.0/servicePrincipals", principal) for _ in range(2)]
    assert all("does not reference a valid application object" in one.text for one in refused)
    assert caller("POST", "/v1.0/servicePrincipals", principal).status_code == 201


def test_a_list_leaves_it_out_at_first(cloud, caller):
    slow(cloud, application=1)
    made = made_application(caller)

    def ids():
        return [one["id"] for one in caller.ok("GET", "/v1.0/applications")["value"]]

    assert made["id"] not in ids()
    assert made["id"] in ids()


def test_a_service_principal_can_not_be_changed_or_granted_to_at_first(cloud, caller):
    slow(cloud, servicePrincipal=1)
    made = caller.ok("POST", "/v1.0/servicePrincipals", {"appId": made_application(caller)["appId"]})
    path = f"/v1.0/servicePrincipals/{made['id']}"
    assert statuses(caller, "PATCH", path, {"notes": "x"}, 2) == [404, 204]
    graph = cloud.service("00000003-0000-0000-c000-000000000000")
    grant = {
        "principalId": made["id"], "resourceId": graph["id"], "appRoleId": cloud.role_id("User.Read.All"),
    }  # fmt: skip
    on = f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo"
    assert statuses(caller, "POST", on, grant, 2) == [404, 201]


def test_a_consent_is_neither_read_nor_in_a_token_at_first(cloud, caller):
    app = cloud.app()
    graph = cloud.service("00000003-0000-0000-c000-000000000000")
    slow(cloud, appRoleAssignment=1)
    on = f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo"
    grant = {
        "principalId": app.principal_id, "resourceId": graph["id"],
        "appRoleId": cloud.role_id("User.Read.All"),
    }  # fmt: skip
    made = caller.ok("POST", on, grant)
    assert statuses(caller, "GET", f"{on}/{made['id']}", times=2) == [404, 200]
    assert [cloud.calling_as(app)("GET", "/v1.0/users").status_code for _ in range(2)] == [403, 200]


def test_a_secret_is_neither_listed_nor_good_for_signing_in_at_first(cloud, caller):
    app = cloud.app()
    slow(cloud, passwordCredential=2)
    made = caller.ok("POST", f"/v1.0/applications/{app.application_id}/addPassword", {})

    def listed():
        found = caller.ok("GET", f"/v1.0/applications/{app.application_id}")["passwordCredentials"]
        return made["keyId"] in [one["keyId"] for one in found]

    assert [listed() for _ in range(3)] == [False, False, True]
    app.secret = made["secretText"]
    answers = [cloud.ask_token(app) for _ in range(3)]
    assert [one.status_code for one in answers] == [401, 401, 200]
    assert "AADSTS7000215" in answers[0].text


def test_an_owner_is_not_listed_at_first(cloud, caller):
    app = cloud.app()
    slow(cloud, owner=1)
    path = f"/v1.0/applications/{app.application_id}/owners"
    owner = {"@odata.id": f"{cloud.url}/v1.0/directoryObjects/{app.principal_id}"}
    assert caller("POST", f"{path}/$ref", owner).status_code == 204
    assert [len(caller.ok("GET", path)["value"]) for _ in range(2)] == [0, 1]


def test_time_settles_what_no_request_came_for(cloud, caller):
    slow(cloud, application=50)
    made = made_application(caller)
    path = f"/v1.0/applications/{made['id']}"
    assert caller("GET", path).status_code == 404
    cloud.clock.advance(LONGEST.total_seconds())
    assert caller("GET", path).status_code == 200


def test_what_is_old_is_known_and_when_it_ends_everything_is(cloud, caller):
    old = made_application(caller)
    slow(cloud, application=50)
    assert caller("GET", f"/v1.0/applications/{old['id']}").status_code == 200
    young = made_application(caller)
    cloud.tenant.hold_nothing()
    assert caller("GET", f"/v1.0/applications/{young['id']}").status_code == 200
