"""A mail-enabled security group of this stack, locked before its first member, and its members.

Whoever can add a member widens PlaceOS's reach and whoever can mail a group of rooms books every room, so it
is hidden, closed, owned by an administrator, and takes mail from that administrator only.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from exchange.group_members import GroupMembers
from exchange.mailbox_kinds import MailboxKind
from exchange.security_group import SecurityGroup


class LockedGroupArgs(TypedDict):
    """What a locked group is."""

    group_name: str
    """Display name and Exchange name, at most 64 characters."""
    alias: str
    """Exchange alias, unique in the tenant."""
    address: str
    """Primary SMTP address, in an accepted domain."""
    owner: str
    """Address of the administrator who owns the group and is the only one who may send to it."""
    members: Mapping[str, str]
    """Mailbox addresses, each with a name, which previews show."""
    allow_removals: int
    """How many members this run may take out of the group, if that is more than max(5, 5 %)."""
    mark: str
    """The stack's ownership mark, kept in the group's notes."""
    protect: bool
    """Refuse to delete the group."""


def locked_group(
    name: str,
    args: LockedGroupArgs,
    mailboxes: MailboxKind,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource],
) -> SecurityGroup:
    """The group and, after it, its members, which have to be `mailboxes`; both are children of `parent`."""
    group = SecurityGroup(
        f"{name}-group",
        name=args["group_name"],
        alias=args["alias"],
        address=args["address"],
        owner=args["owner"],
        mark=args["mark"],
        opts=pulumi.ResourceOptions(parent=parent, depends_on=after, protect=args["protect"]),
    )
    GroupMembers(
        f"{name}-members",
        group_object_id=group.id,
        group_adopted=group.adopted,
        mailboxes=mailboxes,
        members=args["members"],
        allow_removals=args["allow_removals"],
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[*after, group]),
    )
    return group
