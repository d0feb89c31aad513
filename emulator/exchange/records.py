"""What a cmdlet shows of a recipient: not all that is kept, and some that follows from it."""

from collections.abc import Callable, Sequence
from typing import overload

from emulator.directory import MAILBOX_TYPES
from emulator.store import Document, Store

# The other types that are security principals, and so can be a policy's scope or own a group:
# learn.microsoft.com/powershell/module/exchangepowershell/new-applicationaccesspolicy
SECURITY_PRINCIPALS = frozenset({"UserMailbox", "MailUser", "MailUniversalSecurityGroup"})

_NOT_SHOWN = frozenset({"Members", "Notes", "Sid"})
_OF_MEMBERS = (
    "Identity",
    "Guid",
    "ExternalDirectoryObjectId",
    "Name",
    "Alias",
    "DisplayName",
    "DistinguishedName",
    "PrimarySmtpAddress",
    "RecipientType",
    "RecipientTypeDetails",
)
_OF_GROUPS = (
    "Identity",
    "Guid",
    "ExternalDirectoryObjectId",
    "Name",
    "DisplayName",
    "DistinguishedName",
    "GroupType",
    "ManagedBy",
    "Members",
    "Notes",
    "RecipientType",
    "RecipientTypeDetails",
    "Sid",
    "WindowsEmailAddress",
    "IsDirSynced",
)


def shown(recipient: Document) -> Document:
    """A recipient without what is kept for other cmdlets or for the emulator alone."""
    return {name: v for name, v in recipient.items() if name not in _NOT_SHOWN and not name.startswith("_")}


def as_recipient(recipient: Document) -> Document:
    """As Get-Recipient shows it."""
    principal = recipient["RecipientTypeDetails"] in SECURITY_PRINCIPALS
    return {**shown(recipient), "IsValidSecurityPrincipal": principal}


def as_mailbox(recipient: Document) -> Document:
    """As Get-Mailbox shows it."""
    details = recipient["RecipientTypeDetails"]
    return {
        **shown(recipient),
        "IsMailboxEnabled": details in MAILBOX_TYPES,
        "IsResource": details in ("RoomMailbox", "EquipmentMailbox"),
        "IsShared": details == "SharedMailbox",
    }


def as_group(recipient: Document) -> Document:
    """As Get-Group shows it: notes, but none of the mail settings."""
    return {name: recipient.get(name, "") for name in _OF_GROUPS}


def as_member(store: Store, object_id: str) -> Document:
    """As Get-DistributionGroupMember shows it; LookupError when the directory has no such object.

    A member without a mailbox has the recipient type `User` (Microsoft365DSC #6463).
    """
    recipient = store.get("recipient", object_id)
    if recipient is not None:
        return {name: recipient.get(name, "") for name in _OF_MEMBERS}
    user = store.get("user", object_id)
    if user is None:
        raise LookupError(f"the member {object_id} is neither a recipient nor a user: it was not forgotten")
    return {
        **dict.fromkeys(_OF_MEMBERS, ""),
        "ExternalDirectoryObjectId": user["id"],
        **dict.fromkeys(["Identity", "Name", "DisplayName"], user["displayName"]),
        **dict.fromkeys(["RecipientType", "RecipientTypeDetails"], "User"),
    }


class Loaded(Sequence[Document]):
    """Records that are read from the store one by one, when they are looked at: a page needs only its own."""

    def __init__(self, ids: Sequence[str], load: Callable[[str], Document]) -> None:
        self._ids, self._load = ids, load

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> Document: ...

    @overload
    def __getitem__(self, place: slice) -> "Loaded": ...

    def __getitem__(self, place: int | slice) -> "Document | Loaded":
        if isinstance(place, slice):
            return Loaded(self._ids[place], self._load)
        return self._load(self._ids[place])
