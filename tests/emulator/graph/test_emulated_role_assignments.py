PATH = "/v1.0/roleManagement/directory/roleAssignments"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"


def test_a_role_is_given_once_and_stands_in_the_token(cloud, refused):
    admin, app = cloud.caller("RoleManagement.ReadWrite.Directory"), cloud.app()
    body = {"principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    made = admin.ok("POST", PATH, body)
    assert {name: made[name] for name in body} == body
    listed = admin.ok("GET", PATH, filter=f"principalId eq '{app.principal_id}'")["value"]
    assert [one["id"] for one in listed] == [made["id"]]
    again = admin("POST", PATH, body)
    assert refused(again) == (400, "Request_BadRequest")
    assert "A conflicting object" in again.json()["error"]["message"]


def test_an_unknown_role_or_principal_and_a_narrower_scope_are_refused(cloud):
    admin, app = cloud.caller("RoleManagement.ReadWrite.Directory"), cloud.app()
    body = {"principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    nobody = "00000000-0000-0000-0000-000000000001"
    assert admin("POST", PATH, {**body, "roleDefinitionId": nobody}).status_code == 404
    assert admin("POST", PATH, {**body, "principalId": nobody}).status_code == 404
    assert admin("POST", PATH, {**body, "directoryScopeId": f"/{nobody}"}).status_code == 400


def test_reading_roles_is_not_giving_them(cloud):
    assert cloud.caller("RoleManagement.Read.Directory")("POST", PATH, {}).status_code == 403
