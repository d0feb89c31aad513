"""Calendars: what is booked, and when people and rooms are free.

https://learn.microsoft.com/en-us/graph/api/resources/calendar
"""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from emulator.clock import parse_stamp, stamp
from emulator.graph import query
from emulator.graph.authorization import READ_CALENDARS, WRITE_CALENDARS
from emulator.graph.entities import EVENT, merge
from emulator.graph.errors import GraphError, access_denied
from emulator.graph.mailboxes import find_mailbox, open_mailbox, opened_by_role
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations(denied=access_denied, or_by=opened_by_role)

# https://learn.microsoft.com/en-us/graph/api/user-list-events: ten events a page unless $top says more
_PAGE = 10
_UTC = "UTC"


@OPERATIONS.on("GET", "/users/{id}/calendar", needs=READ_CALENDARS)
def get_calendar(call: Call) -> Answer:
    """Read a mailbox's calendar."""
    return Answer(
        body={"@odata.context": call.context("users/calendar/$entity"), **_calendar(open_mailbox(call))}
    )


@OPERATIONS.on("GET", "/users/{id}/calendars", needs=READ_CALENDARS)
def list_calendars(call: Call) -> Answer:
    """List a mailbox's calendars."""
    context = call.context("users/calendars")
    return Answer(body={"@odata.context": context, "value": [_calendar(open_mailbox(call))]})


@OPERATIONS.on("GET", "/users/{id}/calendarGroups", needs=READ_CALENDARS)
def list_calendar_groups(call: Call) -> Answer:
    """List a mailbox's calendar groups: the one that every mailbox has."""
    open_mailbox(call)
    group = {"id": "group", "name": "My Calendars"}
    return Answer(body={"@odata.context": call.context("users/calendarGroups"), "value": [group]})


@OPERATIONS.on("GET", "/users/{id}/calendar/calendarPermissions", needs=READ_CALENDARS)
def list_calendar_permissions(call: Call) -> Answer:
    """List with whom a mailbox's calendar is shared: with the whole organization, as it is by default."""
    open_mailbox(call)
    shared = {
        "id": "permission",
        "isRemovable": False,
        "isInsideOrganization": True,
        "role": "freeBusyRead",
        "allowedRoles": ["none", "freeBusyRead", "limitedRead", "read", "write"],
        "emailAddress": {"name": "My Organization"},
    }
    context = call.context("users/calendar/calendarPermissions")
    return Answer(body={"@odata.context": context, "value": [shared]})


@OPERATIONS.on("GET", "/users/{id}/events", "/users/{id}/calendar/events", needs=READ_CALENDARS)
def list_events(call: Call) -> Answer:
    """List the events of a mailbox."""
    return _list(call, _events(call, open_mailbox(call)))


@OPERATIONS.on("GET", "/users/{id}/calendarView", "/users/{id}/calendar/calendarView", needs=READ_CALENDARS)
def list_calendar_view(call: Call) -> Answer:
    """List the events of a mailbox between two times."""
    mailbox = open_mailbox(call)
    try:
        start, end = (parse_stamp(call.query[name]) for name in ("startDateTime", "endDateTime"))
    except KeyError as missing:
        raise GraphError(
            400,
            "ErrorInvalidParameter",
            "This request requires a time window specified by the query string parameters StartDateTime and "
            "EndDateTime.",
        ) from missing
    except ValueError as reason:
        raise GraphError(400, "ErrorInvalidParameter", f"A time of the window is none: {reason}.") from reason
    found = [event for event in _events(call, mailbox) if _overlaps(event, start, end)]
    found.sort(key=lambda event: str(event["start"]["dateTime"]))
    return _list(call, found)


@OPERATIONS.on(
    "GET", "/users/{id}/events/{event}", "/users/{id}/calendar/events/{event}", needs=READ_CALENDARS
)
def get_event(call: Call) -> Answer:
    """Read an event."""
    return query.one(call, EVENT, _event(call, open_mailbox(call)))


@OPERATIONS.on("POST", "/users/{id}/events", "/users/{id}/calendar/events", needs=WRITE_CALENDARS)
def create_event(call: Call) -> Answer:
    """Book: create an event."""
    mailbox = open_mailbox(call)
    body = EVENT.accept(call.body)
    now = stamp(call.tenant.clock.now())
    organizer = {"name": mailbox["DisplayName"], "address": mailbox["PrimarySmtpAddress"]}
    event = EVENT.whole({})
    merge(event, body)
    _check_times(event)
    event |= {
        "id": str(uuid.uuid4()),
        "iCalUId": uuid.uuid4().hex,
        "createdDateTime": now,
        "lastModifiedDateTime": now,
        "organizer": {"emailAddress": organizer},
        "_mailbox": mailbox["ExternalDirectoryObjectId"],
    }
    call.store.put("event", event["id"], event)
    return query.one(call, EVENT, event, 201)


@OPERATIONS.on(
    "PATCH", "/users/{id}/events/{event}", "/users/{id}/calendar/events/{event}", needs=WRITE_CALENDARS
)
def update_event(call: Call) -> Answer:
    """Change an event."""
    event = {**EVENT.whole({}), **_event(call, open_mailbox(call))}
    merge(event, EVENT.accept(call.body, event))
    _check_times(event)
    event["lastModifiedDateTime"] = stamp(call.tenant.clock.now())
    call.store.put("event", event["id"], event)
    return query.one(call, EVENT, event)


@OPERATIONS.on(
    "DELETE", "/users/{id}/events/{event}", "/users/{id}/calendar/events/{event}", needs=WRITE_CALENDARS
)
def delete_event(call: Call) -> Answer:
    """Delete an event."""
    call.store.delete("event", _event(call, open_mailbox(call))["id"])
    return NO_CONTENT


@OPERATIONS.on(
    "POST",
    "/users/{id}/events/{event}/accept",
    "/users/{id}/calendar/events/{event}/accept",
    needs=WRITE_CALENDARS,
)
def accept_event(call: Call) -> Answer:
    """Accept a meeting; whoever organized it can't."""
    return _respond(call, "accept")


@OPERATIONS.on(
    "POST",
    "/users/{id}/events/{event}/decline",
    "/users/{id}/calendar/events/{event}/decline",
    needs=WRITE_CALENDARS,
)
def decline_event(call: Call) -> Answer:
    """Decline a meeting; whoever organized it can't."""
    return _respond(call, "decline")


@OPERATIONS.on(
    "POST",
    "/users/{id}/events/{event}/cancel",
    "/users/{id}/calendar/events/{event}/cancel",
    needs=WRITE_CALENDARS,
)
def cancel_event(call: Call) -> Answer:
    """Cancel a meeting as its organizer."""
    call.store.delete("event", _event(call, open_mailbox(call))["id"])
    return Answer(202)


@OPERATIONS.on("GET", "/users/{id}/calendar/events/{event}/attachments", needs=READ_CALENDARS)
def list_attachments(call: Call) -> Answer:
    """List an event's attachments: it has none."""
    _event(call, open_mailbox(call))
    return Answer(body={"@odata.context": call.context("users/events/attachments"), "value": []})


@OPERATIONS.on("POST", "/users/{id}/calendar/getSchedule", needs=READ_CALENDARS)
def get_schedule(call: Call) -> Answer:
    """Ask when mailboxes are free; policies are those of the mailbox in the path."""
    open_mailbox(call)
    start, end = _time(call.body.get("startTime")), _time(call.body.get("endTime"))
    interval = timedelta(minutes=int(call.body.get("availabilityViewInterval", 30)))
    if start >= end or interval <= timedelta():
        raise GraphError(
            400, "ErrorInvalidTimeInterval", "The end of the time window must lie after its start."
        )
    schedules = [_schedule(call, str(name), start, end, interval) for name in call.body.get("schedules", [])]
    context = call.context("Collection(microsoft.graph.scheduleInformation)")
    return Answer(body={"@odata.context": context, "value": schedules})


def _respond(call: Call, answer: str) -> Answer:
    """Nobody invites anybody in this tenant, so every event is the mailbox's own."""
    _event(call, open_mailbox(call))
    raise GraphError(
        400,
        "ErrorInvalidRequest",
        f"Your request can't be completed. You can't {answer} this meeting because you're the organizer.",
    )


def _list(call: Call, events: list[Document]) -> Answer:
    context = f"users('{call.params['id']}')/calendar/events"
    return query.many(call, EVENT, events, context=context, page_size=_PAGE)


def _calendar(mailbox: Document) -> Document:
    owner = {"name": mailbox["DisplayName"], "address": mailbox["PrimarySmtpAddress"]}
    return {"id": "calendar", "name": "Calendar", "isDefaultCalendar": True, "canEdit": True, "owner": owner}


def _events(call: Call, mailbox: Document) -> list[Document]:
    owner = mailbox["ExternalDirectoryObjectId"]
    return [event for event in call.store.all("event") if event["_mailbox"] == owner]


def _event(call: Call, mailbox: Document) -> Document:
    event = call.store.get("event", call.params["event"])
    if event is None or event["_mailbox"] != mailbox["ExternalDirectoryObjectId"]:
        raise GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    return event


def _schedule(call: Call, name: str, start: datetime, end: datetime, interval: timedelta) -> Document:
    mailbox = find_mailbox(call.store, name)
    if mailbox is None:
        error = {
            "message": f"The mailbox '{name}' was not found.",
            "responseCode": "ErrorMailRecipientNotFound",
        }
        return {"scheduleId": name, "availabilityView": "", "error": error}
    booked = [event for event in _events(call, mailbox) if _overlaps(event, start, end)]
    view, at = "", start
    while at < end:
        view += "2" if any(_overlaps(event, at, min(at + interval, end)) for event in booked) else "0"
        at += interval
    items = [
        {"status": "busy", "subject": event["subject"], "start": event["start"], "end": event["end"]}
        for event in booked
    ]
    return {"scheduleId": name, "availabilityView": view, "scheduleItems": items}


def _overlaps(event: Document, start: datetime, end: datetime) -> bool:
    return _time(event["start"]) < end and _time(event["end"]) > start


def _check_times(event: Document) -> None:
    if _time(event["start"]) > _time(event["end"]):
        raise GraphError(
            400,
            "ErrorPropertyValidationFailure",
            "At least one property failed validation: end before start.",
        )


def _time(value: Document | None) -> datetime:
    """The moment of a `dateTimeTimeZone`; GraphError when it is none."""
    try:
        moment = datetime.fromisoformat((value or {})["dateTime"])
        zone = ZoneInfo((value or {}).get("timeZone") or _UTC)
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as reason:
        raise GraphError(
            400, "ErrorPropertyValidationFailure", f"{value!r} is no date and time with an IANA time zone."
        ) from reason
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
