"""Microsoft's own SDK against the emulated tenant, with azure-identity, both unchanged."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph.generated.applications.item.add_password.add_password_post_request_body import (
    AddPasswordPostRequestBody,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.event import Event
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

ROOM = "syd-01-harbour@contoso.example"


@pytest.fixture
def client_of(cloud, monkeypatch):
    """Clients as an integrator makes them: endpoints and trust from the environment."""
    for name, value in cloud.served.environment.items():
        monkeypatch.setenv(name, value)

    def make(client_id, secret):
        credential = ClientSecretCredential(
            cloud.tenant.id, client_id, secret, authority=cloud.url, disable_instance_discovery=True
        )
        adapter = GraphRequestAdapter(
            AzureIdentityAuthenticationProvider(
                credential,
                scopes=[f"{cloud.url}/.default"],
                allowed_hosts=["localhost"],
            )
        )
        adapter.base_url = f"{cloud.url}/v1.0"
        return GraphServiceClient(request_adapter=adapter)

    return make


@pytest.fixture
def deployer(cloud, client_of):
    environment = cloud.served.environment_of("Tenant Administrator")
    return client_of(environment["ARM_CLIENT_ID"], environment["ARM_CLIENT_SECRET"])


def test_it_pages_and_selects(deployer):
    async def everyone():
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(top=50, select=["id", "mail"])
        page = await deployer.users.get(RequestConfiguration(query_parameters=query))
        found = list(page.value)
        while page.odata_next_link:
            page = await deployer.users.with_url(page.odata_next_link).get()
            found += page.value
        return found

    found = asyncio.run(everyone())
    assert len({user.mail for user in found}) == 171


def test_it_makes_an_app_consents_and_the_app_books(cloud, deployer, client_of):
    async def work():
        app = await deployer.applications.post(Application(display_name="sdk"))
        principal = await deployer.service_principals.post(ServicePrincipal(app_id=app.app_id))
        graph = await deployer.service_principals_with_app_id("00000003-0000-0000-c000-000000000000").get()
        role = next(r for r in graph.app_roles if r.value == "Calendars.ReadWrite")
        assigned = deployer.service_principals.by_service_principal_id(graph.id).app_role_assigned_to
        consent = AppRoleAssignment(
            principal_id=UUID(principal.id), resource_id=UUID(graph.id), app_role_id=role.id
        )
        await assigned.post(consent)
        body = AddPasswordPostRequestBody(
            password_credential=PasswordCredential(end_date_time=datetime(2099, 1, 1, tzinfo=UTC))
        )
        secret = await deployer.applications.by_application_id(app.id).add_password.post(body)
        placeos = client_of(app.app_id, secret.secret_text)
        room = placeos.users.by_user_id(ROOM)
        start = DateTimeTimeZone(date_time="2026-03-02T09:00:00", time_zone="UTC")
        end = DateTimeTimeZone(date_time="2026-03-02T10:00:00", time_zone="UTC")
        booked = await room.calendar.events.post(Event(subject="SDK", start=start, end=end))
        return booked, await room.events.by_event_id(booked.id).get()

    booked, read = asyncio.run(work())
    assert (booked.id, booked.subject) == (read.id, "SDK")


def test_it_understands_refusals(cloud, client_of):
    app = cloud.app("User.Read.All")

    async def read():
        await client_of(app.client_id, app.secret).users.by_user_id(ROOM).events.get()

    with pytest.raises(ODataError) as refusal:
        asyncio.run(read())
    assert refusal.value.response_status_code == 403
    assert refusal.value.error is not None
    assert refusal.value.error.code == "ErrorAccessDenied"
    assert refusal.value.error.inner_error is not None
    assert refusal.value.error.inner_error.request_id
