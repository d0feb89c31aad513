"""What is in a mailbox beside its calendar: mail and contacts. Every mailbox here is empty.

https://learn.microsoft.com/en-us/graph/api/user-sendmail
"""

from emulator.graph.authorization import READ_CONTACTS, READ_MAIL, SEND_MAIL
from emulator.graph.errors import GraphError, access_denied
from emulator.graph.mailboxes import open_mailbox
from emulator.graph.routing import Answer, Call, Operations

OPERATIONS = Operations(denied=access_denied)


@OPERATIONS.on("GET", "/users/{id}/messages", needs=READ_MAIL)
def list_messages(call: Call) -> Answer:
    """List a mailbox's mail."""
    return _nothing(call, "messages")


@OPERATIONS.on("GET", "/users/{id}/contacts", needs=READ_CONTACTS)
def list_contacts(call: Call) -> Answer:
    """List a mailbox's contacts."""
    return _nothing(call, "contacts")


@OPERATIONS.on("POST", "/users/{id}/sendMail", needs=SEND_MAIL)
def send_mail(call: Call) -> Answer:
    """Send mail as the mailbox; it goes nowhere, and the request log is all that knows."""
    open_mailbox(call)
    message = call.body.get("message")
    if not isinstance(message, dict):
        raise GraphError(400, "ErrorInvalidParameter", "The message parameter is required.")
    if not any(message.get(name) for name in ("toRecipients", "ccRecipients", "bccRecipients")):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
    return Answer(202)


def _nothing(call: Call, what: str) -> Answer:
    open_mailbox(call)
    return Answer(body={"@odata.context": call.context(f"users/{what}"), "value": []})
