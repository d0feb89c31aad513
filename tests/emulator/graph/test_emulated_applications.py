import pytest

from emulator.clock import stamp

PREFERRED = "create-if-missing"
GRAPH = "00000003-0000-0000-c000-000000000000"


def url(cloud, object_id, version="v1.0"):
    return {"@odata.id": f"{cloud.url}/{version}/directoryObjects/{object_id}"}


def test_a_new_application_has_every_property(admin):
    made = admin.ok(
        "POST", "/v1.0/applications", {"displayName": "x", "tags": None, "web": {"redirectUris": None}}
    )
    assert made["@odata.context"].endswith("/v1.0/$metadata#applications/$entity")
    assert made["signInAudience"] == "AzureADMyOrg"
    assert made["tags"] == made["web"]["redirectUris"] == made["identifierUris"] == []
    assert made["web"]["implicitGrantSettings"]["enableIdTokenIssuance"] is False
    read = admin.ok("GET", f"/v1.0/applications/{made['id']}")
    assert {k: v for k, v in read.items() if k != "@odata.context"} == {
        k: v for k, v in made.items() if k != "@odata.context"
    }
    assert admin.ok("GET", f"/v1.0/applications(appId='{made['appId']}')")["id"] == made["id"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "displayName"),
        ({"displayName": "x", "colour": "red"}, "'colour'"),
        ({"displayName": "x", "appId": "y"}, "read-only"),
    ],
)
def test_what_graph_does_not_accept(admin, refused, body, says):
    answer = admin("POST", "/v1.0/applications", body)
    assert refused(answer) == (400, "Request_BadRequest")
    assert says in answer.json()["error"]["message"]


def test_a_patch_changes_what_it_names_inside_complex_properties_too(admin, application):
    app, principal = application
    path = f"/v1.0/applications/{app['id']}"
    change = {"id": app["id"], "displayName": "new name", "web": {"homePageUrl": "https://x.example"}}
    assert admin("PATCH", path, change).status_code == 204
    changed = admin.ok("GET", path)
    assert changed["web"] == {**app["web"], "homePageUrl": "https://x.example"}
    followed = admin.ok("GET", f"/v1.0/servicePrincipals/{principal['id']}")
    assert (followed["displayName"], followed["homepage"]) == ("new name", "https://x.example")


def test_a_role_must_be_disabled_before_it_goes(admin, application):
    path = f"/v1.0/applications/{application[0]['id']}"
    role = {"id": "1", "value": "r", "displayName": "r", "isEnabled": True, "allowedMemberTypes": ["User"]}
    admin.ok("PATCH", path, {"appRoles": [role]})
    answer = admin("PATCH", path, {"appRoles": []})
    assert answer.json()["error"]["code"] == "CannotDeleteOrUpdateEnabledEntitlement"
    assert "unless disabled first" in answer.json()["error"]["message"]
    admin.ok("PATCH", path, {"appRoles": [role | {"isEnabled": False}]})
    admin.ok("PATCH", path, {"appRoles": []})


def test_a_missing_application_is_named(admin, refused):
    answer = admin("GET", "/v1.0/applications/00000000-0000-0000-0000-000000000001")
    assert refused(answer) == (404, "Request_ResourceNotFound")
    assert answer.json()["error"]["message"] == (
        "Resource '00000000-0000-0000-0000-000000000001' does not exist or one of its queried "
        "reference-property objects are not present."
    )
    inner = answer.json()["error"]["innerError"]
    assert inner["request-id"]
    assert inner["date"]


def test_secrets_are_shown_once_and_open_the_door_until_they_are_removed(shared_cloud, admin, application):
    app, _ = application
    path = f"/v1.0/applications/{app['id']}"
    asked = {
        "displayName": "s",
        "startDateTime": "2020-01-01T00:00:00+02:00",
        "endDateTime": "2099-01-01T00:00:00+00:00",
    }
    made = admin.ok("POST", f"{path}/addPassword", {"passwordCredential": asked})
    assert made["@odata.context"].endswith("#microsoft.graph.passwordCredential")
    assert (made["startDateTime"], made["endDateTime"]) == ("2019-12-31T22:00:00Z", "2099-01-01T00:00:00Z")
    (kept,) = admin.ok("GET", path)["passwordCredentials"]
    assert kept == {k: v for k, v in made.items() if k != "@odata.context"} | {"secretText": None}
    login = {"client_id": app["appId"], "client_secret": made["secretText"]}
    someone = shared_cloud.app()
    assert shared_cloud.ask_token(someone, **login).status_code == 200
    assert admin("POST", f"{path}/removePassword", {"keyId": made["keyId"]}).status_code == 204
    assert shared_cloud.ask_token(someone, **login).status_code == 401
    answer = admin("POST", f"{path}/removePassword", {"keyId": made["keyId"]})
    assert answer.status_code == 400
    assert "No password credential found with keyId" in answer.json()["error"]["message"]


def test_a_secret_lasts_two_years_when_nothing_is_said(shared_cloud, admin, application):
    made = admin.ok("POST", f"/v1.0/applications/{application[0]['id']}/addPassword", {})
    begins, ends = int(made["startDateTime"][:4]), int(made["endDateTime"][:4])
    assert ends - begins == 2
    assert made["startDateTime"][:13] == stamp(shared_cloud.clock.now())[:13]


@pytest.mark.parametrize("credential", [{"endDateTime": "soon"}, {"endDateTime": "2001-01-01T00:00:00Z"}])
def test_a_secret_with_times_that_are_none(admin, application, credential):
    path = f"/v1.0/applications/{application[0]['id']}"
    assert admin("POST", f"{path}/addPassword", {"passwordCredential": credential}).status_code == 400
    assert admin.ok("GET", path)["passwordCredentials"] == []


def test_an_application_can_be_born_with_a_secret_but_not_patched_into_one(shared_cloud, admin):
    body = {"displayName": "x", "passwordCredentials": [{"displayName": "first"}]}
    made = admin.ok("POST", "/v1.0/applications", body)
    assert made["passwordCredentials"][0]["secretText"]
    path = f"/v1.0/applications/{made['id']}"
    assert admin.ok("GET", path)["passwordCredentials"][0]["secretText"] is None
    assert admin("PATCH", path, {"passwordCredentials": []}).status_code == 400


def test_owners_are_bound_added_and_removed(shared_cloud, admin):
    ids = [shared_cloud.user_id(f"{name}.ashby@contoso.example") for name in ("ada", "bela")]
    body = {"displayName": "x", "owners@odata.bind": [url(shared_cloud, ids[0])["@odata.id"]]}
    path = f"/v1.0/applications/{admin.ok('POST', '/v1.0/applications', body)['id']}/owners"

    def owners():
        return [(o["@odata.type"], o["id"]) for o in admin.ok("GET", path)["value"]]

    assert owners() == [("#microsoft.graph.user", ids[0])]
    assert admin("POST", f"{path}/$ref", url(shared_cloud, ids[1], "beta")).status_code == 204
    assert admin.ok("GET", path, filter=f"id eq '{ids[1]}'")["value"][0]["id"] == ids[1]
    again = admin("POST", f"{path}/$ref", url(shared_cloud, ids[1]))
    assert again.status_code == 400
    assert again.json()["error"]["message"] == (
        "One or more added object references already exist for the following modified properties: 'owners'."
    )
    assert admin("DELETE", f"{path}/{ids[0]}/$ref").status_code == 204
    assert owners() == [("#microsoft.graph.user", ids[1])]
    assert admin("DELETE", f"{path}/{ids[0]}/$ref").status_code == 404
    assert admin("POST", f"{path}/$ref", url(shared_cloud, "0" * 36)).status_code == 404


def test_a_user_as_owner_needs_the_right_to_read_users(shared_cloud, application):
    caller = shared_cloud.caller("Application.ReadWrite.All")
    owner = url(shared_cloud, shared_cloud.user_id("ada.ashby@contoso.example"))
    assert caller("POST", f"/v1.0/applications/{application[0]['id']}/owners/$ref", owner).status_code == 403
    body = {"displayName": "x", "owners@odata.bind": [owner["@odata.id"]]}
    assert caller("POST", "/v1.0/applications", body).status_code == 403


class TestOwnedBy:
    """Application.ReadWrite.OwnedBy: a caller manages what it owns, and reads the rest."""

    @pytest.fixture
    def app(self, shared_cloud):
        return shared_cloud.app("Application.ReadWrite.OwnedBy")

    @pytest.fixture
    def owner(self, shared_cloud, app):
        return shared_cloud.calling_as(app)

    def test_it_owns_what_it_makes(self, app, owner):
        made = owner.ok("POST", "/v1.0/applications", {"displayName": "mine"})
        principal = owner.ok("POST", "/v1.0/servicePrincipals", {"appId": made["appId"]})
        for path in (f"/v1.0/applications/{made['id']}", f"/v1.0/servicePrincipals/{principal['id']}"):
            assert [o["id"] for o in owner.ok("GET", f"{path}/owners")["value"]] == [app.principal_id]
            owner.ok("PATCH", path, {"notes": "mine"})
        secret = owner.ok("POST", f"/v1.0/applications/{made['id']}/addPassword", {})
        owner.ok("POST", f"/v1.0/applications/{made['id']}/removePassword", {"keyId": secret["keyId"]})
        owner.ok("DELETE", f"/v1.0/applications/{made['id']}")

    @pytest.mark.parametrize(
        "change",
        [
            ("PATCH", "", {"notes": "not mine"}),
            ("DELETE", "", None),
            ("POST", "/addPassword", {}),
            ("POST", "/removePassword", {"keyId": "x"}),
            ("DELETE", "/owners/x/$ref", None),
        ],
    )
    def test_it_leaves_others_alone(self, owner, application, refused, change):
        method, tail, body = change
        answer = owner(method, f"/v1.0/applications/{application[0]['id']}{tail}", body)
        assert refused(answer) == (403, "Authorization_RequestDenied")

    def test_it_cannot_make_itself_an_owner(self, shared_cloud, app, owner, application):
        path = f"/v1.0/applications/{application[0]['id']}/owners/$ref"
        assert owner("POST", path, url(shared_cloud, app.principal_id)).status_code == 403

    def test_it_cannot_change_or_delete_service_principals_of_others(self, owner, application):
        path = f"/v1.0/servicePrincipals/{application[1]['id']}"
        assert owner("PATCH", path, {"notes": "x"}).status_code == 403
        assert owner("DELETE", path).status_code == 403

    def test_it_cannot_make_a_service_principal_of_anothers_application(self, owner, admin):
        other = admin.ok("POST", "/v1.0/applications", {"displayName": "theirs"})
        answer = owner("POST", "/v1.0/servicePrincipals", {"appId": other["appId"]})
        assert answer.status_code == 403
        assert "the backing application" in answer.json()["error"]["message"]


def test_a_deleted_application_can_be_restored_for_30_days(cloud):
    admin = cloud.caller("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
    app = admin.ok("POST", "/v1.0/applications", {"displayName": "gone"})
    principal = admin.ok("POST", "/v1.0/servicePrincipals", {"appId": app["appId"]})
    graph = cloud.service(GRAPH)
    consent = {
        "principalId": principal["id"],
        "resourceId": graph["id"],
        "appRoleId": cloud.role_id("Calendars.Read"),
    }
    admin.ok("POST", f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo", consent)
    secret = admin.ok("POST", f"/v1.0/applications/{app['id']}/addPassword", {})["secretText"]
    login = {"client_id": app["appId"], "client_secret": secret}
    assert admin("DELETE", f"/v1.0/applications/{app['id']}").status_code == 204
    assert admin("GET", f"/v1.0/applications/{app['id']}").status_code == 404
    assert admin("GET", f"/v1.0/servicePrincipals/{principal['id']}").status_code == 404
    assert cloud.ask_token(cloud.app(), **login).json()["error_codes"] == [700016]
    deleted = admin.ok("GET", "/v1.0/directory/deletedItems/microsoft.graph.application")["value"]
    assert [item["id"] for item in deleted] == [app["id"]]
    for object_id in (app["id"], principal["id"]):
        admin.ok("POST", f"/v1.0/directory/deletedItems/{object_id}/restore")
    assert cloud.ask_token(cloud.app(), **login).status_code == 200
    granted = admin.ok("GET", f"/v1.0/servicePrincipals/{principal['id']}/appRoleAssignments")["value"]
    assert [g["appRoleId"] for g in granted] == [consent["appRoleId"]]
    admin.ok("DELETE", f"/v1.0/applications/{app['id']}")
    cloud.clock.advance(31 * 24 * 3600)
    late = cloud.caller("Application.ReadWrite.All")
    assert late("GET", f"/v1.0/directory/deletedItems/{app['id']}").status_code == 404
    assert late("POST", f"/v1.0/directory/deletedItems/{app['id']}/restore").status_code == 404


class TestUniqueName:
    """PATCH by the alternate key, with `Prefer: create-if-missing`."""

    PATH = "/v1.0/applications(uniqueName='rooms-1')"

    def test_it_is_made_once(self, admin):
        made = admin("PATCH", self.PATH, {"displayName": "first"}, prefer=PREFERRED)
        assert made.status_code == 201
        assert made.json()["uniqueName"] == "rooms-1"
        again = admin("PATCH", self.PATH, {"displayName": "second"}, prefer=PREFERRED)
        assert (again.status_code, again.content) == (204, b"")
        found = admin.ok("GET", self.PATH)
        assert (found["id"], found["displayName"]) == (made.json()["id"], "second")

    def test_it_is_only_changed_without_the_preference(self, admin, refused):
        path = "/v1.0/applications(uniqueName='nobody')"
        assert refused(admin("PATCH", path, {"displayName": "x"})) == (404, "Request_ResourceNotFound")
        assert refused(admin("GET", path)) == (404, "Request_ResourceNotFound")

    def test_a_deleted_application_keeps_its_name(self, admin, refused):
        path = "/v1.0/applications(uniqueName='gone')"
        made = admin("PATCH", path, {"displayName": "x"}, prefer=PREFERRED).json()
        admin.ok("DELETE", f"/v1.0/applications/{made['id']}")
        answer = admin("PATCH", path, {"displayName": "x"}, prefer=PREFERRED)
        assert refused(answer) == (400, "Request_BadRequest")
        assert "uniqueName already exists" in answer.json()["error"]["message"]


def test_what_opens_a_door_is_kept(admin, application):
    path = f"/v1.0/applications/{application[0]['id']}"
    scope = {
        "id": "11111111-1111-4111-8111-111111111111",
        "value": "access",
        "type": "User",
        "isEnabled": True,
        "adminConsentDisplayName": "a",
        "adminConsentDescription": "b",
    }
    trusted = {"appId": "22222222-2222-4222-8222-222222222222", "delegatedPermissionIds": [scope["id"]]}
    doors = {
        "signInAudience": "AzureADMultipleOrgs",
        "isFallbackPublicClient": True,
        "identifierUris": [f"api://{application[0]['appId']}"],
        "spa": {"redirectUris": ["https://spa.example/back"]},
        "publicClient": {"redirectUris": ["http://localhost"]},
        "web": {
            "redirectUris": ["https://web.example/back"],
            "implicitGrantSettings": {"enableAccessTokenIssuance": True, "enableIdTokenIssuance": True},
        },
        "api": {"oauth2PermissionScopes": [scope], "preAuthorizedApplications": [trusted]},
    }
    admin.ok("PATCH", path, doors)
    read = admin.ok("GET", path)
    for name, value in doors.items():
        inside = value if isinstance(value, dict) else {}
        assert (read[name] | inside if inside else value) == read[name], name
    principal = admin.ok("GET", f"/v1.0/servicePrincipals/{application[1]['id']}")
    assert principal["replyUrls"] == ["https://web.example/back", "https://spa.example/back"]
    assert principal["signInAudience"] == "AzureADMultipleOrgs"


def test_an_audience_is_one_of_four(admin, application, refused):
    path = f"/v1.0/applications/{application[0]['id']}"
    assert refused(admin("PATCH", path, {"signInAudience": "Everybody"})) == (400, "Request_BadRequest")
    body = {"displayName": "open", "signInAudience": "Everybody"}
    assert refused(admin("POST", "/v1.0/applications", body)) == (400, "Request_BadRequest")
