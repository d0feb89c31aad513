from collections.abc import Callable

import pytest

from emulator.azuread_plugin.graph import Graph
from emulator.faults import Fault, Match
from emulator.plugin.wire import UNKNOWN
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import Made, ProviderClient

SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURE = "4dabf18193072939515e22adb298388d"


@pytest.fixture
def application(provider: ProviderClient) -> Made:
    return provider.create("Application", displayName="Rooms")


def test_life_of_a_password(
    provider: ProviderClient,
    application: Made,
    graph: Graph,
    failing: Callable[..., str],
    requests_since: Callable[[], list[str]],
) -> None:
    asked = {
        "applicationId": application.id,
        "displayName": "slot 0",
        "endDate": "2099-01-01T00:00:00Z",
        "rotateWhenChanged": {"period": "1"},
    }
    requests_since()
    made = provider.create("ApplicationPassword", **asked)
    app = f"/v1.0{application.id}"
    assert requests_since()[-8:] == [f"GET {app}", f"POST {app}/addPassword", *[f"GET {app}"] * 6]
    credential = graph.get(application.id)["passwordCredentials"][0]
    assert made.id == f"{application.state['objectId']}/password/{credential['keyId']}"
    assert made.state == {
        "__meta": made.state["__meta"],
        "applicationId": application.id,
        "displayName": "slot 0",
        "endDate": "2099-01-01T00:00:00Z",
        "endDateRelative": None,
        "id": made.id,
        "keyId": credential["keyId"],
        "rotateWhenChanged": {"period": "1"},
        "startDate": credential["startDateTime"],
        "value": made.state["value"],
    }
    assert '"create":900000000000' in made.state["__meta"]
    assert provider.diff(made, **asked).paths == {}
    refreshed = provider.refresh(made)
    assert refreshed is not None
    assert refreshed.state == made.state, "the text is told once and kept"
    provider.delete(made)
    assert requests_since()[-6:] == [f"POST {app}/removePassword", *[f"GET {app}"] * 5]
    assert provider.refresh(made) is None
    assert "Removing password credential" in failing(provider.delete, made)


def test_the_text_signs_in_and_leaves_as_a_secret(
    provider: ProviderClient, application: Made, connect: Callable[[], ProviderClient]
) -> None:
    provider.create("ServicePrincipal", clientId=application.state["clientId"])
    made = provider.create("ApplicationPassword", applicationId=application.id)
    value = made.raw.fields["value"].struct_value.fields
    assert value[SIGNATURE].string_value == SECRET_MARK
    assert value["value"].string_value == made.state["value"] != ""
    assert [name for name, other in made.raw.fields.items() if made.state["value"] in str(other)] == ["value"]
    connect().configure(clientId=application.state["clientId"], clientSecret=made.state["value"])


def test_a_preview_leaves_the_secret_open_and_secret(provider: ProviderClient) -> None:
    planned = provider.preview_create("ApplicationPassword", applicationId=UNKNOWN)
    assert planned.state["value"] is UNKNOWN
    assert planned.raw.fields["value"].struct_value.fields[SIGNATURE].string_value == SECRET_MARK
    assert planned.state["endDate"] is UNKNOWN


def test_rotation_replaces_and_keeps_the_old_one_until_the_end(
    provider: ProviderClient, application: Made
) -> None:
    made = provider.create(
        "ApplicationPassword", applicationId=application.id, rotateWhenChanged={"period": "1"}
    )
    found = provider.diff(made, applicationId=application.id, rotateWhenChanged={"period": "2"})
    assert found.replaces == ["rotateWhenChanged"]
    assert found.paths == {"rotateWhenChanged.period": "UPDATE_REPLACE"}


def test_an_end_date_with_an_offset_asks_for_a_new_secret_on_every_run(
    provider: ProviderClient, application: Made
) -> None:
    asked = {"applicationId": application.id, "endDate": "2099-01-01T00:00:00+00:00"}
    made = provider.create("ApplicationPassword", **asked)
    assert made.state["endDate"] == "2099-01-01T00:00:00Z"
    assert provider.diff(made, **asked).paths == {"endDate": "UPDATE_REPLACE"}


def test_a_relative_end_date_is_taken_and_ignored(provider: ProviderClient, application: Made) -> None:
    short = provider.create("ApplicationPassword", applicationId=application.id, endDateRelative="240h")
    default = provider.create("ApplicationPassword", applicationId=application.id)
    assert short.state["endDateRelative"] == "240h"
    assert short.state["endDate"][:10] == default.state["endDate"][:10]


def test_what_graph_decides_never_differs(provider: ProviderClient, application: Made) -> None:
    made = provider.create("ApplicationPassword", applicationId=application.id)
    assert made.state["displayName"] == ""
    assert provider.diff(made, applicationId=application.id).paths == {}


def test_there_is_no_import(
    provider: ProviderClient, application: Made, requests_since: Callable[[], list[str]]
) -> None:
    made = provider.create("ApplicationPassword", applicationId=application.id)
    requests_since()
    assert provider.import_("ApplicationPassword", made.id) is None
    assert requests_since() == []


def test_a_password_that_is_never_listed_ends_the_wait_without_its_text(
    provider: ProviderClient, application: Made, tenant: EmulatedTenant, failing: Callable[..., str]
) -> None:
    app = tenant.store.get("application", application.state["objectId"])
    assert app is not None
    listing = Match(method="GET", path=f"^/v1.0{application.id}$")
    tenant.faults.add(
        [Fault(match=listing, skip=1, times=30, status=200, body={**app, "passwordCredentials": []})]
    )
    message = failing(provider.create, "ApplicationPassword", applicationId=application.id)
    assert "Waiting for password credential" in message
    assert "couldn't find resource (21 retries)" in message
    made = tenant.store.get("application", application.state["objectId"])
    assert made is not None
    assert not [text for text in made["_secrets"].values() if text in message]


def test_an_application_that_is_gone_is_named(
    provider: ProviderClient, application: Made, failing: Callable[..., str]
) -> None:
    provider.delete(application)
    message = failing(provider.create, "ApplicationPassword", applicationId=application.id)
    assert f'Application (Application: "{application.state["objectId"]}") was not found' in message
