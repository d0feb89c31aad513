import pytest

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
NOBODY = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def consent(shared_cloud, application):
    """What grants a permission of Graph to the application: (path, body)."""
    graph = shared_cloud.service(GRAPH)
    body = {
        "@odata.type": "#microsoft.graph.appRoleAssignment",
        "principalId": application[1]["id"],
        "resourceId": graph["id"],
        "appRoleId": shared_cloud.role_id("Place.Read.All"),
    }
    return f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo", body


def test_it_takes_over_what_its_application_says(shared_cloud, application):
    app, principal = application
    assert principal["appId"] == app["appId"]
    assert principal["displayName"] == app["displayName"]
    assert principal["appOwnerOrganizationId"] == shared_cloud.tenant.id
    assert principal["servicePrincipalNames"] == [app["appId"]]
    assert principal["servicePrincipalType"] == "Application"


def test_an_app_id_of_nothing(admin, refused):
    answer = admin("POST", "/v1.0/servicePrincipals", {"appId": NOBODY})
    assert refused(answer) == (400, "Request_BadRequest")
    assert answer.json()["error"]["message"] == (
        f"The appId '{NOBODY}' of the service principal does not reference a valid application object."
    )


def test_there_is_one_for_each_application(admin, application, refused):
    answer = admin("POST", "/v1.0/servicePrincipals", {"appId": application[0]["appId"]})
    assert refused(answer) == (409, "Request_MultipleObjectsWithSameKeyValue")


def test_it_is_found_by_its_app_id(admin, application):
    app, principal = application
    found = admin.ok("GET", "/v1.0/servicePrincipals", filter=f"appId eq '{app['appId']}'")["value"]
    assert [one["id"] for one in found] == [principal["id"]]
    assert admin.ok("GET", f"/v1.0/servicePrincipals(appId='{app['appId']}')")["id"] == principal["id"]


def test_beta_answers_the_property_that_azuread_asks_for(admin, application):
    read = admin.ok("GET", f"/beta/servicePrincipals/{application[1]['id']}", select="samlMetadataUrl")
    assert {key: value for key, value in read.items() if "@" not in key} == {"samlMetadataUrl": None}


def test_its_app_id_stays(admin, application):
    path = f"/v1.0/servicePrincipals/{application[1]['id']}"
    assert admin("PATCH", path, {"appId": "x"}).status_code == 400
    admin.ok("PATCH", path, {"notes": "n", "appId": application[0]["appId"]})
    assert admin.ok("GET", path)["notes"] == "n"


def test_consent_is_seen_from_both_ends(admin, application, consent):
    path, body = consent
    granted = admin.ok("POST", path, body)
    assert granted["principalType"] == "ServicePrincipal"
    assert granted["principalDisplayName"] == "rooms"
    assert granted["resourceDisplayName"] == "Microsoft Graph"
    assert admin.ok("GET", f"{path}/{granted['id']}")["appRoleId"] == body["appRoleId"]
    held = f"/v1.0/servicePrincipals/{application[1]['id']}/appRoleAssignments"
    assert [one["id"] for one in admin.ok("GET", held)["value"]] == [granted["id"]]
    assert granted["id"] in [one["id"] for one in admin.ok("GET", path)["value"]]
    assert admin("DELETE", f"{path}/{granted['id']}").status_code == 204
    assert admin("GET", f"{path}/{granted['id']}").status_code == 404
    assert admin("DELETE", f"{path}/{granted['id']}").status_code == 404
    assert admin.ok("GET", held)["value"] == []


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"appRoleId": NOBODY}, 400, "Permission being assigned was not found on application"),
        ({"principalId": NOBODY}, 404, "does not exist"),
        ({"resourceId": NOBODY}, 400, "Not a valid reference update."),
    ],
)
def test_a_consent_without_sense(admin, consent, change, status, says):
    path, body = consent
    answer = admin("POST", path, body | change)
    assert answer.status_code == status
    assert says in answer.json()["error"]["message"]


def test_a_consent_twice(admin, consent):
    path, body = consent
    admin.ok("POST", path, body)
    answer = admin("POST", path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Permission being assigned already exists on the object"


def test_deleting_it_ends_its_consents(shared_cloud, admin, application, consent):
    path, body = consent
    granted = admin.ok("POST", path, body)
    admin.ok("DELETE", f"/v1.0/servicePrincipals/{application[1]['id']}")
    assert admin("GET", f"{path}/{granted['id']}").status_code == 404
    assert admin.ok("GET", f"/v1.0/applications/{application[0]['id']}")


def test_microsofts_own_name_their_permissions(shared_cloud, admin):
    graph = admin.ok("GET", f"/v1.0/servicePrincipals(appId='{GRAPH}')")
    roles = {role["value"]: role["id"] for role in graph["appRoles"]}
    assert roles["Calendars.ReadWrite"] == "ef54d2bf-783f-4e0f-bca1-3210c0444d99"
    exchange = admin.ok(
        "GET", "/v1.0/servicePrincipals", filter="displayName eq 'Office 365 Exchange Online'"
    )
    assert "dc50a0fb-09a3-484d-be87-e023b12c6440" in [r["id"] for r in exchange["value"][0]["appRoles"]]


def test_a_disabled_one_gets_no_token_and_the_tokens_it_has_live_to_their_end(cloud):
    app = cloud.app("User.Read.All")
    early = cloud.calling_as(app)
    owner = cloud.caller("Application.ReadWrite.All")
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    assert owner("PATCH", path, {"accountEnabled": False}).status_code == 204
    assert cloud.ask_token(app).json()["error_codes"] == [7000112]
    assert early("GET", "/v1.0/users").status_code == 200
    cloud.clock.advance(3700)
    assert early("GET", "/v1.0/users").status_code == 401
    owner = cloud.caller("Application.ReadWrite.All")
    assert owner("PATCH", path, {"accountEnabled": True}).status_code == 204
    assert cloud.ask_token(app).status_code == 200


def test_with_owned_by_alone_only_an_owner_disables_it(cloud, refused):
    app, stranger = cloud.app(), cloud.app("Application.ReadWrite.OwnedBy")
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    caller = cloud.calling_as(stranger)
    assert refused(caller("PATCH", path, {"accountEnabled": False})) == (403, "Authorization_RequestDenied")
    owned = cloud.store.get("servicePrincipal", app.principal_id) | {"_owners": [stranger.principal_id]}
    cloud.store.put("servicePrincipal", app.principal_id, owned)
    assert caller("PATCH", path, {"accountEnabled": False}).status_code == 204


def test_its_secrets_are_removed_by_their_key(cloud, refused):
    app, owner = cloud.app(), cloud.caller("Application.ReadWrite.All")
    held = cloud.store.get("servicePrincipal", app.principal_id) | {"passwordCredentials": [{"keyId": "k"}]}
    cloud.store.put("servicePrincipal", app.principal_id, held)
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    assert owner("POST", f"{path}/removePassword", {"keyId": "k"}).status_code == 204
    assert owner.ok("GET", path)["passwordCredentials"] == []
    assert refused(owner("POST", f"{path}/removePassword", {"keyId": "k"})) == (400, "Request_BadRequest")


def test_a_right_on_exchange_online_is_none_on_graph(shared_cloud):
    app = shared_cloud.calling_as(
        shared_cloud.app("User.Read.All", "Place.Read.All", "Calendars.Read", service=EXCHANGE)
    )
    for path in ("/v1.0/users", "/v1.0/places/microsoft.graph.room"):
        assert app("GET", path).status_code == 403


def test_a_right_that_is_only_offered_opens_nothing(shared_cloud):
    app = shared_cloud.caller(
        "Mail.ReadWrite",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
    )
    for path in ("/v1.0/users", "/v1.0/applications", "/v1.0/groups", "/v1.0/places/microsoft.graph.room"):
        assert app("GET", path).status_code == 403


def test_a_secret_of_its_own_signs_in_until_it_is_removed(cloud, refused):
    app, owner = cloud.app(), cloud.caller("Application.ReadWrite.All")
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    made = owner.ok("POST", f"{path}/addPassword", {"passwordCredential": {"displayName": "back door"}})
    [shown] = owner.ok("GET", path)["passwordCredentials"]
    assert (shown["keyId"], shown["displayName"], shown["secretText"]) == (made["keyId"], "back door", None)
    assert shown["startDateTime"] < shown["endDateTime"]
    assert cloud.ask_token(app, client_secret=made["secretText"]).status_code == 200
    assert owner("PATCH", path, {"passwordCredentials": []}).status_code == 400
    assert owner("POST", f"{path}/removePassword", {"keyId": made["keyId"]}).status_code == 204
    assert cloud.ask_token(app, client_secret=made["secretText"]).json()["error_codes"] == [7000215]
    stranger = cloud.caller("Application.ReadWrite.OwnedBy")
    assert refused(stranger("POST", f"{path}/addPassword", {})) == (403, "Authorization_RequestDenied")


def test_what_opens_it_is_kept(admin, application):
    path = f"/v1.0/servicePrincipals/{application[1]['id']}"
    doors = {
        "accountEnabled": False,
        "appRoleAssignmentRequired": True,
        "replyUrls": ["https://other.example/back"],
    }
    admin.ok("PATCH", path, doors)
    read = admin.ok("GET", path)
    assert {name: read[name] for name in doors} == doors


def test_they_are_found_by_how_their_name_begins(admin, application, refused):
    name = application[1]["displayName"]
    query = {"filter": f"startswith(displayName,'{name[:3].upper()}')", "select": "id,displayName"}
    found = admin.ok("GET", "/v1.0/servicePrincipals", **query)["value"]
    assert application[1]["id"] in [one["id"] for one in found]
    assert all(one["displayName"].lower().startswith(name[:3].lower()) for one in found)


@pytest.mark.parametrize(
    "text", ["displayName ne 'x'", "endsWith(displayName,'x')", "not (displayName eq 'x')"]
)
def test_some_operators_take_an_advanced_query(admin, application, refused, text):
    for query in ({}, {"consistency": "eventual"}, {"count": "true"}):
        answer = admin("GET", "/v1.0/servicePrincipals", filter=text, **query)
        assert refused(answer) == (400, "Request_UnsupportedQuery")
    advanced = {"consistency": "eventual", "count": "true"}
    answer = admin("GET", "/v1.0/servicePrincipals", filter=text, **advanced)
    assert answer.json()["@odata.count"] >= len(answer.json()["value"])


def test_a_filter_may_ask_for_a_text_that_reads_like_an_operator(admin, application):
    assert admin.ok("GET", "/v1.0/servicePrincipals", filter="displayName eq 'not ne'")["value"] == []


def test_owners_are_shown_inside(admin, application, shared_cloud):
    path = f"/v1.0/servicePrincipals/{application[1]['id']}"
    owner = shared_cloud.app().principal_id
    admin.ok(
        "POST", f"{path}/owners/$ref", {"@odata.id": f"{shared_cloud.url}/v1.0/directoryObjects/{owner}"}
    )
    [shown] = admin.ok("GET", path, expand="owners")["owners"]
    assert (shown["@odata.type"], shown["id"]) == ("#microsoft.graph.servicePrincipal", owner)
