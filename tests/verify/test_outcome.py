"""What an answer means under each way of keeping PlaceOS to its mailboxes."""

import pytest

from tests.verify.stacks import IN_USE, OUTSIDE, PROMISE, ROOM
from verify.calls import CALLS
from verify.mode import OUT_OF_SCOPE, Mode
from verify.outcome import Came, Opinion, Row, Seen, Verdict, came_to, is_promised
from verify.promise import Expected, Question
from verify.report import Outcome, markdown

RAOP = Seen(403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by tenant …")
PLAIN = Seen(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
QUOTED = Seen(403, "ExtensionError", "Operation: Create; Exception: [Status Code: Forbidden; Reason: [RAOP]]")
NO_INTUNE = Seen(400, "BadRequest", "Request not applicable to target tenant.")
OTHER = Seen(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def question(name="calendar view", mailbox=OUTSIDE, expected=Expected.OUT_OF_SCOPE):
    return Question(IN_USE, next(call for call in CALLS if call.name == name), mailbox, expected)


@pytest.mark.parametrize(
    ("mode", "seen", "promised"),
    [
        (Mode.POLICY, RAOP, True),
        (Mode.POLICY, QUOTED, True),
        (Mode.POLICY, PLAIN, False),
        (Mode.POLICY, OTHER, False),
        (Mode.RBAC, PLAIN, True),
        (Mode.RBAC, RAOP, False),
        (Mode.RBAC, OTHER, False),
        (Mode.POLICY, Seen(200), False),
        (Mode.RBAC, Seen(200), False),
    ],
)
def test_outside_the_scope_only_the_refusal_of_the_mode_counts(mode, seen, promised):
    asked = question()
    assert is_promised(asked, came_to(asked, seen, mode)) is promised
    assert set(OUT_OF_SCOPE) == set(Mode)


@pytest.mark.parametrize(
    ("name", "seen", "came"),
    [
        ("calendar view", Seen(200), Came.WORKED),
        ("calendar view", Seen(404, "ErrorInvalidUser"), Came.UNCLEAR),
        ("getSchedule", Seen(200), Came.WORKED),
        ("getSchedule", Seen(200, "ErrorMailRecipientNotFound"), Came.UNCLEAR),
        ("getSchedule", Seen(200, "ErrorNoFreeBusyAccess", "no access"), Came.NO_PERMISSION),
        ("getSchedule", Seen(200, "ErrorAccessDenied", RAOP.message), Came.OUT_OF_SCOPE),
        ("calendar view", Seen(503, "ServiceUnavailable"), Came.UNCLEAR),
        ("delete event", Seen(404, "ErrorItemNotFound"), Came.WORKED),
        ("delete event", Seen(400, "ErrorInvalidIdMalformed"), Came.WORKED),
        ("delete event", Seen(404, "ErrorInvalidUser"), Came.UNCLEAR),
        ("send mail", Seen(400, "ErrorInvalidRecipients"), Came.WORKED),
        ("manager", Seen(404, "Request_ResourceNotFound"), Came.WORKED),
        ("subscription", Seen(400, "ValidationError"), Came.WORKED),
        (
            "managed devices",
            Seen(400, "BadRequest", "Request not applicable to target tenant."),
            Came.NO_LICENCE,
        ),
        ("users", NO_INTUNE, Came.UNCLEAR),
        ("groups", OTHER, Came.NO_PERMISSION),
    ],
)
def test_what_an_answer_means_for_a_call(name, seen, came):
    assert came_to(question(name, ROOM, Expected.WORKS), seen, Mode.POLICY) is came


def test_a_tenant_without_the_service_keeps_a_call_closed_that_must_be():
    asked = question("managed devices", "", Expected.NO_PERMISSION)
    assert is_promised(asked, came_to(asked, NO_INTUNE, Mode.POLICY))
    promised = question("managed devices", "", Expected.WORKS)
    assert not is_promised(promised, came_to(promised, NO_INTUNE, Mode.POLICY))


def rows(*verdicts):
    return tuple(
        Row("slot-0", "calendar view", ROOM, "works", "403 X", "room bookings", one, "why", "mend|it")
        for one in verdicts
    )


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([Verdict.AS_PROMISED], 0),
        ([Verdict.AS_PROMISED, Verdict.NOT_TOLD], 1),
        ([Verdict.NOT_TOLD, Verdict.NOT_YET], 7),
        ([Verdict.UNEXPLAINED], 7),
        ([Verdict.NOT_AS_PROMISED, Verdict.NOT_TOLD], 7),
    ],
)
def test_how_it_ends(verdicts, code):
    assert Outcome("prod", "client", Mode.POLICY, rows(*verdicts), "now").exit_code == code


def test_a_page_holds_no_time_and_no_open_cell():
    outcome = Outcome("prod", "client", Mode.POLICY, rows(Verdict.NOT_AS_PROMISED), "2026-11-21T12:00:00Z")
    page = markdown(outcome)
    assert page.startswith("## PlaceOS verify: prod\n")
    assert "To do: mend\\|it" in page
    assert "2026" not in page
    assert outcome.lost == ("room bookings",)


def test_an_opinion_is_of_one_verdict():
    assert Opinion(Verdict.NOT_YET, "", "").verdict == "not yet"
    assert PROMISE.mode is Mode.POLICY
