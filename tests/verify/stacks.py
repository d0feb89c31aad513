"""A stack's promise, for tests of one part."""

from dataclasses import replace
from typing import Any

from verify.mode import Mode
from verify.promise import Promise, Slot

ROOM, OTHER_ROOM = "syd-01-harbour@contoso.example", "lon-02-temple@contoso.example"
OUTSIDE = "ada.ashby@contoso.example"
IN_USE, BEFORE = Slot("slot-0, in use", "key-0", True, "S3cret~0"), Slot("slot-1", "key-1", False, "S3cret~1")
PROMISE = Promise(
    stack="prod",
    tenant_id="tenant",
    client_id="client",
    application="application",
    service_principal="principal",
    group="group",
    mode=Mode.POLICY,
    permissions=frozenset({"Calendars.ReadWrite", "Place.Read.All"}),
    accepted=frozenset(),
    allowed=(ROOM, OTHER_ROOM),
    refused=(OUTSIDE, "bob.abel@contoso.example"),
    slots=(IN_USE, BEFORE),
)


def promise(**changed: Any) -> Promise:
    return replace(PROMISE, **changed)
