"""One finding of each rule and subject: the gravest, with what the others say besides."""

from collections.abc import Iterator

from drift.finding import Finding
from drift.tenant import Tenant
from permissions import Level
from tests.drift.made import Made
from tests.drift.told import finding

TWICE = (
    finding(level=Level.LOW, repair="az first", since="2026-01-05T08:00:00Z"),
    finding(
        level=Level.CRITICAL, repair="az second\npulumi up --refresh --stack dev", what="someone owns it"
    ),
    finding(level=Level.HIGH, repair="az third\npulumi up --refresh --stack dev"),
)


def seen(*findings: Finding, by: Made) -> Finding:
    def look(_: Tenant) -> Iterator[Finding]:
        yield from findings

    [found] = by.reported(looks={"owners": look}).findings
    return found


def test_the_gravest_is_kept_with_every_repair_and_in_whatever_order_they_come(made: Made) -> None:
    found = seen(*TWICE, by=made)
    assert found == seen(*reversed(TWICE), by=made)
    assert (found.level, found.since) == (Level.CRITICAL, "2026-01-05T08:00:00Z")
    assert found.what == "someone owns it; someone is an owner"
    assert found.repair.splitlines() == [
        "az second", "az third", "az first", "pulumi up --refresh --stack dev",
    ]  # fmt: skip


def test_what_is_told_alike_stays_as_it_is(made: Made) -> None:
    assert seen(finding(), finding(), by=made) == finding()
