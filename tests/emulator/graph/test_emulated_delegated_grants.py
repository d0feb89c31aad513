import pytest

from emulator.tokens import GRAPH

PATH = "/v1.0/oauth2PermissionGrants"
NOBODY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def admin(shared_cloud):
    return shared_cloud.caller("DelegatedPermissionGrant.ReadWrite.All", "Application.ReadWrite.All")


@pytest.fixture
def body(shared_cloud):
    return {
        "clientId": shared_cloud.app().principal_id,
        "consentType": "AllPrincipals",
        "principalId": None,
        "resourceId": shared_cloud.service(GRAPH)["id"],
        "scope": "User.Read Calendars.ReadWrite",
    }


def test_a_grant_is_made_changed_and_revoked(admin, body):
    made = admin.ok("POST", PATH, body)
    assert {name: made[name] for name in body} == body
    of = f"/v1.0/servicePrincipals/{body['clientId']}/oauth2PermissionGrants"
    assert [one["id"] for one in admin.ok("GET", of)["value"]] == [made["id"]]
    assert [
        one["id"] for one in admin.ok("GET", PATH, filter=f"clientId eq '{body['clientId']}'")["value"]
    ] == [made["id"]]
    assert admin("PATCH", f"{PATH}/{made['id']}", {"scope": "User.Read"}).status_code == 204
    assert admin.ok("GET", f"{PATH}/{made['id']}")["scope"] == "User.Read"
    assert admin("DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert admin("GET", f"{PATH}/{made['id']}").status_code == 404
    assert admin("DELETE", f"{PATH}/{made['id']}").status_code == 404


def test_one_for_everybody_and_one_for_each_person(shared_cloud, admin, body, refused):
    everybody = admin.ok("POST", PATH, body)
    ada = shared_cloud.user_id("ada.ashby@contoso.example")
    hers = admin.ok("POST", PATH, body | {"consentType": "Principal", "principalId": ada})
    assert hers["id"].startswith(everybody["id"][:-1])
    for again in (body, body | {"consentType": "Principal", "principalId": ada}):
        answer = admin("POST", PATH, again | {"scope": "other"})
        assert refused(answer) == (409, "Request_MultipleObjectsWithSameKeyValue")
        assert answer.json()["error"]["message"] == "Permission entry already exists."


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"clientId": NOBODY}, 404),
        ({"clientId": None}, 400),
        ({"resourceId": NOBODY}, 404),
        ({"consentType": "Everybody"}, 400),
        ({"consentType": "Principal"}, 400),
        ({"principalId": NOBODY}, 400),
        ({"consentType": "Principal", "principalId": NOBODY}, 404),
        ({"scope": " "}, 400),
        ({"scope": None}, 400),
        ({"id": "mine"}, 400),
        ({"colour": "red"}, 400),
    ],
)
def test_a_grant_without_sense(admin, body, change, status):
    assert admin("POST", PATH, body | change).status_code == status


def test_whose_it_is_stays(admin, body):
    made = admin.ok("POST", PATH, body)
    for change in ({"consentType": "Principal"}, {"clientId": NOBODY}, {"scope": ""}):
        assert admin("PATCH", f"{PATH}/{made['id']}", change).status_code == 400
    assert admin.ok("GET", f"{PATH}/{made['id']}")["scope"] == body["scope"]


def test_it_goes_with_its_app_and_comes_back_with_it(admin, body):
    made = admin.ok("POST", PATH, body)
    admin.ok("DELETE", f"/v1.0/servicePrincipals/{body['clientId']}")
    assert admin("GET", f"{PATH}/{made['id']}").status_code == 404
    admin.ok("POST", f"/v1.0/directory/deletedItems/{body['clientId']}/restore")
    assert admin.ok("GET", f"{PATH}/{made['id']}")["scope"] == body["scope"]
