"""Whose mailbox a call asks for, and whether the app may have it now.

https://learn.microsoft.com/en-us/graph/auth-limit-mailbox-access
"""

from emulator.directory import addresses
from emulator.exchange.enforcement import mailbox_access
from emulator.graph.errors import GraphError, blocked_by_policy
from emulator.graph.routing import Call
from emulator.store import Document, Store

_MAILBOXES = {"UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"}


def open_mailbox(call: Call) -> Document:
    """The recipient whose mailbox the path names, if policies as Graph has them now let the app in.

    The address asked for goes into the request log, whatever the answer. GraphError when there is no such
    mailbox or when a policy keeps the app out.
    """
    name = call.params["id"]
    call.note(mailbox=name)
    recipient = find_mailbox(call.store, name)
    if recipient is None:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")
    call.note(mailbox=recipient["PrimarySmtpAddress"])
    if mailbox_access(call.store, call.tenant.clock, call.token.client_id, recipient) == "denied":
        raise blocked_by_policy()
    return recipient


def find_mailbox(store: Store, name: str) -> Document | None:
    """The mailbox of that object id, user principal name or address."""
    wanted = name.lower()
    found = store.get("recipient", wanted)
    candidates = [found] if found is not None else store.all("recipient")
    for recipient in candidates:
        names = {recipient["ExternalDirectoryObjectId"].lower(), *addresses(recipient)}
        names.add(str(recipient.get("UserPrincipalName", "")).lower())
        if recipient["RecipientTypeDetails"] in _MAILBOXES and wanted in names:
            return recipient
    return None
