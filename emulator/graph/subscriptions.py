"""Change notifications: who is told when a calendar changes.

https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks

A notification address must answer a validation before anything is made. The tenant calls nobody: an address
under `.invalid` (RFC 2606) answers nothing, and every other is taken to answer. Exchange has its say over the
mailbox after that, in words of its own
(https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/365); no page promises this order.
"""

import re
import uuid
from urllib.parse import urlsplit

from emulator.clock import parse_stamp
from emulator.exchange.enforcement import mailbox_access
from emulator.graph.authorization import NOTHING, READ_CALENDARS, satisfies
from emulator.graph.errors import (
    GraphError,
    access_denied,
    bad_request,
    blocked_by_policy,
    not_implemented,
)
from emulator.graph.mailboxes import find_mailbox
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()

_EVENTS = re.compile(r"/?users/(?P<id>[^/]+)/(?:calendar/)?events", re.IGNORECASE)
_ASKED = ("changeType", "notificationUrl", "resource", "expirationDateTime")
_CHANGES = {"created", "updated", "deleted"}


@OPERATIONS.on("POST", "/subscriptions", needs=NOTHING)
def create(call: Call) -> Answer:
    """Be told of the changes of a mailbox's events; reading them is what it takes."""
    body = {name: str(call.body.get(name) or "") for name in _ASKED}
    for name, value in body.items():
        if not value:
            raise GraphError(
                400, "InvalidRequest", f"{name} is a required property for subscription creation."
            )
    if not set(body["changeType"].split(",")) <= _CHANGES:
        raise GraphError(400, "InvalidRequest", "Invalid 'changeType' attribute.")
    _check_end(call, body["expirationDateTime"])
    _validate(body["notificationUrl"])
    _check_resource(call, body["resource"])
    made = {**body, "id": str(uuid.uuid4()), "applicationId": call.token.client_id}
    call.store.put("subscription", made["id"], made)
    return _one(call, made, 201)


@OPERATIONS.on("GET", "/subscriptions", needs=NOTHING)
def list_own(call: Call) -> Answer:
    """List the caller's own subscriptions."""
    own = [one for one in call.store.all("subscription") if one["applicationId"] == call.token.client_id]
    return Answer(body={"@odata.context": call.context("subscriptions"), "value": own})


@OPERATIONS.on("PATCH", "/subscriptions/{id}", needs=NOTHING)
def renew(call: Call) -> Answer:
    """Be told for longer."""
    found = _own(call)
    _check_end(call, str(call.body.get("expirationDateTime") or ""))
    renewed = found | {"expirationDateTime": call.body["expirationDateTime"]}
    call.store.put("subscription", found["id"], renewed)
    return _one(call, renewed, 200)


@OPERATIONS.on("DELETE", "/subscriptions/{id}", needs=NOTHING)
def delete(call: Call) -> Answer:
    """Be told no more."""
    call.store.delete("subscription", _own(call)["id"])
    return NO_CONTENT


def _one(call: Call, subscription: Document, status: int) -> Answer:
    return Answer(status, {"@odata.context": call.context("subscriptions/$entity"), **subscription})


def _own(call: Call) -> Document:
    found = call.store.get("subscription", call.params["id"])
    if found is None or found["applicationId"] != call.token.client_id:
        raise GraphError(404, "ResourceNotFound", "The object was not found.")
    return found


def _check_end(call: Call, end: str) -> None:
    try:
        ended = parse_stamp(end) <= call.tenant.clock.now()
    except ValueError as reason:
        raise bad_request(f"expirationDateTime is no time: {reason}.") from reason
    if ended:
        raise GraphError(
            400, "InvalidRequest", "Subscription expiration can only be in the future (within a few days)."
        )


def _validate(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise GraphError(400, "InvalidRequest", "The notification URL must be an https address.")
    if parts.hostname.endswith(".invalid"):
        raise GraphError(
            400,
            "ValidationError",
            "Subscription validation request failed. Notification endpoint must respond with 200 OK to "
            "validation request.",
        )


def _check_resource(call: Call, resource: str) -> None:
    found = _EVENTS.fullmatch(resource)
    if found is None:
        raise not_implemented(f"a subscription to {resource}")
    mailbox = find_mailbox(call.store, found["id"])
    if not satisfies(call.token, READ_CALENDARS):
        raise _in_its_words(access_denied())
    if mailbox is None:
        raise GraphError(404, "ResourceNotFound", f"The requested user '{found['id']}' is invalid.")
    call.note(mailbox=mailbox["PrimarySmtpAddress"])
    if mailbox_access(call.store, call.tenant.clock, call.token.client_id, mailbox) == "denied":
        raise _in_its_words(blocked_by_policy())


def _in_its_words(refusal: GraphError) -> GraphError:
    return GraphError(
        refusal.status,
        "ExtensionError",
        f"Operation: Create; Exception: [Status Code: Forbidden; Reason: {refusal.message}]",
    )
