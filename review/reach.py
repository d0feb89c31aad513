"""Which mailboxes one side lets the application open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from review import types
from review.declared import Declared, Resource
from review.held import held, opens_mailboxes

RESTRICT = "RestrictAccess"
ROOMS = "rooms"
"""The inventory's word for mailboxes that are no person's."""
STAFF = "staff"
"""And for people's."""


@dataclass(frozen=True)
class Mailbox:
    """A mailbox that can be opened. `kind` is ROOMS, STAFF or another word."""

    address: str
    label: str
    kind: str

    @property
    def shown(self) -> str:
        """Its label with its address."""
        return f"{self.label} ({self.address})" if self.label else self.address


@dataclass(frozen=True)
class Reach:
    """What can be opened.

    `groups`: those of somebody else, by address: who is in them can be reached too. `everything`: no policy
    limits a permission that opens mailboxes.
    """

    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    everything: bool = False

    @property
    def in_words(self) -> str:
        """How many, for a cell of a table."""
        if self.everything:
            return "every mailbox of the tenant"
        count = len(self.mailboxes)
        named = f"{count} mailbox" if count == 1 else f"{count} mailboxes"
        return " and ".join([named, *(f"whoever is in {group}" for group in self.groups)])


def reach(side: Declared) -> Reach:
    """Which mailboxes can be opened with the permissions of that side; none without such a permission."""
    if not any(opens_mailboxes(one) for one in held(side)):
        return Reach()
    if not limited(side):
        return Reach(everything=True)
    return Reach(
        mailboxes={one.address: one for group in _in_scope(side) for one in _members(group)},
        groups=(*_others_groups(side), *_not_listed(side), *_accepted(side)),
    )


def limited(side: Declared) -> bool:
    """Whether a policy keeps each application of the side to a group; one that only denies does not."""
    kept = {
        one.known("appId")
        for one in side.of(types.ACCESS_POLICIES)
        if one.texts("groupObjectIds") and set(one.texts("accessRights")) == {RESTRICT}
    }
    made = (one for one in side.of(types.SERVICE_PRINCIPAL) if not one.known("useExisting"))
    own = {one.known("clientId") for one in made}
    looked_up = {one.known("appId") for one in side.of(types.CONFIGURED_ACCESS)}
    return bool(kept) and (own or looked_up) <= kept


def _in_scope(side: Declared) -> tuple[Resource, ...]:
    """The member lists of groups that a policy names; one whose group is made by the update may be."""
    named = {group for one in side.of(types.ACCESS_POLICIES) for group in one.texts("groupObjectIds")}
    return tuple(
        one
        for one in side.of(types.GROUP_MEMBERS)
        if one.known("groupObjectId") is None or one.known("groupObjectId") in named
    )


def _others_groups(side: Declared) -> tuple[str, ...]:
    """The groups of somebody else, by address; those beside them only have a number."""
    existing = sorted(str(one.known("address")) for one in side.of(types.EXISTING_GROUP))
    limited_to = sum(len(one.texts("groupObjectIds")) for one in side.of(types.ACCESS_POLICIES))
    unnamed = limited_to - len(existing) - len(_in_scope(side))
    return (*existing, f"{unnamed} more that this stack does not name") if unnamed > 0 else tuple(existing)


def _not_listed(side: Declared) -> tuple[str, ...]:
    """The groups of this stack whose members can't be read: only the update will know them."""
    unread = (one.name for one in _in_scope(side) if not isinstance(one.known("members"), Mapping))
    return tuple(f"{name}, which only the update will know" for name in unread)


def _accepted(side: Declared) -> tuple[str, ...]:
    """A policy that somebody else made opens its group as well: an application's policies are a union."""
    policies = {name for one in side.of(types.ACCESS_POLICIES) for name in one.texts("accepted")}
    return tuple(f"the group of the accepted policy {name}" for name in sorted(policies))


def _members(group: Resource) -> tuple[Mailbox, ...]:
    members, kind = group.known("members"), str(group.known("mailboxes") or "mailboxes")
    if not isinstance(members, Mapping):
        return ()
    return tuple(Mailbox(address, str(label or ""), kind) for address, label in members.items())
