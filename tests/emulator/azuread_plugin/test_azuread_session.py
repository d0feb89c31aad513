import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from emulator.azuread_plugin.graph import Graph, GraphError, when
from emulator.azuread_plugin.session import Session, Settings
from emulator.faults import Fault, Match
from emulator.plugin.errors import PluginError
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import ProviderClient

THROTTLED = {"error": {"code": "TooManyRequests", "message": "slow down"}}


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.read({}, environ)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited; nothing waits."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


def test_configure_asks_for_metadata_and_one_token(
    connect: Callable[[], ProviderClient], requests_since: Callable[[], list[str]], tenant: EmulatedTenant
) -> None:
    answer = connect().configure()
    assert requests_since() == ["GET /metadata/endpoints", f"POST /{tenant.tenant.id}/oauth2/v2.0/token"]
    assert (answer.supportsPreview, answer.acceptSecrets, answer.supports_autonaming_configuration) == (
        True,
        False,
        True,
    )


def test_without_a_metadata_host_there_is_no_tenant_to_stand_in_for(environ: dict[str, str]) -> None:
    del environ["ARM_METADATA_HOSTNAME"]
    with pytest.raises(PluginError, match=r"missing azuread:metadataHost \(ARM_METADATA_HOSTNAME\)"):
        Settings.read({}, environ)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("ARM_TENANT_ID", "tenant ID missing"),
        ("ARM_CLIENT_ID", "client ID missing"),
        ("ARM_CLIENT_SECRET", "secret missing"),
    ],
)
def test_half_a_credential_configures_no_authorizer(environ: dict[str, str], missing: str, said: str) -> None:
    del environ[missing]
    with pytest.raises(PluginError, match=f"no Authorizer could be configured.*{said}"):
        Session(Settings.read({}, environ))


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_a_pace_that_is_no_number_of_seconds_is_refused(environ: dict[str, str], text: str) -> None:
    with pytest.raises(PluginError, match="STANDIN_POLL_SECONDS"):
        Settings.read({}, {**environ, "STANDIN_POLL_SECONDS": text})


def test_arguments_come_before_the_environment(environ: dict[str, str]) -> None:
    settings = Settings.read({"clientId": "other", "tenantId": None}, environ)
    assert (settings.client_id, settings.tenant_id) == ("other", environ["ARM_TENANT_ID"])


def test_a_wrong_secret_is_one_message_without_the_secret(
    connect: Callable[[], ProviderClient], failing: Callable[..., str]
) -> None:
    message = failing(connect().configure, clientSecret="not-the-secret")
    assert "unable to obtain access token" in message
    assert "AADSTS7000215" in message
    assert "not-the-secret" not in message


def test_settings_do_not_show_the_secret(settings: Settings) -> None:
    assert settings.client_secret not in repr(settings)


def test_a_place_that_does_not_answer_is_named(settings: Settings) -> None:
    with pytest.raises(
        PluginError, match=r"retrieving the cloud's metadata: no usable answer from https://localhost:1/"
    ):
        Session(replace(settings, metadata_host="localhost:1"))


def test_a_certificate_of_an_unknown_authority_is_refused(settings: Settings) -> None:
    with pytest.raises(PluginError, match="CERTIFICATE_VERIFY_FAILED"):
        Session(replace(settings, ca_bundle=None))


def test_a_connection_that_was_not_configured_is_told_so(
    provider: ProviderClient, connect: Callable[[], ProviderClient], failing: Callable[..., str]
) -> None:
    provider.invoke("getClientConfig")
    assert "never configured" in failing(connect().invoke, "getClientConfig")


def test_each_connection_keeps_its_own_configuration(
    provider: ProviderClient, connect: Callable[[], ProviderClient]
) -> None:
    made = provider.create("Application", displayName="Reader")
    provider.create("ServicePrincipal", clientId=made.state["clientId"])
    secret = provider.create("ApplicationPassword", applicationId=made.id).state["value"]
    reader = connect()
    reader.configure(clientId=made.state["clientId"], clientSecret=secret)
    assert reader.invoke("getClientConfig")["clientId"] == made.state["clientId"]
    assert provider.invoke("getClientConfig")["clientId"] != made.state["clientId"]


def test_a_token_that_the_tenant_takes_for_expired_is_replaced(
    provider: ProviderClient, tenant: EmulatedTenant, requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("Application", displayName="Rooms")
    tenant.clock.advance(26 * 3600)
    requests_since()
    assert provider.refresh(made) is not None
    calls = requests_since()
    assert calls[:3] == [
        f"GET /v1.0{made.id}",
        f"POST /{tenant.tenant.id}/oauth2/v2.0/token",
        f"GET /v1.0{made.id}",
    ]
    assert len([call for call in calls if call.startswith("POST")]) == 1


def test_a_token_that_is_always_refused_ends_in_an_error(graph: Graph, tenant: EmulatedTenant) -> None:
    tenant.faults.add([Fault(match=Match(path="/v1.0/organization"), status=401, times=9)])
    with pytest.raises(GraphError, match="unexpected status 401"):
        graph.list("/organization")
    assert tenant.faults.waiting()[0].times == 7


@pytest.mark.parametrize("status", [408, 424, 429, 500, 503, "reset"])
def test_what_passes_is_tried_again(graph: Graph, tenant: EmulatedTenant, status: Any) -> None:
    tenant.faults.add([Fault(match=Match(path="/v1.0/users"), status=status, times=2)])
    assert graph.list("/users")
    assert tenant.faults.waiting() == []


def test_what_may_have_had_its_effect_is_not_sent_twice(graph: Graph, tenant: EmulatedTenant) -> None:
    dropped = Fault(match=Match(method="POST"), status="reset", when="after")
    tenant.faults.add([dropped])
    with pytest.raises(GraphError, match="no answer"):
        graph.post("/applications", {"displayName": "Rooms"}, type_="application")
    assert [app["displayName"] for app in tenant.store.all("application")].count("Rooms") == 1


def test_where_nobody_listens_nobody_is_waited_for(settings: Settings, waits: list[float]) -> None:
    session = Session(settings)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        session.base = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(GraphError, match="no answer"):
            Graph(session, minutes=5).list("/users")
    assert waits == []


@pytest.mark.parametrize("status", [400, 403, 404, 409, 501])
def test_what_does_not_pass_is_said_at_once(graph: Graph, tenant: EmulatedTenant, status: int) -> None:
    tenant.faults.add([Fault(match=Match(path="/v1.0/users"), status=status)])
    with pytest.raises(GraphError, match=f"unexpected status {status}"):
        graph.list("/users")


def test_the_wait_doubles_and_ends_with_the_operation(
    environ: dict[str, str], tenant: EmulatedTenant, waits: list[float]
) -> None:
    del environ["STANDIN_POLL_SECONDS"]
    patient = Graph(Session(Settings.read({}, environ)), minutes=1)
    tenant.faults.add([Fault(match=Match(path="/v1.0/users"), status=429, times=99, body=THROTTLED)])
    with pytest.raises(GraphError, match=r"429.*TooManyRequests: slow down"):
        patient.list("/users")
    assert waits == [1, 2, 4, 8, 16]


def test_a_service_may_say_how_long(
    environ: dict[str, str], tenant: EmulatedTenant, waits: list[float]
) -> None:
    del environ["STANDIN_POLL_SECONDS"]
    patient = Graph(Session(Settings.read({}, environ)), minutes=1)
    asked = Fault(match=Match(path="/v1.0/users"), status=429, headers={"Retry-After": "17"})
    tenant.faults.add([asked])
    assert patient.list("/users")
    assert waits == [17]


def test_the_polls_are_as_far_apart_as_the_real_ones(environ: dict[str, str], waits: list[float]) -> None:
    del environ["STANDIN_POLL_SECONDS"]
    patient = Graph(Session(Settings.read({}, environ)), minutes=5)
    sights = iter([False, True, True, False, True, True, True, True, True])
    patient.settle(lambda: next(sights), every=5, doing="waiting")
    assert waits == [5] * 8


def test_waiting_has_an_end(environ: dict[str, str], waits: list[float]) -> None:
    del environ["STANDIN_POLL_SECONDS"]
    patient = Graph(Session(Settings.read({}, environ)), minutes=1)
    with pytest.raises(GraphError, match="Waiting for deletion: timeout"):
        patient.settle(lambda: False, every=5, doing="Waiting for deletion")
    assert sum(waits) == 60


def test_a_further_reason_to_retry_can_be_given(graph: Graph, tenant: EmulatedTenant) -> None:
    fault = Fault(match=Match(method="POST", path="/v1.0/applications"), status=409)
    tenant.faults.add([fault])
    made = graph.post(
        "/applications", {"displayName": "Rooms"}, type_="application", retry=when(409, saying="Conflict")
    )
    assert made["displayName"] == "Rooms"


def test_a_list_is_followed_to_its_end_and_nowhere_else(graph: Graph, tenant: EmulatedTenant) -> None:
    everyone = graph.list("/users")
    assert len({user["id"] for user in everyone}) == len(everyone) > 100
    elsewhere = {"value": [], "@odata.nextLink": "https://evil.example/v1.0/users"}
    tenant.faults.add([Fault(match=Match(path="/v1.0/users"), status=200, body=elsewhere)])
    with pytest.raises(GraphError, match="the next page is at another place than Graph"):
        graph.list("/users")
