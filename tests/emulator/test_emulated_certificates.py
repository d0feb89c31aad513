import time
from datetime import datetime

import jwt
import pytest
from azure.identity import CertificateCredential

from tests.certificates import Certificate


@pytest.fixture(scope="module")
def certificate():
    return Certificate()


@pytest.fixture
def admin(cloud):
    return cloud.caller("Application.ReadWrite.All")


@pytest.fixture
def app(cloud):
    return cloud.app("User.Read.All")


def register(admin, app, *certificates, **more):
    keys = [
        {"type": "AsymmetricX509Cert", "usage": "Verify", "key": one.der(), **more} for one in certificates
    ]
    return admin("PATCH", f"/v1.0/applications/{app.application_id}", {"keyCredentials": keys})


def assertion(cloud, app, certificate, *, headers=None, signed_by=None, algorithm="RS256", **claims):
    now = int(time.time())
    said = {
        "aud": f"{cloud.url}/{cloud.tenant.id}/oauth2/v2.0/token",
        "iss": app.client_id,
        "sub": app.client_id,
        "nbf": now,
        "exp": now + 600,
        **claims,
    }
    named = {"x5t": certificate.thumbprint()} if headers is None else headers
    return jwt.encode(said, (signed_by or certificate).key, algorithm=algorithm, headers=named)


def asked(cloud, app, token):
    answer = cloud.ask_token(app, client_secret="", client_assertion=token)
    codes = answer.json().get("error_codes", [None])
    assert bool(answer.json().get("access_token")) == (codes == [None])
    return codes[0], answer.json().get("error_description", "")


@pytest.fixture
def sign_in(cloud, admin, app, certificate):
    """Sign in with an assertion that the registered certificate signed, but for what is changed."""
    register(admin, app, certificate)
    return lambda **change: asked(cloud, app, assertion(cloud, app, certificate, **change))


def test_azure_identity_signs_in_with_a_registered_certificate_until_it_is_taken_away(
    cloud, admin, app, certificate, monkeypatch
):
    for name, value in cloud.served.environment.items():
        monkeypatch.setenv(name, value)
    assert register(admin, app, certificate).status_code == 204

    def sign_in():
        credential = CertificateCredential(
            cloud.tenant.id,
            app.client_id,
            certificate_data=certificate.pkcs12(),
            authority=cloud.url,
            disable_instance_discovery=True,
        )
        return credential.get_token(f"{cloud.url}/.default").token

    assert jwt.decode(sign_in(), options={"verify_signature": False})["appid"] == app.client_id
    assert register(admin, app).status_code == 204
    with pytest.raises(Exception, match="AADSTS700027"):
        sign_in()


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
@pytest.mark.parametrize("name", ["x5t", "kid", "x5t#S256"])
def test_a_certificate_may_be_named_in_three_ways(sign_in, certificate, name, algorithm):
    named = certificate.thumbprint("sha256" if name == "x5t#S256" else "sha1")
    assert sign_in(headers={name: named}, algorithm=algorithm)[0] is None


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"headers": {}}, 50027, "No certificate thumbprint specified in token header"),
        ({"headers": {"x5t": "AAAA"}}, 700027, "The key was not found., Thumbprint of key used by client"),
        ({"aud": "https://elsewhere.example/token"}, 700023, "audience claim does not match Realm issuer"),
        ({"iss": "somebody"}, 700021, "doesn't match 'client_id' parameter"),
        ({"sub": "somebody"}, 700021, "doesn't match 'client_id' parameter"),
        ({"exp": 1}, 700024, "not within its valid time range"),
        ({"nbf": 4_000_000_000}, 700024, "not within its valid time range"),
        ({"signed_by": Certificate()}, 700027, "contains an invalid signature"),
    ],
)
def test_an_assertion_that_is_not_right_is_refused(sign_in, change, code, said):
    found, text = sign_in(**change)
    assert (found, said in text) == (code, True), text


def test_what_is_no_token_is_refused(cloud, app):
    assert asked(cloud, app, "nonsense")[0] == 50027


def test_a_certificate_of_another_application_is_refused(cloud, admin, app, certificate):
    register(admin, cloud.app(), certificate)
    assert asked(cloud, app, assertion(cloud, app, certificate))[0] == 700027


def test_an_expired_certificate_is_refused_by_the_tenant_s_time(sign_in, cloud):
    cloud.clock.advance(91 * 86400)
    found, text = sign_in()
    assert (found, "The key used is expired" in text) == (700027, True)


def test_a_registered_certificate_is_described_and_its_key_is_not_shown(admin, app, certificate):
    register(admin, app, certificate, displayName="prod")
    path = f"/v1.0/applications/{app.application_id}"
    [shown] = admin.ok("GET", path)["keyCredentials"]
    assert (shown["displayName"], shown["key"], len(shown["customKeyIdentifier"])) == ("prod", None, 40)
    ends = datetime.fromisoformat(shown["endDateTime"])
    assert ends == certificate.certificate.not_valid_after_utc.replace(microsecond=0)
    other = Certificate()
    more = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": other.der()}
    admin.ok("PATCH", path, {"keyCredentials": [shown, more]})
    kept = admin.ok("GET", path)["keyCredentials"]
    assert len(kept) == 2
    assert kept[0] == shown


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"key": "bm9uc2Vuc2U="}, "no X.509 certificate"),
        ({"key": None}, "no X.509 certificate"),
        ({"type": "Symmetric"}, "must be AsymmetricX509Cert"),
        ({"endDateTime": "2199-01-01T00:00:00Z"}, "end date is invalid"),
        ({"startDateTime": "1999-01-01T00:00:00Z"}, "start date is invalid"),
    ],
)
def test_what_graph_does_not_take_for_a_certificate(admin, app, certificate, more, said):
    answer = register(admin, app, certificate, **more)
    assert (answer.status_code, said in answer.text) == (400, True)


def test_another_certificate_under_a_known_key_id_is_refused(admin, app, certificate):
    register(admin, app, certificate)
    [shown] = admin.ok("GET", f"/v1.0/applications/{app.application_id}")["keyCredentials"]
    answer = register(admin, app, Certificate(), keyId=shown["keyId"])
    assert "is not allowed" in answer.text
    assert answer.status_code == 400


def test_a_certificate_of_its_service_principal_signs_in_as_well(cloud, admin, app, certificate):
    path = f"/v1.0/servicePrincipals/{app.principal_id}"
    key = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": certificate.der()}
    assert asked(cloud, app, assertion(cloud, app, certificate))[0] == 700027
    assert admin("PATCH", path, {"keyCredentials": [key]}).status_code == 204
    [shown] = admin.ok("GET", path)["keyCredentials"]
    assert shown["startDateTime"] < shown["endDateTime"]
    assert asked(cloud, app, assertion(cloud, app, certificate))[0] is None
    assert admin("PATCH", path, {"keyCredentials": [key | {"key": "bm9uZQ=="}]}).status_code == 400
    assert admin("PATCH", path, {"keyCredentials": []}).status_code == 204
    assert asked(cloud, app, assertion(cloud, app, certificate))[0] == 700027
