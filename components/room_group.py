"""The mail-enabled security group whose members are the rooms that PlaceOS may open."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components import tokens
from exchange.group_members import GroupMembers
from exchange.security_group import SecurityGroup


class RoomGroupArgs(TypedDict):
    """Arguments of `RoomGroup`."""

    group_name: str
    """Display name and Exchange name, at most 64 characters."""
    alias: str
    """Exchange alias, unique in the tenant."""
    address: str
    """Primary SMTP address, in an accepted domain."""
    owner: str
    """Address of the administrator who owns the group and is the only one who may send to it."""
    members: Mapping[str, str]
    """Room mailbox addresses, each with the room's name, which previews show."""
    allow_removals: int
    """How many rooms this run may take out of the group, if that is more than max(5, 5 %)."""
    mark: str
    """The stack's ownership mark, kept in the group's notes."""
    protect: bool
    """Refuse to delete the group."""


class RoomGroup(pulumi.ComponentResource):
    """The group, locked before its first member, and its members.

    Whoever can add a member widens PlaceOS's reach and whoever can mail the group books every room, so it is
    hidden, closed, owned by an administrator, and takes mail from that administrator only.
    """

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
        self.group = SecurityGroup(
            f"{name}-group",
            name=args["group_name"],
            alias=args["alias"],
            address=args["address"],
            owner=args["owner"],
            mark=args["mark"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after, protect=args["protect"]),
        )
        self.members = GroupMembers(
            f"{name}-members",
            group_object_id=self.group.id,
            members=args["members"],
            allow_removals=args["allow_removals"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after, self.group]),
        )
        self.object_id = self.group.id
        self.address = self.group.address
        self.register_outputs({"object_id": self.object_id, "address": self.address})
