"""Meetings that stand in calendars when the tenant begins."""

from datetime import datetime, timedelta

from emulator.ids import stable_id
from emulator.seeding.groups import object_id
from emulator.store import Document, Store
from emulator.tenants import TenantFile


def make(store: Store, tenant_file: TenantFile, began: datetime) -> None:
    """Write each meeting of the file into its mailbox's calendar."""
    hour = began.replace(minute=0, second=0, microsecond=0)
    for place, event in enumerate(tenant_file.events):
        starts = hour + timedelta(hours=event.starts_in)
        organizer = store.get("user", object_id(store, tenant_file, event.organizer)) or {}
        id_ = stable_id(tenant_file.domain, "event", str(place))
        store.put(
            "event",
            id_,
            {
                "id": id_,
                "subject": event.subject,
                "start": calendar_time(starts),
                "end": calendar_time(starts + timedelta(hours=event.hours)),
                "organizer": {
                    "emailAddress": {"name": organizer["displayName"], "address": organizer["mail"]}
                },
                "_mailbox": object_id(store, tenant_file, event.mailbox),
            },
        )


def calendar_time(moment: datetime) -> Document:
    """A time as Graph writes it in calendars: no zone in the text, seven decimals."""
    return {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"}
