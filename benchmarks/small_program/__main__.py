"""As little as a program with an application, its consent, a secret and a dynamic resource can be."""

import pulumi
import pulumi_azuread as azuread
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

GRAPH = "00000003-0000-0000-c000-000000000000"
PLACE_READ_ALL = "913b9306-0ce1-42b8-9137-6a7df690a760"


class TrivialProvider(ResourceProvider):
    """Keeps a text in the state."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, str]) -> CreateResult:
        """Take the text as it is."""
        return CreateResult("trivial", props)


class Trivial(Resource):
    """A text."""


graph = azuread.get_service_principal(client_id=GRAPH)
owners = [azuread.get_client_config().object_id]  # a deployer may only change what it owns
application = azuread.Application("application", display_name="Small program", owners=owners)
principal = azuread.ServicePrincipal("principal", client_id=application.client_id, owners=owners)
azuread.AppRoleAssignment(
    "grant",
    app_role_id=PLACE_READ_ALL,
    principal_object_id=principal.object_id,
    resource_object_id=graph.object_id,
)
azuread.ApplicationPassword("password", application_id=application.id, end_date="2099-01-01T00:00:00Z")
Trivial(TrivialProvider(), "trivial", {"text": "hello"})

pulumi.export("clientId", application.client_id)
