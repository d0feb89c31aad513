"""What the code says of a stack, with the ids that the tenant gave its objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from exchange.mailbox_kinds import MailboxKind


class Source(StrEnum):
    """Where the code names the members of a group, as sentences call it."""

    INVENTORY = "the inventory"
    ROOMS = "the setting rooms"
    STAFF = "the setting staff"
    EVERY_ROOM_MAILBOX = "the room mailboxes of the tenant"


@dataclass(frozen=True)
class CodeGroup:
    """A group of the scope.

    members: addresses with a label each; None: somebody else decides. owner: the address of the administrator
    who owns it and may mail it; "" for a group that somebody else keeps. name, alias: Exchange's; "" where
    the settings do not tell them. source: where the members are named.
    """

    object_id: str
    address: str
    kind: MailboxKind
    members: Mapping[str, str] | None
    owner: str = ""
    name: str = ""
    alias: str = ""
    source: Source = Source.INVENTORY

    @property
    def is_somebody_else_s(self) -> bool:
        """Whether somebody else keeps it, and decides what it is used for beside the scope."""
        return self.members is None


@dataclass(frozen=True)
class Code:
    """stack: as the operator calls it. Ids are in lower case.

    existing: the application is somebody else's, and the stack only uses it. permissions: names of what is to
    be granted on Microsoft Graph. accepted_permissions, accepted_policies: what an existing application has
    besides. owners: object ids of those of the application. administrators: of who else may hold Entra roles
    over it. secrets: the key ids that the state knows.
    unrecorded: the resources that the settings ask for and the state does not hold, by name, with their type.
    """

    stack: str
    mark: str
    application: str
    client_id: str
    principal: str
    name: str
    existing: bool
    permissions: frozenset[str]
    accepted_permissions: frozenset[str]
    accepted_policies: frozenset[str]
    owners: frozenset[str]
    administrators: frozenset[str]
    secrets: frozenset[str]
    groups: tuple[CodeGroup, ...]
    unrecorded: Mapping[str, str] = field(default_factory=dict)

    @property
    def group_ids(self) -> frozenset[str]:
        """The object ids of the groups."""
        return frozenset(one.object_id for one in self.groups)

    def group(self, object_id: str) -> CodeGroup | None:
        """The group with this object id, if it is one of the scope's."""
        return next((one for one in self.groups if one.object_id == object_id), None)
