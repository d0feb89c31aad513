import jwt
import pytest
from azure.identity import ClientSecretCredential
from jwt import PyJWKClient

from emulator.clock import parse_stamp, stamp
from emulator.tokens import EXCHANGE, GRAPH


def claims_of(answer):
    return jwt.decode(answer.json()["access_token"], options={"verify_signature": False})


def error_of(answer):
    body = answer.json()
    (code,) = body["error_codes"]
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    return answer.status_code, body["error"], code


def test_metadata_is_what_azuread_reads(cloud):
    document = cloud.http.get("/metadata/endpoints?api-version=2022-09-01").json()
    assert document["name"]
    assert document["resourceManager"]
    assert document["microsoftGraphResourceId"] == cloud.url + "/"
    assert document["authentication"]["loginEndpoint"] == cloud.url


def test_a_token_names_caller_tenant_and_roles(cloud):
    app = cloud.app("User.Read.All", "Place.Read.All")
    answer = cloud.ask_token(app)
    claims = claims_of(answer)
    assert answer.json()["expires_in"] == 3599
    assert claims["roles"] == ["Place.Read.All", "User.Read.All"]
    assert (claims["appid"], claims["oid"], claims["tid"]) == (
        app.client_id,
        app.principal_id,
        cloud.tenant.id,
    )
    assert claims["idtyp"] == "app"
    assert claims["exp"] - claims["iat"] == 3600


def test_tokens_live_in_emulated_time(cloud):
    cloud.clock.advance(10**7)
    issued = claims_of(cloud.ask_token(cloud.app()))["iat"]
    assert abs(issued - cloud.clock.now().timestamp()) < 60


def test_directory_roles_are_in_the_token(cloud):
    environment = cloud.served.environment_of("Tenant Administrator")
    app = cloud.app()
    app.client_id, app.secret = environment["ARM_CLIENT_ID"], environment["ARM_CLIENT_SECRET"]
    assert claims_of(cloud.ask_token(app))["wids"] == ["29232cdf-9323-42fd-ade2-1d097af3e4de"]


@pytest.mark.parametrize(
    ("scope", "roles"),
    [
        ("{graph}/.default", ["User.Read.All"]),
        ("{graph}//.default", ["User.Read.All"]),
        ("https://graph.microsoft.com/.default", ["User.Read.All"]),
        (f"{GRAPH}/.default", ["User.Read.All"]),
        ("{exchange}/.default", ["Exchange.ManageAsApp"]),
        ("https://outlook.office365.com/.default", ["Exchange.ManageAsApp"]),
        (f"{EXCHANGE}/.default", ["Exchange.ManageAsApp"]),
    ],
)
def test_the_scope_decides_whose_roles_are_in_the_token(cloud, scope, roles):
    app = cloud.app("User.Read.All")
    cloud.consent(app, "Exchange.ManageAsApp", EXCHANGE)
    asked = scope.format(graph=cloud.url, exchange=cloud.tenant.exchange_url)
    assert claims_of(cloud.ask_token(app, asked))["roles"] == roles


def test_a_wrong_secret(cloud):
    answer = cloud.ask_token(cloud.app(), client_secret="wrong")
    assert error_of(answer) == (401, "invalid_client", 7000215)
    assert "wrong" not in answer.text


def test_the_id_of_a_secret_is_no_secret(cloud):
    assert error_of(cloud.ask_token(cloud.app(), client_secret="key"))[2] == 7000215


def test_no_secret(cloud):
    assert error_of(cloud.ask_token(cloud.app(), client_secret=""))[2] == 7000218


def test_a_secret_is_good_from_its_start_to_its_end_by_emulated_time(cloud):
    app = cloud.app()
    application = cloud.store.get("application", app.application_id)
    now = cloud.clock.now().timestamp()
    (credential,) = application["passwordCredentials"]
    for name, seconds in (("startDateTime", 3600), ("endDateTime", 7200)):
        credential[name] = stamp(parse_stamp("1970-01-01").fromtimestamp(now + seconds).astimezone())
    cloud.store.put("application", app.application_id, application)
    assert error_of(cloud.ask_token(app))[2] == 7000215
    cloud.clock.advance(3700)
    assert cloud.ask_token(app).status_code == 200
    cloud.clock.advance(3600)
    assert error_of(cloud.ask_token(app)) == (401, "invalid_client", 7000222)


def test_an_unknown_app(cloud):
    assert error_of(cloud.ask_token(cloud.app(), client_id="0" * 8)) == (400, "unauthorized_client", 700016)


def test_an_app_without_service_principal(cloud):
    app = cloud.app()
    cloud.store.delete("servicePrincipal", app.principal_id)
    assert error_of(cloud.ask_token(app)) == (401, "invalid_client", 7000229)


def test_a_disabled_app(cloud):
    app = cloud.app()
    principal = cloud.store.get("servicePrincipal", app.principal_id)
    cloud.store.put("servicePrincipal", app.principal_id, principal | {"accountEnabled": False})
    assert error_of(cloud.ask_token(app))[2] == 7000112


@pytest.mark.parametrize(
    ("scope", "code"), [("https://storage.azure.com/.default", 500011), ("User.Read.All", 1002012)]
)
def test_a_scope_that_is_none(cloud, scope, code):
    assert error_of(cloud.ask_token(cloud.app(), scope))[2] == code


@pytest.mark.parametrize("method_path", ["oauth2/v2.0/token", "v2.0/.well-known/openid-configuration"])
def test_an_unknown_tenant(cloud, method_path):
    method = "POST" if method_path.endswith("token") else "GET"
    answer = cloud.http.request(method, f"/fabrikam.example/{method_path}")
    assert error_of(answer) == (400, "invalid_tenant", 90002)


def test_another_grant_type(cloud):
    assert error_of(cloud.ask_token(cloud.app(), grant_type="password"))[2] == 70003


def test_the_tenant_may_be_named_by_its_domain(cloud):
    configuration = cloud.http.get("/contoso.example/v2.0/.well-known/openid-configuration").json()
    assert configuration["token_endpoint"].startswith(f"{cloud.url}/{cloud.tenant.id}/")


def test_the_published_key_verifies_tokens(cloud, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(cloud.served.ca_bundle))
    token = cloud.ask_token(cloud.app()).json()["access_token"]
    key = PyJWKClient(f"{cloud.url}/{cloud.tenant.id}/discovery/v2.0/keys").get_signing_key_from_jwt(token)
    assert jwt.decode(token, key.key, algorithms=["RS256"], audience=cloud.url)["idtyp"] == "app"


def test_azure_identity_gets_a_token(cloud, monkeypatch):
    for name, value in cloud.served.environment.items():
        monkeypatch.setenv(name, value)
    app = cloud.app("User.Read.All")
    credential = ClientSecretCredential(
        cloud.tenant.id, app.client_id, app.secret, authority=cloud.url, disable_instance_discovery=True
    )
    token = credential.get_token(f"{cloud.url}/.default").token
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["User.Read.All"]


def test_no_secret_and_no_token_is_in_the_log(cloud):
    app = cloud.app("User.Read.All")
    caller = cloud.calling_as(app)
    caller("GET", "/v1.0/users")
    logged = repr(cloud.log())
    assert app.secret not in logged
    assert caller.token not in logged
    assert cloud.log()[0]["roles"] == ["User.Read.All"]
