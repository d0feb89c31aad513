"""The calls agree with what is known of the permissions, and none can have an effect."""

import permissions
from verify.calls import CALLS, NOBODY, SILENT, Asked


def test_each_permission_that_may_be_granted_opens_a_call():
    opened = {name for call in CALLS for choice in call.opened_by for name in choice}
    assert set(permissions.names()) <= opened


def test_each_profile_opens_what_placeos_does_and_no_more():
    def opened(profile):
        held = frozenset(permissions.PROFILES[profile])
        return {call.name for call in CALLS if call.opens_with(held)}

    closed = {"send mail", "invite guest", "secret expiry", "managed devices", "mail"}
    every = {call.name for call in CALLS}
    assert opened("room-booking") == every - closed - {"contacts"}
    assert opened("engine-2020") == every - closed


def test_what_writes_names_nobody_or_can_be_undone_or_has_no_addressee():
    for call in CALLS:
        if call.method == "GET" or call.name == "getSchedule":
            continue
        harmless = NOBODY in call.path or bool(call.makes) or call.name == "send mail"
        assert harmless, call.name
        assert call.passed, f"{call.name} is never to succeed"
    bodies = {call.name: call.body or {} for call in CALLS}
    assert bodies["send mail"]["message"]["toRecipients"] == []
    assert bodies["invite guest"] == {}
    assert bodies["subscription"]["notificationUrl"] == SILENT
    assert bodies["create event"]["end"]["dateTime"] < bodies["create event"]["start"]["dateTime"]


def test_both_sides_are_asked_to_read_and_to_write():
    sides = {call.name for call in CALLS if call.asked in (Asked.EVERY_MAILBOX, Asked.EACH_SIDE)}
    assert sides == {"calendar view", "getSchedule", "delete event"}
    assert CALLS[0].asked is Asked.EVERY_MAILBOX, "the other secret is tried with the first call"
