"""An application that exists already and is taken in place of a new one."""

from typing import TypedDict

import pulumi
import pulumi_azuread as azuread

from components import tokens
from components.refusals import answered

_READS = "Application.Read.All"


class ExistingApplicationArgs(TypedDict):
    """Arguments of `ExistingApplication`."""

    client_id: str
    """Its application (client) id."""
    accepted_permissions: list[str]
    """Application permissions on mailboxes that it may hold besides, by name."""
    accepted_policies: list[str]
    """Identities of its access policies that may stay besides."""


class ExistingApplication(pulumi.ComponentResource):
    """The application and its service principal, looked up and left as they are.

    Redirect URIs, owners, requested permissions and consents are somebody else's. Secrets, the grants that
    PlaceOS needs and the access policies are added to it.
    """

    client_id: pulumi.Output[str]
    """Application (client) id."""
    application_object_id: pulumi.Output[str]
    """Object id of the application."""
    application_id: pulumi.Output[str]
    """Graph path of the application, `/applications/{object id}`."""
    service_principal_object_id: pulumi.Output[str]
    """Object id of the service principal (the enterprise application)."""

    def __init__(
        self, name: str, args: ExistingApplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(tokens.EXISTING_APPLICATION, name, {}, opts)
        looking = pulumi.InvokeOptions(parent=self)
        client_id = args["client_id"]
        application = answered(
            lambda: azuread.get_application(client_id=client_id, opts=looking), right=_READS
        )
        principal = answered(
            lambda: azuread.get_service_principal(client_id=client_id, opts=looking), right=_READS
        )
        self.client_id = pulumi.Output.from_input(application.client_id)
        self.application_object_id = pulumi.Output.from_input(application.object_id)
        self.application_id = pulumi.Output.from_input(f"/applications/{application.object_id}")
        self.service_principal_object_id = pulumi.Output.from_input(principal.object_id)
        self.register_outputs(
            {
                "client_id": self.client_id,
                "application_object_id": self.application_object_id,
                "application_id": self.application_id,
                "service_principal_object_id": self.service_principal_object_id,
            }
        )
