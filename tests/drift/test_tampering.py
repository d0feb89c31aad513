"""Everything that is done to a tenant by hand is found, named rightly, and gone after its repair."""

import pytest

from drift.looks import AT_EVERY_MAILBOX
from drift.report import Report
from tests.drift.by_hand import typed
from tests.drift.made import GROUP, Made
from tests.drift.tampering import BY_PEOPLE, BY_THE_ENGINE, OTHER, TAMPERINGS, Tampering


def told_of(report: Report, tampering: Tampering) -> list[tuple[str, str]]:
    """Rule and level of the findings that speak of it."""
    return [(one.rule, one.level) for one in report.findings if tampering.of in f"{one.what} {one.subject}"]


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_is_found_named_and_gone_after_the_repair(made: Made, name: str) -> None:
    tampering = TAMPERINGS[name]
    tampering.do(made)
    told = made.reported()
    assert [(one.about, one.reason) for one in told.unseen] == []
    assert (tampering.rule, tampering.level) in told_of(told, tampering), [one.what for one in told.findings]
    assert told.exit_code == 7
    assert len(told.findings) == 1, "and nothing else is said"
    assert told.findings[0].why
    if name in BY_PEOPLE:
        assert told.findings[0].repair.startswith("# ")
        return
    left = typed(told.findings[0].repair, made.graph, made.exchange)
    if name in BY_THE_ENGINE:
        assert "pulumi up --refresh --stack dev" in left
        return
    assert made.reported().findings == () or left


def test_full_access_is_found_when_every_mailbox_is_asked(made: Made) -> None:
    made.emulated.administrator.exchange.run(
        "Add-MailboxPermission", Identity=OTHER, User=GROUP, AccessRights=["FullAccess"], Confirm=False
    )
    told = made.reported()
    assert (told.findings, told.left_out) == ((), ("full access to mailboxes",))
    told = made.reported(looks=AT_EVERY_MAILBOX)
    assert [one.subject for one in told.findings] == [f"FullAccess on {OTHER} for {GROUP}"]
    assert told.left_out == ()
    typed(told.findings[0].repair, made.graph, made.emulated.administrator.exchange)
    assert made.reported(looks=AT_EVERY_MAILBOX).findings == ()
