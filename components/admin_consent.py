"""Admin consent: the Graph application permissions that the tenant grants to PlaceOS."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_azuread as azuread

import permissions
from components import tokens
from components.refusals import answered, names_the_right


class AdminConsentArgs(TypedDict):
    """Arguments of `AdminConsent`."""

    service_principal_object_id: pulumi.Input[str]
    """Who receives the permissions."""
    permissions: Sequence[str]
    """Names of Graph application permissions; one grant each, so that a pull request shows one line each."""
    proven: pulumi.Input[list[str]]
    """The names that the proof before was asked for: those of the settings, or of the last run of a part of
    the stack without it."""
    kept: Sequence[str]
    """Those that an existing application holds already: somebody else's consents, left alone."""


class AdminConsent(pulumi.ComponentResource):
    """One app-role assignment on Microsoft Graph for each permission."""

    granted: pulumi.Output[list[str]]
    """The names that are granted, those that were kept included, known once every grant is there."""

    def __init__(
        self,
        name: str,
        args: AdminConsentArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.ADMIN_CONSENT, name, {}, opts)
        graph = answered(
            lambda: azuread.get_service_principal(
                client_id=permissions.GRAPH_APP_ID, opts=pulumi.InvokeOptions(parent=self)
            ),
            right="Application.Read.All",
        )
        hooks = names_the_right(name)
        self.grants = [
            azuread.AppRoleAssignment(
                f"{name}-{permission}",
                app_role_id=_same_id(permission, graph.app_role_ids),
                principal_object_id=args["service_principal_object_id"],
                resource_object_id=graph.object_id,
                opts=pulumi.ResourceOptions(parent=self, depends_on=after, hooks=hooks),
            )
            for permission in sorted(set(args["permissions"]) - set(args["kept"]))
        ]
        self.granted = pulumi.Output.all(args["proven"], *[grant.id for grant in self.grants]).apply(
            lambda known: sorted(known[0])
        )
        self.register_outputs({"granted": self.granted})


def _same_id(name: str, offered: Mapping[str, str]) -> str:
    expected = permissions.find(name).id
    if offered.get(name) != expected:
        raise pulumi.RunError(
            f"permission {name}: this tenant's Microsoft Graph offers it as {offered.get(name)}, the "
            f"catalogue says {expected}. Nothing was granted. Check the cloud and permissions/catalogue.json."
        )
    return expected
