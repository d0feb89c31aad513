"""Get-Recipient and Get-Mailbox."""

from collections.abc import Sequence

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.authorization import READ_RECIPIENTS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.identities import asked_for, limited
from emulator.exchange.parameters import SIZE, TEXT, Kind, Texts
from emulator.exchange.records import as_mailbox, as_recipient
from emulator.store import Document

SEARCH: dict[str, Kind] = {
    "Identity": TEXT,
    "Filter": TEXT,
    "RecipientTypeDetails": Texts(),
    "ResultSize": SIZE,
}


@cmdlet("Get-Recipient", READ_RECIPIENTS, SEARCH)
def get_recipient(call: Call) -> Sequence[Document]:
    """Recipients of every type.

    learn.microsoft.com/powershell/module/exchangepowershell/get-recipient
    """
    return [as_recipient(found) for found in limited(call, asked_for(call))]


@cmdlet("Get-Mailbox", READ_RECIPIENTS, SEARCH)
def get_mailbox(call: Call) -> Sequence[Document]:
    """Mailboxes of people, rooms and equipment, and shared ones.

    learn.microsoft.com/powershell/module/exchangepowershell/get-mailbox
    """
    return [as_mailbox(found) for found in limited(call, asked_for(call, MAILBOX_TYPES))]
