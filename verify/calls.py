"""The calls that PlaceOS's Graph client makes, as data: what opens each, and what PlaceOS loses without it.

Read in https://github.com/PlaceOS/office365, the client, and https://github.com/PlaceOS/drivers. A call that
writes is made so that it can't have an effect: docs/adr/0015-verify-changes-nothing.md says how, and what
that proves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from verify.shape import Shape

_CLIENT = "https://github.com/PlaceOS/office365/blob/0af171b/src"
_DRIVERS = "https://github.com/PlaceOS/drivers/blob/master/drivers/microsoft"
_GRAPH = "https://learn.microsoft.com/graph/api"

NOBODY = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AplaceosVerifyAsksForNothing"
"""The id of an event that does not exist."""
SILENT = "https://placeos-verify.invalid/notifications"
"""A notification address that can't answer: no host is ever called so (RFC 2606)."""
SUBJECT = "PlaceOS verify: an event that ends before it starts"
"""Of the event that Exchange is to refuse; nobody else calls one so."""

AnyOf = tuple[str, ...]
_READ: AnyOf = ("Calendars.Read", "Calendars.ReadWrite")
_WRITE: AnyOf = ("Calendars.ReadWrite",)
_USERS: AnyOf = ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
_BASIC_USERS: AnyOf = ("User.ReadBasic.All", *_USERS)
_GROUPS: AnyOf = (
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
_APPLICATIONS: AnyOf = (
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)


class Asked(StrEnum):
    """Of whom a call is asked."""

    EVERY_MAILBOX = "every mailbox"
    """Of each that is looked at: those that must open, and those that must not."""
    EACH_SIDE = "a room and a mailbox outside"
    """Of the first of those that must open, and of the first of those that must not."""
    A_ROOM = "a room"
    """Of the first room."""
    DIRECTORY = "the directory"
    """Of data that no scope narrows."""


@dataclass(frozen=True)
class Made:
    """What a call would make. what, ends: for people, what it is and when it ends by itself.

    path: at which it is deleted, with {id}; "" where PlaceOS may not, and `removal` says who can.
    listed, query: where those of its kind are listed. mark: a property, with a value that is verify's alone.
    """

    what: str
    ends: str
    path: str = ""
    listed: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    mark: tuple[str, str] = ("", "")
    removal: str = ""


@dataclass(frozen=True)
class Call:
    """One call of PlaceOS.

    path: after /v1.0, with {mailbox}, {person}, {group} and {client} to be filled in. In query and body
    {start} and {end} are instants, {from} and {to} the same without their zone.
    opened_by: one permission of each set is needed. function: what PlaceOS loses without it.
    answers: of which shape its answer is when it worked; any other is not Microsoft Graph's.
    passed: the codes of refusals that come after the permission was looked at, or how they begin.
    makes: what it would make if Graph were not to refuse it, None for nothing.
    comes_to: what is to be seen when it is let in; a call that may have no effect never quite works.
    licence: the service that a tenant need not have, without which no permission opens the call.
    """

    name: str
    method: str
    path: str
    opened_by: tuple[AnyOf, ...]
    function: str
    source: str
    asked: Asked = Asked.A_ROOM
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    answers: Shape = Shape.LIST
    passed: tuple[str, ...] = ()
    makes: Made | None = None
    comes_to: str = "works"
    licence: str = ""

    def opens_with(self, permissions: frozenset[str]) -> bool:
        """Whether an application that holds these permissions may make it."""
        return all(permissions.intersection(choice) for choice in self.opened_by)


_LET_IN = "let in"
_WELL_FORMED = "well formed"
_ABSENT = ("ErrorItemNotFound", "ErrorInvalidIdMalformed")
"""Exchange looked for the event, so the call was let in."""
_LIMITED = {"$select": "id", "$top": "1"}
_CAST = {**_LIMITED, "$count": "true"}
"""What Entra may ask for, with the header ConsistencyLevel, of a list of one type
(https://learn.microsoft.com/graph/aad-advanced-queries)."""
_LONG_AGO = {"dateTime": "2000-01-02T00:00:00", "timeZone": "UTC"}
_BEFORE_THAT = {"dateTime": "2000-01-01T00:00:00", "timeZone": "UTC"}
_EVENT = f"/users/{{mailbox}}/calendar/events/{NOBODY}"
_ANSWER: Mapping[str, Any] = {"sendResponse": False}
_AN_EVENT = Made(
    what="an event of January 2000 in the calendar of {mailbox}",
    ends="it stays until it is deleted",
    path="/users/{mailbox}/calendar/events/{id}",
    listed="/users/{mailbox}/calendar/events",
    query={"$select": "id,subject", "$filter": f"subject eq '{SUBJECT}'"},
    mark=("subject", SUBJECT),
)
_A_SUBSCRIPTION = Made(
    what=f"a subscription to {{mailbox}}, to be told at {SILENT},",
    ends="it ends by itself at {end}",
    path="/subscriptions/{id}",
    listed="/subscriptions",
    mark=("notificationUrl", SILENT),
)
_A_GUEST = Made(
    what="a guest",
    ends="it stays until it is deleted",
    removal="delete the guest in Entra, Users, New guests",
)

CALLS: tuple[Call, ...] = (
    Call(
        "calendar view", "GET", "/users/{mailbox}/calendar/calendarView", (_READ,),
        "room bookings: panels and the schedule stay empty", f"{_CLIENT}/events.cr",
        asked=Asked.EVERY_MAILBOX,
        query={"startDateTime": "{start}", "endDateTime": "{end}", **_LIMITED},
    ),
    Call(
        "getSchedule", "POST", "/users/{mailbox}/calendar/getSchedule", (_READ,),
        "availability: no search for a free room", f"{_CLIENT}/calendars.cr",
        asked=Asked.EACH_SIDE,
        body={
            "schedules": ["{mailbox}"],
            "startTime": {"dateTime": "{from}", "timeZone": "UTC"},
            "endTime": {"dateTime": "{to}", "timeZone": "UTC"},
            "availabilityViewInterval": 30,
        }, answers=Shape.SCHEDULES,
    ),
    Call(
        "delete event", "DELETE", _EVENT, (_WRITE,),
        "ending and cancelling a booking", f"{_CLIENT}/events.cr",
        asked=Asked.EACH_SIDE, passed=_ABSENT, comes_to=_LET_IN, answers=Shape.NOTHING,
    ),
    Call(
        "calendar", "GET", "/users/{mailbox}/calendar", (_READ,),
        "the room's own calendar", f"{_CLIENT}/calendars.cr", query={"$select": "id"}, answers=Shape.ONE,
    ),
    Call(
        "calendars", "GET", "/users/{mailbox}/calendars", (_READ,),
        "choosing among a mailbox's calendars", f"{_CLIENT}/calendars.cr", query=_LIMITED,
    ),
    Call(
        "calendar groups", "GET", "/users/{mailbox}/calendarGroups", (_READ,),
        "choosing among a mailbox's calendars", f"{_CLIENT}/calendars.cr", query=_LIMITED,
    ),
    Call(
        "calendar permissions", "GET", "/users/{mailbox}/calendar/calendarPermissions", (_READ,),
        "who may see a room's bookings", f"{_CLIENT}/calendars.cr",
    ),
    Call(
        "read event", "GET", _EVENT, (_READ,), "the details of a booking", f"{_CLIENT}/events.cr",
        passed=_ABSENT, comes_to=_LET_IN, answers=Shape.ONE,
    ),
    Call(
        "create event", "POST", "/users/{mailbox}/calendar/events", (_WRITE,),
        "booking a room", f"{_CLIENT}/events.cr",
        body={"subject": SUBJECT, "start": _LONG_AGO, "end": _BEFORE_THAT},
        passed=("ErrorPropertyValidationFailure", "ErrorInvalid", "ErrorCalendar"),
        makes=_AN_EVENT, comes_to=_LET_IN, answers=Shape.ONE,
    ),
    Call(
        "change event", "PATCH", _EVENT, (_WRITE,), "moving and extending a booking",
        f"{_CLIENT}/events.cr", body={"subject": "PlaceOS verify"}, passed=_ABSENT, comes_to=_LET_IN,
        answers=Shape.ONE,
    ),
    Call(
        "accept event", "POST", f"{_EVENT}/accept", (_WRITE,), "approving a booking",
        f"{_CLIENT}/events.cr", body=_ANSWER, passed=_ABSENT, comes_to=_LET_IN, answers=Shape.NOTHING,
    ),
    Call(
        "decline event", "POST", f"{_EVENT}/decline", (_WRITE,), "declining a booking, auto release",
        f"{_CLIENT}/events.cr", body=_ANSWER, passed=_ABSENT, comes_to=_LET_IN, answers=Shape.NOTHING,
    ),
    Call(
        "cancel event", "POST", f"{_EVENT}/cancel", (_WRITE,), "cancelling a booking for all who are invited",
        f"{_CLIENT}/events.cr", body={}, passed=_ABSENT, comes_to=_LET_IN, answers=Shape.NOTHING,
    ),
    Call(
        "attachments", "GET", f"{_EVENT}/attachments", (_READ,), "the files of a booking",
        f"{_CLIENT}/attachments.cr", passed=_ABSENT, comes_to=_LET_IN,
    ),
    Call(
        "subscription", "POST", "/subscriptions", (_READ,),
        "push notifications: panels learn of changes at their next poll only", f"{_CLIENT}/subscriptions.cr",
        body={
            "changeType": "created,updated,deleted",
            "notificationUrl": SILENT,
            "resource": "/users/{mailbox}/events",
            "expirationDateTime": "{end}",
        },
        passed=("ValidationError", "InvalidRequest"),
        makes=_A_SUBSCRIPTION, comes_to=_WELL_FORMED, answers=Shape.ONE,
    ),
    Call(
        "users", "GET", "/users", (_BASIC_USERS,), "searching for people to invite", f"{_CLIENT}/users.cr",
        asked=Asked.DIRECTORY, query={**_LIMITED, "$filter": "accountEnabled eq true"},
    ),
    Call(
        "user", "GET", "/users/{person}", (_BASIC_USERS,), "who booked, and their details",
        f"{_CLIENT}/users.cr", asked=Asked.DIRECTORY, query={"$select": "id"}, answers=Shape.ONE,
    ),
    Call(
        "manager", "GET", "/users/{person}/manager", (_USERS,), "approval by a manager",
        f"{_CLIENT}/users.cr", asked=Asked.DIRECTORY, query={"$select": "id"},
        passed=("Request_ResourceNotFound",), answers=Shape.ONE,
    ),
    Call(
        "groups", "GET", "/groups", (_GROUPS,), "choosing groups of people", f"{_CLIENT}/groups.cr",
        asked=Asked.DIRECTORY, query=_LIMITED,
    ),
    Call(
        "group", "GET", "/groups/{group}", (_GROUPS,), "choosing groups of people", f"{_CLIENT}/groups.cr",
        asked=Asked.DIRECTORY, query={"$select": "id"}, answers=Shape.ONE,
    ),
    Call(
        "group members", "GET", "/groups/{group}/members/microsoft.graph.user", (_GROUPS,),
        "rights in PlaceOS by group", f"{_CLIENT}/groups.cr", asked=Asked.DIRECTORY, query=_CAST,
    ),
    Call(
        "groups of a user", "GET", "/users/{person}/transitiveMemberOf/microsoft.graph.group",
        (_BASIC_USERS, _GROUPS), "rights in PlaceOS by group", f"{_CLIENT}/groups.cr",
        asked=Asked.DIRECTORY, query=_CAST,
    ),
    Call(
        "places", "GET", "/places/microsoft.graph.room", (("Place.Read.All", "Place.ReadWrite.All"),),
        "finding the tenant's rooms", f"{_CLIENT}/places.cr", asked=Asked.DIRECTORY, query={"$top": "1"},
    ),
    Call(
        "send mail", "POST", "/users/{mailbox}/sendMail", (("Mail.Send",),),
        "mail to visitors through Microsoft 365", f"{_CLIENT}/mail.cr",
        body={"message": {"subject": "PlaceOS verify", "toRecipients": []}},
        passed=("ErrorInvalidRecipients", "ErrorInvalidRequest"), comes_to=_LET_IN, answers=Shape.NOTHING,
    ),
    Call(
        "invite guest", "POST", "/invitations",
        (("User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"),),
        "inviting visitors as guests of the tenant", f"{_CLIENT}/users.cr",
        asked=Asked.DIRECTORY, body={}, passed=("Request_BadRequest", "BadRequest"),
        comes_to=_LET_IN, answers=Shape.ONE, makes=_A_GUEST,
    ),
    Call(
        "secret expiry", "GET", "/applications(appId='{client}')", (_APPLICATIONS,),
        "a warning in PlaceOS before its secret ends", f"{_CLIENT}/password_credentials.cr",
        asked=Asked.DIRECTORY, query={"$select": "id"}, answers=Shape.ONE,
    ),
    Call(
        "managed devices", "GET", "/deviceManagement/managedDevices",
        (("DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All"),),
        "listing Intune's devices", f"{_DRIVERS}/graph_api_advanced.cr",
        asked=Asked.DIRECTORY, query={"$top": "1"}, licence="Intune",
    ),
    Call(
        "mail", "GET", "/users/{mailbox}/messages", (("Mail.Read", "Mail.ReadWrite", "Mail.ReadBasic.All"),),
        "nothing: PlaceOS reads no mail", f"{_GRAPH}/user-list-messages", query=_LIMITED,
    ),
    Call(
        "contacts", "GET", "/users/{mailbox}/contacts", (("Contacts.Read", "Contacts.ReadWrite"),),
        "the older Engine's settings page; no call of today's PlaceOS", f"{_GRAPH}/user-list-contacts",
        query=_LIMITED,
    ),
)  # fmt: skip
