import base64
import json
import threading

import pytest
import trustme
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

import deployer as module
from deployer import (
    Deployer,
    DeployerError,
    client_secret_credential,
    current_deployer,
    deployer_from_environment,
)
from tests.fake_service import APP, TENANT, reply

SECRET = "s3cr3t~value"
BASE = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": APP}


def kind(found: Deployer) -> type[object]:
    return type(found.credential._current)


def federated(environ: dict[str, str]) -> str:
    read = module._federated(environ)
    assert read is not None
    return read()


@pytest.fixture(scope="module")
def certificate():
    return trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("deployer", key_type=trustme.KeyType.RSA)


def test_a_client_secret(trusted):
    found = deployer_from_environment({**BASE, "ARM_CLIENT_SECRET": SECRET})
    assert kind(found) is ClientSecretCredential
    assert (found.tenant_id, found.client_id, found.is_application) == (TENANT, APP, True)
    assert found.exchange_credential is found.credential


def test_nothing_secret_is_shown(trusted):
    found = deployer_from_environment({**BASE, "ARM_CLIENT_SECRET": SECRET})
    assert SECRET not in f"{found!r} {found} {found.credential!r} {vars(found.credential)}"


def test_a_certificate_file_outranks_a_secret(trusted, certificate, tmp_path):
    path = tmp_path / "deployer.pem"
    path.write_bytes(certificate.private_key_and_cert_chain_pem.bytes())
    found = deployer_from_environment(
        {**BASE, "ARM_CLIENT_CERTIFICATE_PATH": str(path), "ARM_CLIENT_SECRET": SECRET}
    )
    assert kind(found) is CertificateCredential


@pytest.mark.parametrize("password", [None, "open sesame"])
def test_a_certificate_as_base64_with_its_password(trusted, certificate, password):
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    bundle = pkcs12.serialize_key_and_certificates(
        b"deployer",
        key,
        load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes()),
        None,
        encryption,
    )
    environ = {**BASE, "ARM_CLIENT_CERTIFICATE": base64.b64encode(bundle).decode()}
    if password:
        with pytest.raises(DeployerError, match="can't be used"):
            deployer_from_environment({**environ, "ARM_CLIENT_CERTIFICATE_PASSWORD": "wrong"})
        environ["ARM_CLIENT_CERTIFICATE_PASSWORD"] = password
    assert kind(deployer_from_environment(environ)) is CertificateCredential


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ARM_CLIENT_CERTIFICATE": "not base64!"}, "not base64"),
        ({"ARM_CLIENT_CERTIFICATE_PATH": "/nowhere/deployer.pem"}, "can't be used"),
    ],
)
def test_an_unusable_certificate_is_told_before_anything_is_done(trusted, variables, said):
    with pytest.raises(DeployerError, match=said):
        deployer_from_environment({**BASE, **variables})


def test_a_federated_token_is_read_anew_each_time(trusted, tmp_path, service, script):
    path = tmp_path / "token"
    path.write_text("first\n")
    environ = {**BASE, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN_FILE_PATH": str(path)}
    found = deployer_from_environment(environ)
    assert kind(found) is ClientAssertionCredential
    assert federated(environ) == "first"
    path.write_text("second\n")
    assert federated(environ) == "second"


def test_a_federated_token_given_as_such(trusted):
    environ = {**BASE, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "the-token"}
    assert kind(deployer_from_environment(environ)) is ClientAssertionCredential
    assert federated(environ) == "the-token"


def test_a_github_job_asks_its_runner(service, script):
    environ = {
        **BASE,
        "ARM_USE_OIDC": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": service.url_for("/token?api-version=2.0"),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "runner",
    }
    assert kind(deployer_from_environment(environ)) is ClientAssertionCredential
    script.then(reply({"value": "job-token"}))
    assert federated(environ) == "job-token"
    assert script.requests[0].headers["Authorization"] == "Bearer runner"
    assert script.requests[0].args["audience"] == "api://AzureADTokenExchange"


def test_a_federated_token_is_unused_unless_switched_on(trusted):
    environ = {**BASE, "ARM_OIDC_TOKEN": "t", "ARM_CLIENT_SECRET": SECRET, "ARM_USE_OIDC": "false"}
    assert kind(deployer_from_environment(environ)) is ClientSecretCredential


def test_a_person_signs_in_through_the_azure_cli(trusted):
    found = deployer_from_environment({"ARM_TENANT_ID": TENANT})
    assert kind(found) is AzureCliCredential
    assert (found.client_id, found.is_application) == ("", False)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "ARM_TENANT_ID is not set"),
        ({"ARM_TENANT_ID": "contoso.onmicrosoft.com"}, "refuses domain names"),
        ({**BASE}, "ARM_CLIENT_ID is set without a way to sign in"),
        ({"ARM_TENANT_ID": TENANT, "ARM_CLIENT_SECRET": SECRET}, "client secret but no ARM_CLIENT_ID"),
        ({"ARM_TENANT_ID": TENANT, "ARM_USE_CLI": "false"}, "No identity to deploy with"),
        ({**BASE, "ARM_USE_OIDC": "true"}, "id-token: write"),
        ({**BASE, "ARM_USE_OIDC": "perhaps"}, "ARM_USE_OIDC must be true or false"),
        (
            {"ARM_TENANT_ID": TENANT, "ARM_USE_MSI": "true"},
            "managed identity is not supported in this version",
        ),
        (
            {**BASE, "ARM_USE_OIDC": "1", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "x"},
            "Azure DevOps is not supported in this version",
        ),
        (
            {**BASE, "ARM_CLIENT_SECRET": SECRET, "EXCHANGE_CLIENT_ID": APP},
            "EXCHANGE_CLIENT_SECRET is missing",
        ),
        (
            {**BASE, "ARM_CLIENT_SECRET": SECRET, "EXCHANGE_CLIENT_SECRET": SECRET},
            "EXCHANGE_CLIENT_ID is missing",
        ),
        (
            {**BASE, "ARM_CLIENT_SECRET": SECRET, "EXCHANGE_TENANT_ID": APP},
            "an application and its mailbox scope live in one tenant",
        ),
    ],
)
def test_half_an_identity_or_two_is_one_clear_message(trusted, variables, said):
    with pytest.raises(DeployerError, match=said) as raised:
        deployer_from_environment(variables)
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_values_from_files_as_azuread_reads_them(trusted, tmp_path):
    (tmp_path / "id").write_text(f"{APP}\n")
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    found = deployer_from_environment(
        {
            "ARM_TENANT_ID": TENANT.upper(),
            "ARM_CLIENT_ID_FILE_PATH": str(tmp_path / "id"),
            "ARM_CLIENT_SECRET_FILE_PATH": str(tmp_path / "secret"),
        }
    )
    assert (found.tenant_id, found.client_id) == (TENANT, APP)


@pytest.mark.parametrize(
    ("content", "said"), [("another", "differ"), ("", "is empty"), (None, "can't be read")]
)
def test_a_file_that_can_not_be_used_is_named(trusted, tmp_path, content, said):
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DeployerError, match=f"ARM_CLIENT_SECRET.*{said}"):
        deployer_from_environment(
            {**BASE, "ARM_CLIENT_SECRET": SECRET, "ARM_CLIENT_SECRET_FILE_PATH": str(path)}
        )


def test_exchange_may_have_an_identity_of_its_own(trusted):
    found = deployer_from_environment(
        {**BASE, "ARM_CLIENT_SECRET": SECRET, "EXCHANGE_CLIENT_ID": TENANT, "EXCHANGE_CLIENT_SECRET": "other"}
    )
    assert found.exchange_credential is not found.credential


def test_one_deployer_a_process_however_many_threads_ask(trusted, monkeypatch):
    for name, value in {**BASE, "ARM_CLIENT_SECRET": SECRET}.items():
        monkeypatch.setenv(name, value)
    module._made.cache_clear()
    found, start = [], threading.Barrier(8)

    def ask():
        start.wait(10)
        found.append(current_deployer())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    module._made.cache_clear()
    assert len({id(one) for one in found}) == 1


def test_a_described_cloud_is_asked_for_tokens_without_microsofts_list(deployer, script, clock):
    url = deployer.cloud.login
    script.then(
        reply(
            {
                "token_endpoint": f"{url}/{TENANT}/oauth2/v2.0/token",
                "authorization_endpoint": f"{url}/{TENANT}/oauth2/v2.0/authorize",
                "issuer": f"{url}/{TENANT}/v2.0",
            }
        ),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": "the.access.token"}),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": "a.newer.token"}),
    )
    credential = client_secret_credential(TENANT, APP, SECRET, deployer.cloud, clock)
    assert credential.get_token("https://x/.default").token == "the.access.token"
    assert credential.get_token("https://x/.default").token == "the.access.token"
    paths = [request.path for request in script.requests]
    assert paths == [
        f"/{TENANT}/v2.0/.well-known/openid-configuration",
        f"/{TENANT}/oauth2/v2.0/token",
    ]


def test_forgetting_gets_a_newer_token_from_the_same_sign_in(deployer, script, clock):
    url = deployer.cloud.login

    def sign_in(request):
        if "openid-configuration" in request.path:
            return reply(
                {
                    "token_endpoint": f"{url}/{TENANT}/oauth2/v2.0/token",
                    "authorization_endpoint": f"{url}/{TENANT}/oauth2/v2.0/authorize",
                    "issuer": f"{url}/{TENANT}/v2.0",
                }
            )
        return reply(
            {"token_type": "Bearer", "expires_in": 3599, "access_token": f"token.{len(script.requests)}"}
        )

    script.then(*[sign_in] * 8)
    credential = client_secret_credential(TENANT, APP, SECRET, deployer.cloud, clock)
    first = credential.get_token("https://x/.default").token
    credential.forget()
    assert credential.get_token("https://x/.default").token != first
    assert json.dumps([request.path for request in script.requests]).count("/token") == 2
