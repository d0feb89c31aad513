"""Consent that a person gives, in place of the grants of `AdminConsent`: looked for, never made."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from exchange.other_grants import held_already
from exchange.personal_consent import lacking, to_consent
from exchange.provider import Properties, Stopped, TenantProvider, output, tell
from graph.api import current_graph
from wire import NotFound


class ConsentByPersonProvider(TenantProvider):
    """Waits until every permission is granted on Microsoft Graph. It only reads.

    `permissions` is what is granted of those that were asked for: one that was taken away is drift. What is
    granted beside them is found by the proof `ConfiguredAccess`.
    """

    compared: ClassVar[tuple[str, ...]] = ("servicePrincipalObjectId", "permissions")

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Find the consents, or stop with WAITING before any secret exists."""
        found = _found(props, "nothing usable exists")
        left = [name for name in props["permissions"] if name not in props["takenAway"]]
        return f"{props['appId']}-consent-by-person", {**found, "permissions": left}

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Look again; without the service principal no consent is left."""
        try:
            held = held_already(current_graph(), props["servicePrincipalObjectId"], props["asked"])
        except NotFound:
            return None
        return {**props, "permissions": sorted(held)}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Wait for the permission that was added, or given back."""
        return _found(news, "nothing new was handed out")

    def deletes(self, id_: str, props: Properties) -> None:
        """Consents go with their application; those of one that stays are left to a person."""
        if props["applicationStays"] and props["permissions"]:
            tell(
                f"Consents that a person gave to the existing application {props['appId']} stay: "
                f"{', '.join(props['permissions'])}. If nothing else needs them, take them back in Entra, "
                "Enterprise applications, the application, Permissions."
            )


def _found(props: Properties, meanwhile: str) -> Properties:
    if missing := lacking(current_graph(), props["servicePrincipalObjectId"], props["permissions"]):
        raise Stopped(to_consent(missing, meanwhile))
    return props


class ConsentByPerson(Resource, module="exchange", name="ConsentByPerson"):
    """The permissions that a person has consented to."""

    def __init__(  # noqa: PLR0913 - what is asked for, and of which application
        self,
        resource_name: str,
        *,
        app_id: pulumi.Input[str],
        service_principal_object_id: pulumi.Input[str],
        permissions: Sequence[str],
        kept: Sequence[str],
        taken_away: Sequence[str],
        application_stays: bool,
        opts: pulumi.ResourceOptions,
    ) -> None:
        asked = sorted(set(permissions) - set(kept))
        inputs: dict[str, Any] = {
            "appId": app_id,
            "servicePrincipalObjectId": service_principal_object_id,
            "permissions": asked,
            "asked": asked,
            # What code consented to goes at the end of the run that leaves it to a person.
            "takenAway": list(taken_away),
            "applicationStays": application_stays,
        }
        super().__init__(ConsentByPersonProvider(), resource_name, inputs, opts)
        self._wanted = sorted(permissions)

    @property
    def granted(self) -> pulumi.Output[list[str]]:
        """The names that are granted, those that were kept included, known once every consent is there."""
        return pulumi.Output.from_input(output(self, "permissions")).apply(lambda _: self._wanted)
