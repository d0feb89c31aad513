"""The client secrets that PlaceOS signs in with: two slots that overlap, one handed out."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_azuread as azuread

from components import tokens
from components.refusals import names_the_right
from components.secret_slots import SecretSlots
from marks import slot_name
from moments import instant


class ClientSecretArgs(TypedDict):
    """Arguments of `ClientSecret`."""

    application_id: pulumi.Input[str]
    """Graph path of the application, `/applications/{object id}`."""
    slots: SecretSlots
    """When each secret ends and which one is current."""


class ClientSecret(pulumi.ComponentResource):
    """Two secrets on one application; PlaceOS is given the current one.

    A secret is replaced create-before-delete and only ever the older one, so the secret that PlaceOS holds
    stays valid for a whole period after its successor appears.
    """

    value: pulumi.Output[str]
    """The current secret (secret)."""
    key_id: pulumi.Output[str]
    """Key id of the current secret, as Entra lists it."""
    expires: pulumi.Output[str]
    """End of the current secret, UTC."""

    def __init__(
        self,
        name: str,
        args: ClientSecretArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.CLIENT_SECRET, name, {}, opts)
        slots = args["slots"]
        hooks = names_the_right(name)
        self.secrets = [
            azuread.ApplicationPassword(
                f"{name}-slot-{slot}",
                application_id=args["application_id"],
                display_name=slot_name(secret.end),
                end_date=instant(secret.end),
                # Recorded for the next plan; and another number is another secret, even with the same end.
                rotate_when_changed={"number": str(secret.number)},
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=after, additional_secret_outputs=["value"], hooks=hooks
                ),
            )
            for slot, secret in enumerate(slots.secrets)
        ]
        current = self.secrets[slots.current]
        self.value = pulumi.Output.secret(current.value)
        self.key_id = current.key_id
        self.expires = current.end_date
        self.register_outputs({"value": self.value, "key_id": self.key_id, "expires": self.expires})
