import base64
import json
import threading

import pytest
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
)

import deployer as module
from deployer import (
    Deployer,
    DeployerError,
    client_secret_credential,
    current_deployer,
    deployer_from_environment,
    pipeline_token,
)
from tests.azure_cli import put_on_path, signed_in_person
from tests.certificates import Certificate
from tests.fake_service import APP, TENANT, reply

SECRET = "s3cr3t~value"
BASE = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": APP}


def kind(found: Deployer) -> type[object]:
    return type(found.credential._current)


def federated(environ: dict[str, str]) -> str:
    read = pipeline_token.from_environment(environ)
    assert read is not None
    return read()


def test_a_client_secret(trusted):
    found = deployer_from_environment({**BASE, "ARM_CLIENT_SECRET": SECRET})
    assert kind(found) is ClientSecretCredential
    assert (found.tenant_id, found.client_id, found.is_application) == (TENANT, APP, True)
    assert found.exchange_credential is found.credential


def test_nothing_secret_is_shown(trusted):
    found = deployer_from_environment({**BASE, "ARM_CLIENT_SECRET": SECRET})
    assert SECRET not in f"{found!r} {found} {found.credential!r} {vars(found.credential)}"


def test_a_certificate_file_outranks_a_secret(trusted, tmp_path):
    path = tmp_path / "deployer.pfx"
    path.write_bytes(Certificate().pkcs12())
    found = deployer_from_environment(
        {**BASE, "ARM_CLIENT_CERTIFICATE_PATH": str(path), "ARM_CLIENT_SECRET": SECRET}
    )
    assert kind(found) is CertificateCredential


@pytest.mark.parametrize("password", ["", "open sesame"])
def test_a_certificate_as_base64_with_its_password(trusted, password):
    environ = {**BASE, "ARM_CLIENT_CERTIFICATE": Certificate().base64(password)}
    if password:
        with pytest.raises(
            DeployerError, match="ARM_CLIENT_CERTIFICATE_PASSWORD is not its password"
        ) as told:
            deployer_from_environment({**environ, "ARM_CLIENT_CERTIFICATE_PASSWORD": "wr0ng~one"})
        assert "wr0ng~one" not in str(told.value)
        environ["ARM_CLIENT_CERTIFICATE_PASSWORD"] = password
    assert kind(deployer_from_environment(environ)) is CertificateCredential


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ARM_CLIENT_CERTIFICATE": "not base64!"}, "not base64"),
        ({"ARM_CLIENT_CERTIFICATE": base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()}, "a PEM file"),
        ({"ARM_CLIENT_CERTIFICATE": base64.b64encode(b"nonsense").decode()}, "no PKCS#12 file"),
        ({"ARM_CLIENT_CERTIFICATE_PATH": "/nowhere/deployer.pfx"}, "can't be read: No such file"),
        ({"ARM_CLIENT_CERTIFICATE": Certificate(days=(-60, -30)).base64()}, "add it to the application"),
        ({"ARM_CLIENT_CERTIFICATE": Certificate(days=(30, 60)).base64()}, "not now"),
        ({"ARM_CLIENT_CERTIFICATE": Certificate(elliptic=True).base64()}, "private RSA key"),
    ],
)
def test_an_unusable_certificate_is_told_before_anything_is_done(trusted, variables, said):
    with pytest.raises(DeployerError, match=said) as told:
        deployer_from_environment({**BASE, **variables})
    assert "\n" not in str(told.value)


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


@pytest.mark.parametrize(
    ("variable", "url", "bearer"),
    [
        ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"),
        ("ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "ARM_OIDC_REQUEST_URL", "ARM_OIDC_REQUEST_TOKEN"),
    ],
)
def test_a_service_connection_of_azure_devops(service, script, variable, url, bearer):
    environ = {
        **BASE,
        "ARM_USE_OIDC": "true",
        variable: "the-connection",
        url: service.url_for("/oidctoken"),
        bearer: "job",
    }
    assert kind(deployer_from_environment(environ)) is ClientAssertionCredential
    script.then(reply({"oidcToken": "connection-token"}))
    assert federated(environ) == "connection-token"
    [request] = script.requests
    assert (request.method, request.headers["Authorization"]) == ("POST", "Bearer job")
    assert request.args["serviceConnectionId"] == "the-connection"
    assert request.args["audience"] == "api://AzureADTokenExchange"


@pytest.mark.parametrize(
    ("more", "answer", "said"),
    [
        ({}, reply({"m": "s3cret"}, 403), "answered 403; check ARM_OIDC_REQUEST_URL.*id-token: write"),
        ({}, reply({}), "answered without a token; check ARM_OIDC_REQUEST_URL"),
        (
            {"ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "x"},
            reply({}, 401),
            r"answered 401; check ARM_OIDC_REQUEST_URL.*System\.AccessToken",
        ),
    ],
)
def test_a_refused_request_for_a_token_says_why_and_shows_no_secret(service, script, more, answer, said):
    environ = {
        **BASE,
        "ARM_USE_OIDC": "true",
        "ARM_OIDC_REQUEST_URL": service.url_for("/token"),
        "ARM_OIDC_REQUEST_TOKEN": SECRET,
        **more,
    }
    script.then(answer)
    with pytest.raises(DeployerError, match=said) as told:
        federated(environ)
    assert SECRET not in str(told.value)
    assert "s3cret" not in str(told.value)


def test_aks_workload_identity_names_the_tenant_and_takes_the_cluster_s_file(trusted, tmp_path):
    path = tmp_path / "token"
    path.write_text("cluster-token")
    environ = {
        "ARM_USE_AKS_WORKLOAD_IDENTITY": "true",
        "AZURE_TENANT_ID": TENANT,
        "ARM_CLIENT_ID": APP,
        "ARM_OIDC_TOKEN_FILE_PATH": str(path),
    }
    found = deployer_from_environment(environ)
    assert (kind(found), found.tenant_id) == (ClientAssertionCredential, TENANT)
    assert federated(environ) == "cluster-token"


def test_the_azure_cli_says_whether_a_person_or_an_application_deploys(trusted, tmp_path, monkeypatch):
    put_on_path(tmp_path, monkeypatch, signed_in_person(TENANT))
    found = deployer_from_environment({"ARM_TENANT_ID": TENANT})
    assert kind(found) is AzureCliCredential
    assert (found.client_id, found.is_application) == ("", False)
    own = {"EXCHANGE_CLIENT_ID": APP, "EXCHANGE_CLIENT_SECRET": SECRET}
    assert deployer_from_environment({"ARM_TENANT_ID": TENANT, **own}).is_application
    for name, client_id in ((APP, APP), ("systemAssignedIdentity", "")):
        user = {"name": name, "type": "servicePrincipal"}
        put_on_path(tmp_path, monkeypatch, {"account": {"tenantId": TENANT, "user": user}})
        found = deployer_from_environment({"ARM_TENANT_ID": TENANT})
        assert (found.client_id, found.is_application) == (client_id, True)


def test_an_azure_cli_that_can_not_sign_in_is_one_clear_message(trusted, tmp_path, monkeypatch):
    environ = {"ARM_TENANT_ID": TENANT}
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeployerError, match="the Azure CLI is not installed"):
        deployer_from_environment(environ)
    put_on_path(tmp_path, monkeypatch, None)
    with pytest.raises(DeployerError, match=f"Nobody is signed in.*az login --tenant {TENANT}"):
        deployer_from_environment(environ)
    put_on_path(tmp_path, monkeypatch, signed_in_person(APP))
    with pytest.raises(DeployerError, match=f"signed in to the tenant {APP} and ARM_TENANT_ID is {TENANT}"):
        deployer_from_environment(environ)


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
        ({**BASE, "ARM_USE_MSI": "sometimes"}, "ARM_USE_MSI must be true or false"),
        ({**BASE, "ARM_CLIENT_SECRET": SECRET, "ARM_USE_CLI": "no"}, "ARM_USE_CLI must be true or false"),
        (
            {**BASE, "ARM_USE_MSI": "true", "IDENTITY_ENDPOINT": "http://localhost:42356/msi/token"},
            "azuread can't use. Run on a virtual machine",
        ),
        (
            {**BASE, "ARM_USE_OIDC": "1", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "x"},
            "no ARM_OIDC_REQUEST_URL: give the step",
        ),
        (
            {
                **BASE,
                "ARM_USE_OIDC": "1",
                "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "x",
                "SYSTEM_OIDCREQUESTURI": "https://x",
            },
            "no ARM_OIDC_REQUEST_TOKEN: give the step",
        ),
        ({**BASE, "ARM_USE_AKS_WORKLOAD_IDENTITY": "1"}, "AZURE_FEDERATED_TOKEN_FILE"),
        (
            {**BASE, "ARM_USE_AKS_WORKLOAD_IDENTITY": "1", "AZURE_TENANT_ID": APP},
            "the workload identity is of one tenant",
        ),
        (
            {"ARM_TENANT_ID": TENANT, "ARM_USE_OIDC": "1", "ARM_OIDC_TOKEN": SECRET},
            "token but no ARM_CLIENT_ID",
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
