"""The application that PlaceOS signs in as, and its service principal. It may do nothing yet."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_azuread as azuread

import permissions
from components import tokens
from components.refusals import names_the_right
from marks import notes_of


class AppRegistrationArgs(TypedDict):
    """Arguments of `AppRegistration`."""

    display_name: str
    """Name shown in Entra; another application of that name is refused, never adopted by name."""
    owners: Sequence[pulumi.Input[str]]
    """Object ids of the owners; include the deployer where it only holds Application.ReadWrite.OwnedBy."""
    permissions: Sequence[str]
    """Names of the Graph application permissions to request. Requesting grants nothing: consent does."""
    mark: str
    """The stack's ownership mark, kept in `notes`, by which an interrupted run finds its own objects."""
    protect: bool
    """Refuse to delete the application: its client id is what PlaceOS is configured with."""


class AppRegistration(pulumi.ComponentResource):
    """Single-tenant application without redirect URI, and its service principal.

    `required_resource_accesses` equals what `AdminConsent` grants, because an administrator's click on
    "Grant admin consent" may revoke what is not requested
    (https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent).
    """

    client_id: pulumi.Output[str]
    """Application (client) id."""
    application_object_id: pulumi.Output[str]
    """Object id of the application."""
    application_id: pulumi.Output[str]
    """Graph path of the application, `/applications/{object id}`, as azuread's other resources want it."""
    service_principal_object_id: pulumi.Output[str]
    """Object id of the service principal (the enterprise application)."""
    owners: pulumi.Output[Sequence[str]]
    """Object ids of the owners as they were declared: a refresh, which writes the tenant's into the state of
    the application, leaves these alone."""

    def __init__(
        self, name: str, args: AppRegistrationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(tokens.APP_REGISTRATION, name, {}, opts)
        hooks = names_the_right(name)
        application = azuread.Application(
            f"{name}-application",
            display_name=args["display_name"],
            sign_in_audience="AzureADMyOrg",
            prevent_duplicate_names=True,
            notes=notes_of(args["mark"]),
            owners=args["owners"],
            required_resource_accesses=[_requested(args["permissions"])],
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"], hooks=hooks),
        )
        principal = azuread.ServicePrincipal(
            f"{name}-service-principal",
            client_id=application.client_id,
            owners=args["owners"],
            notes=notes_of(args["mark"]),
            opts=pulumi.ResourceOptions(parent=self, hooks=hooks),
        )
        self.client_id = application.client_id
        self.application_object_id = application.object_id
        self.application_id = application.id
        self.service_principal_object_id = principal.object_id
        self.owners = pulumi.Output.all(*args["owners"])
        self.register_outputs(
            {
                "client_id": self.client_id,
                "application_object_id": self.application_object_id,
                "application_id": self.application_id,
                "service_principal_object_id": self.service_principal_object_id,
                "owners": self.owners,
            }
        )


def _requested(names: Sequence[str]) -> azuread.ApplicationRequiredResourceAccessArgs:
    # The list is ordered in azuread: an unsorted one shows changes where nothing changes
    # (https://github.com/hashicorp/terraform-provider-azuread/issues/1182).
    ids = sorted(permissions.find(name).id for name in names)
    return azuread.ApplicationRequiredResourceAccessArgs(
        resource_app_id=permissions.GRAPH_APP_ID,
        resource_accesses=[
            azuread.ApplicationRequiredResourceAccessResourceAccessArgs(id=id_, type="Role") for id_ in ids
        ],
    )
