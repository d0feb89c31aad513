import re

import pytest

from clouds import CLOUDS, Cloud, cloud_from_environment, require_cloud
from https_json import EndpointError
from tests.fake_service import reply

DOCUMENT = {
    "name": "Simulated",
    "resourceManager": "https://localhost:1/arm",
    "microsoftGraphResourceId": "https://localhost:1/",
    "authentication": {"loginEndpoint": "https://localhost:1/"},
    "suffixes": {},
}


@pytest.fixture
def host(service):
    return f"localhost:{service.port}"


def test_nothing_set_means_the_public_cloud():
    cloud = cloud_from_environment({})
    assert cloud == CLOUDS["public"]
    assert cloud.exchange_scope == "https://outlook.office365.com/.default"
    assert cloud.graph_scope == "https://graph.microsoft.com/.default"


@pytest.mark.parametrize(
    ("name", "known"),
    [("Global", "public"), ("usgovernmentl4", "usgovernment"), ("usgovernmentl5", "dod"), ("CHINA", "china")],
)
def test_names_are_those_of_azuread(name, known):
    assert cloud_from_environment({"ARM_ENVIRONMENT": name}) == CLOUDS[known]


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(EndpointError, match=r"ARM_ENVIRONMENT is 'germany'.*china.*public"):
        cloud_from_environment({"ARM_ENVIRONMENT": "germany"})


def test_where_documents_disagree_the_endpoint_can_be_said():
    cloud = cloud_from_environment(
        {"ARM_ENVIRONMENT": "dod", "EXCHANGE_ENDPOINT": "https://webmail.apps.mil/"}
    )
    assert cloud.exchange == "https://webmail.apps.mil"
    assert cloud.graph == CLOUDS["dod"].graph


@pytest.mark.parametrize(
    "value", ["http://outlook.office365.com", "outlook.office365.com", "https://u:p@host", "https://"]
)
def test_only_plain_https_endpoints(value):
    with pytest.raises(EndpointError, match="EXCHANGE_ENDPOINT must be a plain https"):
        cloud_from_environment({"EXCHANGE_ENDPOINT": value})


def test_the_metadata_document_outranks_the_name(service, script, host):
    script.then(reply(DOCUMENT))
    cloud = cloud_from_environment(
        {
            "ARM_METADATA_HOSTNAME": host,
            "ARM_ENVIRONMENT": "china",
            "EXCHANGE_ENDPOINT": "https://localhost:2",
        }
    )
    login = graph = "https://localhost:1"
    assert cloud == Cloud("Simulated", login, graph, "https://localhost:2", "https://localhost:1/arm")
    assert script.requests[0].full_path == "/metadata/endpoints?api-version=2022-09-01"


def test_a_described_cloud_that_is_a_known_one_has_its_exchange(script, host):
    script.then(
        reply(
            {
                "name": "AzureUSGovernment",
                "microsoftGraphResourceId": "https://graph.microsoft.us/",
                "authentication": {"loginEndpoint": "https://login.microsoftonline.us/"},
            }
        )
    )
    cloud = cloud_from_environment({"ARM_METADATA_HOSTNAME": host})
    assert cloud.exchange == "https://outlook.office365.us"
    assert not cloud.resource_manager, "where Azure Resource Manager is, is not guessed"


def test_an_unknown_cloud_does_not_get_the_public_exchange(script, host):
    script.then(reply(DOCUMENT))
    with pytest.raises(EndpointError, match="set EXCHANGE_ENDPOINT"):
        cloud_from_environment({"ARM_METADATA_HOSTNAME": host})


@pytest.mark.parametrize("key", ["name", "microsoftGraphResourceId", "authentication"])
def test_an_incomplete_document_is_refused(script, host, key):
    script.then(reply({name: value for name, value in DOCUMENT.items() if name != key}))
    with pytest.raises(EndpointError, match="lacks name"):
        cloud_from_environment({"ARM_METADATA_HOSTNAME": host})


def test_a_document_may_not_send_tokens_over_plain_http(script, host):
    script.then(reply({**DOCUMENT, "authentication": {"loginEndpoint": "http://localhost:1"}}))
    with pytest.raises(EndpointError, match="plain https"):
        cloud_from_environment({"ARM_METADATA_HOSTNAME": host})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply({}, 404), "answered 404"),
        (reply([]), "JSON object"),
        (reply({}, 302, {"Location": "https://localhost/elsewhere"}), "answered 302"),
    ],
)
def test_a_document_that_can_not_be_had_names_the_variable(script, host, answer, said):
    script.then(answer)
    with pytest.raises(EndpointError, match=f"{said}.*ARM_METADATA_HOSTNAME"):
        cloud_from_environment({"ARM_METADATA_HOSTNAME": host})


def test_an_untrusted_document_is_not_read(service, script, host, monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name)
    with pytest.raises(EndpointError, match=re.compile("certificate verify failed", re.IGNORECASE)):
        cloud_from_environment({"ARM_METADATA_HOSTNAME": host})
    assert script.requests == []


def test_the_stack_and_the_environment_must_name_one_cloud():
    require_cloud("public", {})
    require_cloud("dod", {"ARM_ENVIRONMENT": "usgovernmentl5"})
    require_cloud("public", {"ARM_ENVIRONMENT": "china", "ARM_METADATA_HOSTNAME": "localhost:1"})
    with pytest.raises(EndpointError, match="cloud china and the stack's setting cloud is public"):
        require_cloud("public", {"ARM_ENVIRONMENT": "china"})
