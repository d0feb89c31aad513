import pytest

from emulator.federation import pipeline_token

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/rooms:environment:prod"
CREDENTIAL = {
    "name": "prod",
    "issuer": ISSUER,
    "subject": SUBJECT,
    "audiences": ["api://AzureADTokenExchange"],
}


@pytest.fixture
def path(application):
    return f"/v1.0/applications/{application[0]['id']}/federatedIdentityCredentials"


def test_one_is_made_listed_read_by_id_and_by_name_and_removed(admin, path):
    made = admin.ok("POST", path, CREDENTIAL)
    assert {name: made[name] for name in CREDENTIAL} == CREDENTIAL
    assert [one["id"] for one in admin.ok("GET", path)["value"]] == [made["id"]]
    for name in (made["id"], "prod"):
        assert admin.ok("GET", f"{path}/{name}")["subject"] == SUBJECT
    assert admin("DELETE", f"{path}/prod").status_code == 204
    assert admin.ok("GET", path)["value"] == []
    assert admin("GET", f"{path}/prod").status_code == 404


def test_one_is_changed_but_for_its_name(admin, path):
    made = admin.ok("POST", path, CREDENTIAL)
    admin.ok("POST", path, {**CREDENTIAL, "name": "other", "subject": "repo:contoso/rooms:environment:test"})
    subject = "repo:contoso/rooms:ref:refs/heads/main"
    assert admin("PATCH", f"{path}/{made['id']}", {"subject": subject, "name": "prod"}).status_code == 204
    assert admin.ok("GET", f"{path}/prod")["subject"] == subject
    taken = "repo:contoso/rooms:environment:test"
    for name, value in (("name", "renamed"), ("subject", taken), ("audiences", [])):
        assert admin("PATCH", f"{path}/{made['id']}", {name: value}).status_code == 400
    assert admin("PATCH", f"{path}/unknown", {"subject": subject}).status_code == 404
    assert admin.ok("GET", f"{path}/prod")["subject"] == subject


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({}, 409, "Request_MultipleObjectsWithSameKeyValue"),
        ({"name": "other"}, 400, "InvalidFederatedIdentityCredentialValue"),
        ({"name": "not a name", "subject": "x"}, 400, "InvalidFederatedIdentityCredentialValue"),
        ({"name": "other", "audiences": ["a", "b"]}, 400, "InvalidFederatedIdentityCredentialValue"),
        ({"name": "other", "subject": None}, 400, "BadRequest"),
        ({"name": "other", "subject": "x" * 601}, 400, "InvalidFederatedIdentityCredentialValue"),
        ({"name": "other", "claim": "x"}, 400, "Request_BadRequest"),
    ],
)
def test_what_the_service_refuses(admin, path, change, status, code):
    admin.ok("POST", path, CREDENTIAL)
    answer = admin("POST", path, {**CREDENTIAL, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert len(admin.ok("GET", path)["value"]) == 1


def test_there_are_twenty_at_most(admin, path, refused):
    for number in range(20):
        admin.ok("POST", path, {**CREDENTIAL, "name": f"one-{number}", "subject": f"{SUBJECT}{number}"})
    answer = admin("POST", path, {**CREDENTIAL, "name": "one-more"})
    assert refused(answer) == (403, "Directory_QuotaExceeded")


def test_who_does_not_own_the_application_may_not_add_one(shared_cloud, path):
    caller = shared_cloud.caller("Application.ReadWrite.OwnedBy")
    assert caller("POST", path, CREDENTIAL).status_code == 403


@pytest.mark.parametrize(
    ("token", "minutes", "code"),
    [
        ((ISSUER, SUBJECT), 0, None),
        (("https://elsewhere.example", SUBJECT), 0, 700211),
        ((ISSUER, "repo:contoso/rooms:pull_request"), 0, 700213),
        ((ISSUER, SUBJECT, "api://other"), 0, 700212),
        ((ISSUER, SUBJECT), 11, 700024),
    ],
)
def test_its_tokens_sign_in_and_others_do_not(cloud, token, minutes, code):
    admin = cloud.caller("Application.ReadWrite.All")
    app = cloud.app("User.Read.All")
    admin.ok("POST", f"/v1.0/applications/{app.application_id}/federatedIdentityCredentials", CREDENTIAL)
    assertion = pipeline_token(cloud.tenant, *token)
    cloud.clock.advance(minutes * 60)
    answer = cloud.ask_token(app, client_secret="", client_assertion=assertion)
    assert answer.json().get("error_codes", [None]) == [code]
    assert bool(answer.json().get("access_token")) == (code is None)


def test_a_token_of_nobody_does_not_sign_in(cloud):
    answer = cloud.ask_token(cloud.app(), client_secret="", client_assertion="not.a.token")
    assert answer.json()["error_codes"] == [50027]
