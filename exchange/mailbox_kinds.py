"""The two kinds of mailboxes that PlaceOS may open: rooms, and staff."""

from dataclasses import dataclass

from exchange.records import ROOM_TYPES, Recipient

_ELSEWHERE = ("MailUser", "MailContact", "GuestMailUser")


@dataclass(frozen=True)
class MailboxKind:
    """What the members of a group have to be.

    types: Exchange's RecipientTypeDetails. noun, mailboxes: what they are called. source: where they are
    named. brake: the setting that lets many of them leave the group in one run.
    """

    name: str
    types: tuple[str, ...]
    noun: str
    mailboxes: str
    wanted: str
    source: str
    brake: str

    def has(self, one: Recipient) -> bool:
        """Whether the recipient is of this kind."""
        return one.type_details in self.types

    def why_not(self, one: Recipient) -> str:
        """What is wrong with a recipient that is not of this kind."""
        if one.type_details in _ELSEWHERE:
            return (
                f"is a {one.type_details}: its mailbox is not in Exchange Online (still on premises, or "
                "somebody else's), so PlaceOS can't open it"
            )
        return f"is a {one.type_details}, and no {self.wanted}"


ROOMS = MailboxKind(
    name="rooms",
    types=ROOM_TYPES,
    noun="rooms",
    mailboxes="room mailboxes",
    wanted="room, workspace or equipment mailbox",
    source="the inventory",
    brake="allowRemovals",
)
STAFF = MailboxKind(
    name="staff",
    types=("UserMailbox", "SharedMailbox"),
    noun="people",
    mailboxes="staff mailboxes",
    wanted="person's or shared mailbox",
    source="staff",
    brake="allowStaffRemovals",
)
KINDS = {kind.name: kind for kind in (ROOMS, STAFF)}
