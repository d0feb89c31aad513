import pytest

PATH = "/v1.0/directory/administrativeUnits"
UNIT = "#microsoft.graph.administrativeUnit"


@pytest.fixture
def admin(shared_cloud):
    return shared_cloud.caller("AdministrativeUnit.ReadWrite.All", "User.Read.All", "Group.Read.All")


def reference(cloud, object_id):
    return {"@odata.id": f"{cloud.url}/v1.0/directoryObjects/{object_id}"}


def test_a_unit_lives_its_life(shared_cloud, admin):
    made = admin.ok("POST", PATH, {"displayName": "Sydney"})
    path, ada = f"{PATH}/{made['id']}", shared_cloud.user_id("ada.ashby@contoso.example")
    assert made["id"] in [one["id"] for one in admin.ok("GET", PATH)["value"]]
    admin.ok("POST", f"{path}/members/$ref", reference(shared_cloud, ada))
    assert [one["id"] for one in admin.ok("GET", f"{path}/members")["value"]] == [ada]
    holders = admin.ok("GET", f"/v1.0/users/{ada}/memberOf")["value"]
    assert (UNIT, made["id"]) in [(one["@odata.type"], one["id"]) for one in holders]
    assert admin("DELETE", f"{path}/members/{ada}/$ref").status_code == 204
    assert admin("DELETE", f"{path}/members/{ada}/$ref").status_code == 404
    assert admin("DELETE", path).status_code == 204
    assert admin("GET", path).status_code == 404


def test_what_a_unit_refuses(shared_cloud, admin, refused):
    assert refused(admin("POST", PATH, {})) == (400, "Request_BadRequest")
    path = f"{PATH}/{admin.ok('POST', PATH, {'displayName': 'Apps'})['id']}"
    app = shared_cloud.app().principal_id
    assert refused(admin("POST", f"{path}/members/$ref", reference(shared_cloud, app))) == (
        400,
        "Request_BadRequest",
    )
    reader = shared_cloud.caller("AdministrativeUnit.Read.All")
    assert refused(reader("DELETE", path)) == (403, "Authorization_RequestDenied")
