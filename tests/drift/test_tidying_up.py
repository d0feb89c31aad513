"""Which acceptances somebody is told to decide about again: none whose finding nobody looked for."""

from pathlib import Path

import pytest

from drift.accepted import lines_for, read
from drift.as_json import as_json
from drift.looks import AT_EVERY_MAILBOX, LOOKS
from drift.markdown import markdown
from drift.report import Report, report
from drift.tidying_up import to_tidy_up
from tests.drift.made import GROUP, Made
from tests.drift.tampering import OTHER
from tests.drift.told import BLIND, acceptance, reported

OUT = "is about nothing that was found: take it out"


def said(of: Report) -> list[str]:
    return [words for _, words in to_tidy_up(of)]


def test_what_was_looked_for_and_not_found_is_taken_out() -> None:
    of = reported(unused=[acceptance()], left_out=())
    assert said(of) == [OUT]
    assert f"- owner-not-in-code, someone (it) {OUT}" in markdown(of)


@pytest.mark.parametrize("of", [reported(unused=[acceptance()]), reported(
    unused=[acceptance()], unseen=[BLIND], left_out=())], ids=["left out", "could not look"])  # fmt: skip
def test_what_may_be_where_nobody_looked_is_not(of: Report) -> None:
    assert said(of) == ["was not seen this time, and not all was looked at: leave it until all is"]
    assert "take it out" not in markdown(of)
    document = as_json(of)
    assert (document["acceptancesUnused"], len(document["acceptancesNotSeen"])) == ([], 1)


def test_what_ends_soon_is_told_by_its_day_so_that_the_report_stays_the_same_until_then() -> None:
    ends = "ends on 2027-01-01, and is drift from the day after: repair it by then, or decide again"
    of = reported(ending=[acceptance()])
    assert said(of) == [ends]
    assert f"- owner-not-in-code, someone (it) {ends}" in markdown(of)
    assert [one["until"] for one in as_json(of)["acceptancesEnding"]] == ["2027-01-01"]


def test_what_only_every_mailbox_tells_stays_accepted_on_other_days(made: Made, tmp_path: Path) -> None:
    file, today = tmp_path / "dev.yaml", made.emulated.tenant.clock.now().date()
    made.emulated.administrator.exchange.run(
        "Add-MailboxPermission", Identity=OTHER, User=GROUP, AccessRights=["FullAccess"], Confirm=False
    )
    [found] = made.reported(looks=AT_EVERY_MAILBOX).findings
    file.write_text(lines_for(found, "dev").replace("YYYY-MM-DD", "2099-01-01"), encoding="utf-8")
    weekly, daily = (
        report(made.asking(), (), read(file), today, looks) for looks in (AT_EVERY_MAILBOX, LOOKS)
    )
    assert (weekly.exit_code, len(weekly.sorted.accepted), said(weekly)) == (0, 1, [])
    assert daily.exit_code == 0
    assert OUT not in said(daily)
    assert len(daily.not_seen) == 1
