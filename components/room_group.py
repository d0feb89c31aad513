"""The mail-enabled security group whose members are the rooms that PlaceOS may open."""

from collections.abc import Sequence

import pulumi

from components import tokens
from components.locked_group import LockedGroupArgs, locked_group
from exchange.mailbox_kinds import ROOMS


class RoomGroupArgs(LockedGroupArgs):
    """Arguments of `RoomGroup`: the members are rooms."""


class RoomGroup(pulumi.ComponentResource):
    """The locked group of the rooms, which are what PlaceOS is for."""

    object_id: pulumi.Output[str]
    """Entra object id of the group."""
    address: pulumi.Output[str]
    """Primary SMTP address of the group."""

    def __init__(
        self,
        name: str,
        args: RoomGroupArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.ROOM_GROUP, name, {}, opts)
        group = locked_group(name, args, ROOMS, parent=self, after=after)
        self.object_id = group.id
        self.address = group.address
        self.register_outputs({"object_id": self.object_id, "address": self.address})
