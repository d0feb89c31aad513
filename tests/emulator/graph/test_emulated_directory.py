import pytest


def test_users_show_their_usual_properties_and_what_is_selected(shared_cloud):
    caller = shared_cloud.caller("User.Read.All")
    user = caller.ok("GET", "/v1.0/users/ada.ashby@contoso.example")
    assert user["displayName"] == "Ada Ashby"
    assert "accountEnabled" not in user
    picked = caller.ok("GET", f"/v1.0/users/{user['id']}", select="id,accountEnabled,employeeId")
    assert {k: v for k, v in picked.items() if "@" not in k} == {
        "id": user["id"], "accountEnabled": True, "employeeId": None,
    }  # fmt: skip
    assert caller.ok("GET", f"/beta/users/{user['id']}")["accountEnabled"] is True


def test_a_property_that_does_not_exist_is_refused(shared_cloud):
    caller = shared_cloud.caller("User.Read.All")
    for query in ({"select": "id,colour"}, {"filter": "colour eq 'red'"}, {"orderby": "colour"}):
        answer = caller("GET", "/v1.0/users", **query)
        assert answer.status_code == 400
        assert "'colour'" in answer.json()["error"]["message"]


def test_azureads_user_lookup(shared_cloud):
    caller = shared_cloud.caller("User.Read.All")
    (found,) = caller.ok("GET", "/v1.0/users", filter="mail eq 'ADA.ashby@contoso.example'")["value"]
    assert caller("GET", f"/v1.0/users/{found['id']}/manager").status_code == 404
    assert caller("GET", "/v1.0/users/nobody@contoso.example").status_code == 404


def test_a_tenant_may_have_several_domains(cloud):
    cloud.store.put("domain", "other.example", {"id": "other.example", "isVerified": True})
    cloud.store.put("domain", "new.example", {"id": "new.example", "isVerified": False})
    caller = cloud.caller("Organization.Read.All", "Domain.Read.All")
    listed = {one["id"]: one for one in caller.ok("GET", "/v1.0/domains")["value"]}
    assert {name: (one["isDefault"], one["isVerified"]) for name, one in listed.items()} == {
        "contoso.example": (True, True), "other.example": (False, True), "new.example": (False, False),
    }  # fmt: skip
    assert caller.ok("GET", "/v1.0/domains/Other.example")["isInitial"] is False
    [organization] = caller.ok("GET", "/v1.0/organization")["value"]
    assert [one["name"] for one in organization["verifiedDomains"]] == ["contoso.example", "other.example"]


def test_organization_and_domains(shared_cloud):
    caller = shared_cloud.caller("Organization.Read.All", "Domain.Read.All")
    (organization,) = caller.ok("GET", "/v1.0/organization")["value"]
    assert organization["id"] == shared_cloud.tenant.id
    assert organization["verifiedDomains"][0]["name"] == "contoso.example"
    assert caller.ok("GET", f"/v1.0/organization/{organization['id']}")["displayName"] == "Contoso"
    (domain,) = caller.ok("GET", "/v1.0/domains")["value"]
    assert (domain["id"], domain["isDefault"], domain["isVerified"]) == ("contoso.example", True, True)
    assert caller.ok("GET", "/v1.0/domains/contoso.example")["isInitial"] is True
    for path in ("/v1.0/domains/fabrikam.example", "/v1.0/organization/x"):
        assert caller("GET", path).status_code == 404


def test_who_holds_a_directory_role(shared_cloud):
    caller = shared_cloud.caller("RoleManagement.Read.Directory", "User.Read.All", "Application.Read.All")
    template = "29232cdf-9323-42fd-ade2-1d097af3e4de"
    (role,) = caller.ok("GET", "/v1.0/directoryRoles", filter=f"roleTemplateId eq '{template}'")["value"]
    paths = (f"/v1.0/directoryRoles/{role['id']}", f"/v1.0/directoryRoles(roleTemplateId='{template}')")
    for path in paths:
        assert caller.ok("GET", path)["displayName"] == "Exchange Administrator"
        members = caller.ok("GET", f"{path}/members")["value"]
        assert [m["displayName"] for m in members] == ["Exchange Admin", "Tenant Administrator"]
    assert caller("GET", "/v1.0/directoryRoles/none").status_code == 404
    ids = {member["id"] for member in members}
    assignments = caller.ok(
        "GET", "/v1.0/roleManagement/directory/roleAssignments", filter=f"roleDefinitionId eq '{template}'"
    )["value"]
    assert {assignment["principalId"] for assignment in assignments} == ids
    templates = caller.ok("GET", "/v1.0/directoryRoleTemplates")["value"]
    assert template in [one["id"] for one in templates]


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("User.Read.All", "user", 200),
        ("User.Read.All", "group", 403),
        ("Group.Read.All", "group", 200),
        ("Group.Read.All", "servicePrincipal", 403),
        ("Application.Read.All", "servicePrincipal", 200),
        ("Directory.Read.All", "application", 200),
    ],
)
def test_an_object_of_any_type_needs_the_right_for_its_type(shared_cloud, role, kind, status):
    document = shared_cloud.store.all(kind)[0]
    answer = shared_cloud.caller(role)("GET", f"/v1.0/directoryObjects/{document['id']}")
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["@odata.type"] == f"#microsoft.graph.{kind}"


def test_many_objects_by_id(shared_cloud):
    ids = [shared_cloud.store.all(kind)[0]["id"] for kind in ("user", "group")]
    found = shared_cloud.caller("User.Read.All").ok(
        "POST", "/v1.0/directoryObjects/getByIds", {"ids": [*ids, "x"]}
    )
    assert [one["id"] for one in found["value"]] == ids
    assert "displayName" in found["value"][0]
    assert "displayName" not in found["value"][1]


def test_rooms_are_places(shared_cloud):
    caller = shared_cloud.caller("Place.Read.All")
    rooms = caller.ok("GET", "/v1.0/places/microsoft.graph.room", top=100)["value"]
    assert len(rooms) == 48
    harbour = next(room for room in rooms if room["emailAddress"] == "syd-01-harbour@contoso.example")
    assert (harbour["capacity"], harbour["floorLabel"], harbour["floorNumber"]) == (12, "01", 1)
    assert harbour["building"] == "Sydney Harbour House"
    assert caller.ok("GET", "/v1.0/places/syd-01-harbour@contoso.example")["id"] == harbour["id"]
    assert caller("GET", "/v1.0/places/ada.ashby@contoso.example").status_code == 404


def test_delegated_grants_can_be_reviewed(cloud):
    grant = {"id": "g1", "clientId": cloud.store.all("servicePrincipal")[-1]["id"], "scope": "User.Read"}
    cloud.store.put("oauth2PermissionGrant", "g1", grant)
    caller = cloud.caller("Directory.Read.All")
    for path in ("/oauth2PermissionGrants", f"/servicePrincipals/{grant['clientId']}/oauth2PermissionGrants"):
        assert [one["scope"] for one in caller.ok("GET", f"/v1.0{path}")["value"]] == ["User.Read"]
    assert caller.ok("GET", "/v1.0/oauth2PermissionGrants/g1")["consentType"] is None
    assert caller("GET", "/v1.0/oauth2PermissionGrants/g2").status_code == 404


@pytest.mark.parametrize("path", ["/users/delta", "/users/$count", "/sites", "/me", "/groups/x/threads"])
def test_what_is_not_known_is_501_by_name(shared_cloud, path):
    answer = shared_cloud.caller("Directory.Read.All")("GET", f"/v1.0{path}")
    assert answer.status_code == 501
    assert f"GET /v1.0{path}" in answer.json()["error"]["message"]


def test_a_query_option_that_is_not_known_is_501_too(shared_cloud):
    answer = shared_cloud.caller("User.Read.All")("GET", "/v1.0/users", search='"displayName:a"')
    assert answer.status_code == 501
    assert "$search" in answer.json()["error"]["message"]
