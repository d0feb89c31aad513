"""A mail-enabled security group that somebody else keeps: looked up, never changed."""

from typing import ClassVar

import pulumi
from pulumi.dynamic import Resource

from exchange import groups
from exchange.admin_api import current_exchange
from exchange.provider import Properties, Stopped, TenantProvider


class ExistingGroupProvider(TenantProvider):
    """Finds the group by its address; its id is the Entra object id, on which an access policy hangs.

    Another group under the same address has another object id, and is drift.
    """

    compared: ClassVar[tuple[str, ...]] = ("address", "recipientType")

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Look it up; Stopped when it is no mail-enabled security group."""
        found = groups.find(current_exchange(), props["address"])
        if found is None or not found.is_mail_enabled_security:
            what = "does not exist" if found is None else f"is a {found.recipient_type}"
            raise Stopped(
                f"staffGroup {props['address']} {what}, and an access policy needs a mail-enabled security "
                "group. Nothing was changed; correct staffGroup."
            )
        return found.object_id, dict(props)

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Look it up again, by its object id."""
        found = groups.find(current_exchange(), id_)
        if found is None:
            return None
        return {**props, "address": found.address, "recipientType": found.recipient_type}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Nothing is changed in the tenant: the group is somebody else's."""
        found_id, outputs = self.creates(news)
        if found_id != id_:
            raise Stopped(
                f"staffGroup {news['address']} is another group now ({found_id} instead of {id_}), so "
                "PlaceOS would open other mailboxes. Nothing was changed. If that is meant: take staffGroup "
                "away, run pulumi up, set it again."
            )
        return outputs

    def deletes(self, id_: str, props: Properties) -> None:
        """Leave it as it is."""


class ExistingGroup(Resource, module="exchange", name="ExistingGroup"):
    """An existing mail-enabled security group; `id` is its Entra object id."""

    def __init__(self, resource_name: str, *, address: str, opts: pulumi.ResourceOptions) -> None:
        inputs = {"address": address.lower(), "recipientType": "MailUniversalSecurityGroup"}
        super().__init__(ExistingGroupProvider(), resource_name, inputs, opts)
