"""The mail-enabled security group of people whose mailboxes PlaceOS may open beside the rooms'."""

from collections.abc import Sequence
from typing import final

import pulumi

from components import tokens
from components.locked_group import LockedGroupArgs, locked_group
from exchange.mailbox_kinds import STAFF


@final
class StaffGroupArgs(LockedGroupArgs):
    """Arguments of `StaffGroup`: the members are people."""


class StaffGroup(pulumi.ComponentResource):
    """The locked group of people who are named by address."""

    object_id: pulumi.Output[str]
    """Entra object id of the group."""
    address: pulumi.Output[str]
    """Primary SMTP address of the group."""

    def __init__(
        self,
        name: str,
        args: StaffGroupArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.STAFF_GROUP, name, {}, opts)
        group = locked_group(name, args, STAFF, parent=self, after=after)
        self.object_id = group.id
        self.address = group.address
        self.register_outputs({"object_id": self.object_id, "address": self.address})
