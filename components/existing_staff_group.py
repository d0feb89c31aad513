"""A group of people that somebody else keeps, whose mailboxes PlaceOS may open beside the rooms'."""

from collections.abc import Sequence
from typing import TypedDict, final

import pulumi

from components import tokens
from exchange.existing_group import ExistingGroup


@final
class ExistingStaffGroupArgs(TypedDict):
    """Arguments of `ExistingStaffGroup`."""

    address: str
    """Address of the mail-enabled security group."""


class ExistingStaffGroup(pulumi.ComponentResource):
    """The group, looked up: whoever is in it can be reached, and nothing of it is changed here."""

    object_id: pulumi.Output[str]
    """Entra object id of the group."""

    def __init__(
        self,
        name: str,
        args: ExistingStaffGroupArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.EXISTING_STAFF_GROUP, name, {}, opts)
        # Named after the address: another group is another resource, and nothing is ever replaced.
        group = ExistingGroup(
            f"{name}-{args['address']}",
            address=args["address"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self.object_id = group.id
        self.register_outputs({"object_id": self.object_id})
