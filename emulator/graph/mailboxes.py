"""Whose mailbox a call asks for, and whether the app may have it now.

https://learn.microsoft.com/en-us/graph/auth-limit-mailbox-access for consent, which access policies narrow;
https://learn.microsoft.com/exchange/permissions-exo/application-rbac for Exchange's own roles, which open
mailboxes beside it: the two are a union.
"""

from emulator.directory import addresses
from emulator.exchange.application_access import opened_in_graph
from emulator.exchange.enforcement import mailbox_access
from emulator.graph.authorization import suffices
from emulator.graph.errors import GraphError, blocked_by_policy
from emulator.graph.routing import Call
from emulator.store import Document, Store

_MAILBOXES = {"UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"}


def open_mailbox(call: Call) -> Document:
    """The recipient whose mailbox the path names, if Graph lets the app in by what it has heard of.

    The address asked for goes into the request log, whatever the answer. GraphError when there is no such
    mailbox, or when no role of Exchange opens it and a policy keeps the app out.
    """
    name = call.params["id"]
    call.note(mailbox=name)
    recipient = find_mailbox(call.store, name)
    if recipient is None:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")
    call.note(mailbox=recipient["PrimarySmtpAddress"])
    if _by_role(call, recipient):
        return recipient
    if mailbox_access(call.store, call.tenant.clock, call.token.client_id, recipient) == "denied":
        raise blocked_by_policy()
    return recipient


def opened_by_role(call: Call) -> bool:
    """Whether an application role of Exchange opens the mailbox in the path for what the call does.

    That it opens getSchedule, too, is not confirmed.
    """
    recipient = find_mailbox(call.store, call.params["id"])
    return recipient is not None and _by_role(call, recipient)


def _by_role(call: Call, recipient: Document) -> bool:
    held = opened_in_graph(call.store, call.tenant.clock.now(), call.token.object_id, recipient)
    return suffices(held, call.needs)


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
