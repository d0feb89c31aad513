"""Which accepted findings somebody has to decide about again, in words; no day of the run is in them."""

from collections.abc import Iterator

from drift.accepted import Acceptance
from drift.report import Report


def to_tidy_up(report: Report) -> Iterator[tuple[Acceptance, str]]:
    """Each entry with what is the matter with it, to be read after its name."""
    for one in report.sorted.ended:
        yield one, f"ended on {one.until}"
    for one in report.sorted.ending:
        yield one, f"ends on {one.until}, and is drift from the day after: repair it by then, or decide again"
    for finding, one in report.sorted.outgrown:
        yield one, f"{one.outgrown_by(finding)}, so it is drift"
    for one in report.unused:
        yield one, "is about nothing that was found: take it out"
    for one in report.not_seen:
        yield one, "was not seen this time, and not all was looked at: leave it until all is"
