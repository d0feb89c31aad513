import jwt
import pytest

GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
ROLES = "/v1.0/roleManagement/directory/roleAssignments"
READING = ("Application.Read.All", "Group.Read.All", "RoleManagement.Read.Directory")


@pytest.fixture
def admin(cloud):
    return cloud.caller(
        "Group.ReadWrite.All", "Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"
    )


def make_group(admin, name, **more):
    body = {"displayName": name, "mailNickname": name, "mailEnabled": False, "securityEnabled": True, **more}
    return admin.ok("POST", "/v1.0/groups", body)["id"]


def add(admin, group, member):
    address = f"{admin.cloud.url}/v1.0/directoryObjects/{member}"
    return admin("POST", f"/v1.0/groups/{group}/members/$ref", {"@odata.id": address})


def listed(caller, path, **query):
    return {(one["@odata.type"], one["id"]) for one in caller.ok("GET", path, **query)["value"]}


def test_a_service_principal_is_in_groups_and_roles_directly_and_through_groups(cloud, admin):
    app = cloud.app()
    inner, outer = make_group(admin, "inner"), make_group(admin, "outer")
    assert add(admin, inner, app.principal_id).status_code == 204
    assert add(admin, outer, inner).status_code == 204
    given = {"principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    admin.ok("POST", ROLES, given)
    role = next(r["id"] for r in cloud.store.all("directoryRole") if r["roleTemplateId"] == GLOBAL_READER)
    reader = cloud.caller(*READING)
    direct = {("#microsoft.graph.group", inner), ("#microsoft.graph.directoryRole", role)}
    by_id = f"/v1.0/servicePrincipals/{app.principal_id}"
    for path in (by_id, f"/v1.0/servicePrincipals(appId='{app.client_id}')"):
        assert listed(reader, f"{path}/memberOf") == direct
        assert listed(reader, f"{path}/transitiveMemberOf") == direct | {("#microsoft.graph.group", outer)}
    page = reader.ok("GET", f"{by_id}/transitiveMemberOf", top=2)
    rest = reader.ok("GET", page["@odata.nextLink"])
    assert len(page["value"]) == 2
    assert len(rest["value"]) == 1
    assert "@odata.nextLink" not in rest


def test_who_may_not_read_groups_or_roles_sees_their_ids_alone(cloud, admin):
    app = cloud.app()
    add(admin, make_group(admin, "inner"), app.principal_id)
    admin.ok("POST", ROLES, {
        "principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/",
    })  # fmt: skip
    path = f"/v1.0/servicePrincipals/{app.principal_id}/memberOf"
    blind = cloud.caller("Application.Read.All").ok("GET", path)["value"]
    assert [set(one) for one in blind] == [{"@odata.type", "id"}] * 2
    seen = cloud.caller(*READING).ok("GET", path)["value"]
    assert [one["displayName"] for one in seen] == ["inner", "Global Reader"]


def test_what_the_membership_of_a_service_principal_refuses(cloud, refused):
    nobody = "/v1.0/servicePrincipals/00000000-0000-0000-0000-000000000001"
    app = cloud.app()
    owner = cloud.caller("Application.ReadWrite.OwnedBy")
    assert refused(cloud.caller(*READING)("GET", f"{nobody}/memberOf")) == (404, "Request_ResourceNotFound")
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    assert owner("GET", f"{path}/memberOf").status_code == 200
    denied = (403, "Authorization_RequestDenied")
    assert refused(owner("GET", f"{path}/transitiveMemberOf")) == denied
    assert refused(cloud.caller("Group.Read.All")("GET", f"{path}/memberOf")) == denied


def test_a_filter_of_a_membership_takes_an_advanced_query(cloud, admin, refused):
    app = cloud.app()
    for name in ("inner", "other"):
        add(admin, make_group(admin, name), app.principal_id)
    reader, path = cloud.caller(*READING), f"/v1.0/servicePrincipals/{app.principal_id}/memberOf"
    asked = {"filter": "displayName eq 'inner'"}
    assert refused(reader("GET", path, **asked)) == (400, "Request_UnsupportedQuery")
    found = reader("GET", path, consistency="eventual", count="true", **asked).json()
    assert ([one["displayName"] for one in found["value"]], found["@odata.count"]) == (["inner"], 1)


def test_a_group_takes_service_principals_from_who_may_write_them_and_no_applications(cloud, admin, refused):
    app = cloud.app()
    group = make_group(admin, "g")
    members = cloud.caller("GroupMember.ReadWrite.All")
    assert refused(add(members, group, app.principal_id)) == (403, "Authorization_RequestDenied")
    assert add(members, group, cloud.user_id("ada.ashby@contoso.example")).status_code == 204
    assert refused(add(admin, group, app.application_id)) == (400, "Request_BadRequest")


def test_a_role_reaches_an_app_through_a_group_that_roles_can_be_given_to(cloud, admin, refused):
    app = cloud.app()
    plain = make_group(admin, "plain")
    given = {"roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    answer = admin("POST", ROLES, given | {"principalId": plain})
    assert answer.json()["error"]["message"] == (
        "Groups without IsAssignableToRole property set cannot be assigned to roles."
    )
    group = make_group(admin, "readers", isAssignableToRole=True)
    admin.ok("POST", ROLES, given | {"principalId": group})
    add(admin, group, app.principal_id)
    assert GLOBAL_READER in roles_of(cloud, app)
    found = listed(cloud.caller(*READING), f"/v1.0/servicePrincipals/{app.principal_id}/transitiveMemberOf")
    assert {kind for kind, _ in found} == {"#microsoft.graph.group", "#microsoft.graph.directoryRole"}
    assert add(admin, group, plain).status_code == 400
    assert admin("PATCH", f"/v1.0/groups/{plain}", {"isAssignableToRole": True}).status_code == 400
    weak = cloud.caller("Group.ReadWrite.All", "Application.ReadWrite.All")
    assert refused(weak("DELETE", f"/v1.0/groups/{group}")) == (403, "Authorization_RequestDenied")
    assert refused(add(weak, group, cloud.app().principal_id)) == (403, "Authorization_RequestDenied")
    body = {"displayName": "n", "mailNickname": "n", "securityEnabled": True, "isAssignableToRole": True}
    assert refused(weak("POST", "/v1.0/groups", body)) == (403, "Authorization_RequestDenied")
    admin.ok("DELETE", f"/v1.0/groups/{group}")
    assert GLOBAL_READER not in roles_of(cloud, app)
    assert group not in [one["principalId"] for one in admin.ok("GET", ROLES)["value"]]


def roles_of(cloud, app):
    """The directory roles in a new token of the app."""
    token = cloud.ask_token(app).json()["access_token"]
    return jwt.decode(token, options={"verify_signature": False})["wids"]
