import uuid
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from emulator.tokens import EXCHANGE, GRAPH, lifetime_of, signing_key, token_lifetime_policy


def message(answer):
    return answer.json()["error"]["message"]


@pytest.fixture
def app(cloud):
    return cloud.app("User.Read.All")


def test_a_token_expires_after_an_hour_of_emulated_time(cloud, app):
    caller = cloud.calling_as(app)
    cloud.clock.advance(3500)
    assert caller("GET", "/v1.0/users").status_code == 200
    cloud.clock.advance(200)
    answer = caller("GET", "/v1.0/users")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert message(answer) == "Lifetime validation failed, the token is expired."
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert cloud.calling_as(app)("GET", "/v1.0/users").status_code == 200


def test_a_token_lifetime_policy_lasts_longer(cloud):
    deployer = cloud.tenant.settings["deployer"]
    assert lifetime_of(cloud.tenant, cloud.service(deployer)) == timedelta(days=1)
    app = cloud.app("User.Read.All")
    policy = token_lifetime_policy("long", "Long", timedelta(days=1), [app.principal_id])
    cloud.store.put("tokenLifetimePolicy", "long", policy)
    caller = cloud.calling_as(app)
    cloud.clock.advance(23 * 3600)
    assert caller("GET", "/v1.0/users").status_code == 200


def test_a_token_for_exchange_opens_nothing_in_graph(cloud, app):
    cloud.consent(app, "Exchange.ManageAsApp", EXCHANGE)
    token = cloud.ask_token(app, f"{cloud.tenant.exchange_url}/.default").json()["access_token"]
    answer = cloud.http.get("/v1.0/users", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert "audience" in message(answer)


def test_a_foreign_signature_is_refused(cloud, app):
    claims = jwt.decode(cloud.calling_as(app).token, options={"verify_signature": False})
    forged = jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256")
    answer = cloud.http.get("/v1.0/users", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401
    assert "signature" in message(answer)


def test_a_token_of_another_tenant_is_refused_whose_key_is_the_same(cloud, app):
    claims = jwt.decode(cloud.calling_as(app).token, options={"verify_signature": False})
    claims["iss"] = f"https://sts.windows.net/{uuid.uuid4()}/"
    foreign = jwt.encode(claims, signing_key(cloud.tenant), algorithm="RS256")
    answer = cloud.http.get("/v1.0/users", headers={"Authorization": f"Bearer {foreign}"})
    assert answer.status_code == 401
    assert "Issuer" in message(answer)


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer x.y.z", "Basic abc"])
def test_no_token_no_answer(cloud, value):
    headers = {} if value is None else {"Authorization": value}
    assert cloud.http.get("/v1.0/users", headers=headers).status_code == 401


def test_an_unsigned_token_is_refused(cloud, app):
    claims = jwt.decode(cloud.calling_as(app).token, options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none")
    assert cloud.http.get("/v1.0/users", headers={"Authorization": f"Bearer {unsigned}"}).status_code == 401


def test_consent_reaches_only_tokens_minted_later(cloud):
    app = cloud.app()
    early = cloud.calling_as(app)
    grant = cloud.consent(app, "User.Read.All", GRAPH)
    assert early("GET", "/v1.0/users").status_code == 403
    late = cloud.calling_as(app)
    assert late("GET", "/v1.0/users").status_code == 200
    cloud.store.delete("appRoleAssignment", grant)
    assert late("GET", "/v1.0/users").status_code == 200
    assert cloud.calling_as(app)("GET", "/v1.0/users").status_code == 403


def test_a_permission_of_exchange_with_the_same_id_is_none_of_graph(cloud):
    app = cloud.app("Calendars.ReadWrite.All", service=EXCHANGE)
    assert cloud.role_id("Calendars.ReadWrite.All", EXCHANGE) == cloud.role_id("Calendars.ReadWrite")
    caller = cloud.calling_as(app)
    assert caller("GET", "/v1.0/users/ada.ashby@contoso.example/events").status_code == 403
