from collections import Counter
from dataclasses import replace

from tests.verify.stacks import BEFORE, IN_USE, OUTSIDE, PROMISE, ROOM, promise
from verify.calls import CALLS
from verify.promise import Expected, questions


def asked(made, slot=IN_USE):
    return [(one.call.name, one.mailbox, one.expected) for one in questions(made, slot)]


def test_every_mailbox_is_asked_for_its_calendar_and_one_of_each_side_for_the_rest():
    found = asked(PROMISE)
    count = Counter(name for name, _, _ in found)
    assert (count["calendar view"], count["getSchedule"], count["delete event"], count["places"]) == (
        4,
        2,
        2,
        1,
    )
    assert ("delete event", OUTSIDE, Expected.OUT_OF_SCOPE) in found
    assert ("create event", ROOM, Expected.WORKS) in found


def test_what_is_not_promised_must_be_refused_and_what_is_accepted_is_not_asked():
    assert ("groups", "", Expected.NO_PERMISSION) in asked(PROMISE)
    accepted = asked(promise(accepted=frozenset({"Group.Read.All"})))
    assert not [name for name, _, _ in accepted if name in ("group", "groups", "group members")]
    reading = asked(promise(permissions=frozenset({"Calendars.Read"})))
    assert ("calendar view", OUTSIDE, Expected.OUT_OF_SCOPE) in reading
    assert ("delete event", OUTSIDE, Expected.NO_PERMISSION) in reading


def test_the_other_secret_is_asked_for_all_but_what_could_make_something():
    makers = {call.name for call in CALLS if call.makes}
    assert asked(PROMISE, BEFORE) == [one for one in asked(PROMISE) if one[0] not in makers]
    assert makers == {"create event", "subscription", "invite guest"}


def test_when_no_run_said_which_secret_is_in_use_the_first_is_asked_for_everything():
    other = replace(BEFORE, key_id="key-2")
    made = promise(slots=(BEFORE, other))
    assert asked(made, BEFORE) == asked(PROMISE)
    assert len(asked(made, other)) < len(asked(made, BEFORE))


def test_no_representation_shows_a_secret():
    [first, *_] = questions(PROMISE, IN_USE)
    assert "S3cret" not in f"{PROMISE!r} {first!r}"
