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
    assert admin("POST", PATH, {**body, "directoryScopeId": f"/{nobody}"}).status_code == 501


def test_reading_roles_is_not_giving_them(cloud):
    assert cloud.caller("RoleManagement.Read.Directory")("POST", PATH, {}).status_code == 403


DEFINITIONS = "/v1.0/roleManagement/directory/roleDefinitions"
ACTION = "microsoft.directory/applications/credentials/update"


def of_actions(*actions):
    permissions = [{"allowedResourceActions": list(actions)}]
    return {"displayName": "Rotation", "isEnabled": True, "rolePermissions": permissions}


def test_a_custom_role_opens_the_secrets_of_its_one_application(cloud, refused):
    admin = cloud.caller("RoleManagement.ReadWrite.Directory")
    app, other = cloud.app(), cloud.app()
    rotating = cloud.app("Application.Read.All")
    caller = cloud.calling_as(rotating)
    made = admin.ok("POST", DEFINITIONS, of_actions(ACTION))
    assert admin.ok("GET", DEFINITIONS, filter="displayName eq 'Rotation'")["value"] == [
        {name: value for name, value in made.items() if name != "@odata.context"}
    ]
    add = f"/v1.0/applications/{app.application_id}/addPassword"
    assert refused(caller("POST", add, {})) == (403, "Authorization_RequestDenied")
    body = {
        "principalId": rotating.principal_id,
        "roleDefinitionId": made["id"],
        "directoryScopeId": f"/{app.application_id}",
    }
    assert admin.ok("POST", PATH, body)["directoryScopeId"] == f"/{app.application_id}"
    assert "A conflicting object" in admin("POST", PATH, body).json()["error"]["message"]
    assert body in [
        {name: one[name] for name in body}
        for one in admin.ok("GET", PATH, filter=f"principalId eq '{rotating.principal_id}'")["value"]
    ]

    secret = caller.ok("POST", add, {"passwordCredential": {"displayName": "mine"}})
    remove = f"/v1.0/applications/{app.application_id}/removePassword"
    assert caller("POST", remove, {"keyId": secret["keyId"]}).status_code == 204
    for method, path in [
        ("POST", f"/v1.0/applications/{other.application_id}/addPassword"),
        ("PATCH", f"/v1.0/applications/{app.application_id}"),
        ("DELETE", f"/v1.0/applications/{app.application_id}"),
        ("POST", "/v1.0/applications"),
        ("POST", PATH),
    ]:
        assert caller(method, path, {}).status_code == 403, path


def test_what_a_custom_role_can_t_be_here(cloud):
    admin, app = cloud.caller("RoleManagement.ReadWrite.Directory"), cloud.app()
    assert admin("POST", DEFINITIONS, of_actions("microsoft.directory/users/delete")).status_code == 501
    assert admin("POST", DEFINITIONS, {"displayName": "x"}).status_code == 400
    made = admin.ok("POST", DEFINITIONS, of_actions(ACTION))
    assert admin("POST", DEFINITIONS, of_actions(ACTION)).status_code == 400
    body = {"principalId": app.principal_id, "roleDefinitionId": made["id"]}
    assert admin("POST", PATH, {**body, "directoryScopeId": "/"}).status_code == 501
    nobody = "/00000000-0000-0000-0000-000000000001"
    assert admin("POST", PATH, {**body, "directoryScopeId": nobody}).status_code == 404
    assert cloud.caller("RoleManagement.Read.Directory")("POST", DEFINITIONS, {}).status_code == 403
    cloud.tenant.settings["premium"] = False
    assert admin("POST", DEFINITIONS, of_actions(ACTION)).status_code == 400


def test_a_role_is_taken_away_and_is_gone_from_the_next_token(cloud, refused):
    admin, app = cloud.caller("RoleManagement.ReadWrite.Directory"), cloud.app()
    body = {"principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    made = admin.ok("POST", PATH, body)
    assert admin.ok("GET", f"{PATH}/{made['id']}")["principalId"] == app.principal_id
    reader = cloud.caller("RoleManagement.Read.Directory")
    assert refused(reader("DELETE", f"{PATH}/{made['id']}")) == (403, "Authorization_RequestDenied")
    assert admin("DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert admin("DELETE", f"{PATH}/{made['id']}").status_code == 404
    assert admin("GET", f"{PATH}/{made['id']}").status_code == 404
    role = next(r for r in cloud.store.all("directoryRole") if r["roleTemplateId"] == GLOBAL_READER)
    assert app.principal_id not in role["members"]


def test_a_custom_role_is_taken_away(cloud):
    admin, app = cloud.caller("RoleManagement.ReadWrite.Directory"), cloud.app()
    role = admin.ok("POST", DEFINITIONS, of_actions(ACTION))
    body = {"principalId": app.principal_id, "roleDefinitionId": role["id"]}
    scope = f"/{app.principal_id}"
    assert admin.ok("POST", PATH, body | {"directoryScopeId": scope})["directoryScopeId"] == scope
    made = admin.ok("POST", PATH, body | {"directoryScopeId": f"/{app.application_id}"})
    assert admin("DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert admin("GET", f"{PATH}/{made['id']}").status_code == 404


def test_nobody_takes_a_role_from_itself(cloud):
    app = cloud.app("RoleManagement.ReadWrite.Directory")
    admin = cloud.calling_as(app)
    body = {"principalId": app.principal_id, "roleDefinitionId": GLOBAL_READER, "directoryScopeId": "/"}
    made = admin.ok("POST", PATH, body)
    answer = admin("DELETE", f"{PATH}/{made['id']}")
    assert answer.status_code == 400
    assert "Removing self from Global Reader built-in role" in answer.json()["error"]["message"]
    assert admin.ok("GET", f"{PATH}/{made['id']}")
