import jwt
import pytest
from azure.identity import ManagedIdentityCredential

from emulator.managed_identity import APP_SERVICE, MACHINE, header_of
from emulator.store import Document


@pytest.fixture
def identity(cloud) -> Document:
    return next(
        one
        for one in cloud.store.all("servicePrincipal")
        if one.get("servicePrincipalType") == "ManagedIdentity"
    )


def ask(cloud, path=MACHINE, *, headers=None, **query):
    asked = {"api-version": "2018-02-01", "resource": cloud.url, **query}
    given = {"Metadata": "true"} if headers is None else headers
    return cloud.http.get(path, params={k: v for k, v in asked.items() if v}, headers=given)


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_machine_gets_a_token_of_its_identity_with_its_roles(cloud, identity):
    for client_id in ("", identity["appId"]):
        answer = ask(cloud, client_id=client_id).json()
        assert answer["client_id"] == claims(answer["access_token"])["appid"] == identity["appId"]
        assert answer["expires_in"] == "86399", "text, as the service writes it"
        assert "Application.ReadWrite.OwnedBy" in claims(answer["access_token"])["roles"]
    exchange = ask(cloud, resource=cloud.tenant.exchange_url).json()
    assert claims(exchange["access_token"])["roles"] == ["Exchange.ManageAsApp"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"headers": {}}, "Required metadata header not specified"),
        ({"headers": {"Metadata": "true", "X-Forwarded-For": "10.0.0.1"}}, "Required metadata header"),
        ({"resource": ""}, "Required audience parameter not specified"),
        ({"client_id": "0" * 8}, "Identity not found"),
        ({"resource": "https://vault.example"}, "AADSTS500011"),
        ({"api-version": "2019-08-01"}, "api-version must be 2018-02-01"),
    ],
)
def test_what_a_machine_is_refused(cloud, change, said):
    answer = ask(cloud, **change)
    assert (answer.status_code, said in answer.json()["error_description"]) == (400, True)
    assert "access_token" not in answer.json()


def test_of_several_identities_one_must_be_named(cloud, identity):
    cloud.store.put("servicePrincipal", "second", {**identity, "id": "second", "appId": "second"})
    assert "Multiple user assigned identities" in ask(cloud).json()["error_description"]
    assert ask(cloud, client_id=identity["appId"]).status_code == 200


def test_nobody_signs_in_as_it_with_a_secret(cloud, identity):
    answer = cloud.ask_token(cloud.app(), client_id=identity["appId"])
    assert answer.json()["error_codes"] == [700016]


def test_an_app_service_is_told_by_its_header_which_azuread_does_not_send(cloud, identity, monkeypatch):
    for name, value in cloud.served.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{cloud.url}{APP_SERVICE}")
    monkeypatch.setenv("IDENTITY_HEADER", header_of(cloud.tenant))
    token = ManagedIdentityCredential(client_id=identity["appId"]).get_token(f"{cloud.url}/.default").token
    assert claims(token)["appid"] == identity["appId"]
    assert ask(cloud, APP_SERVICE).status_code == 401
    assert ask(cloud, APP_SERVICE, headers={"X-IDENTITY-HEADER": "guessed"}).status_code == 401
