"""Members of the scope against where the code names them; whoever keeps a group decides who is in it."""

from dataclasses import replace

import pytest

from drift.accepted import lines_for
from drift.code import Source
from drift.markdown import markdown
from tests.drift.made import Made
from tests.drift.tampering import ROOM, TAMPERINGS, TRAVEL
from tests.drift.wide import widened
from tests.emulated import Emulated


def test_a_group_in_a_group_that_somebody_else_keeps_is_no_finding(emulated: Emulated) -> None:
    made = widened(emulated)
    before = made.reported()
    made.exchange.run(
        "Add-DistributionGroupMember",
        Identity=made.code.groups[1].object_id, Member=TRAVEL, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    report = made.reported()
    assert [one.what for one in report.findings] == []
    assert before.reach
    assert report.reach
    assert report.reach.should == report.reach.can > before.reach.can, "and they are counted"


def test_rooms_that_nobody_has_stand_together(made: Made) -> None:
    [group] = made.code.groups
    assert group.members
    wanted = {**group.members, **{f"room.{one:03}@contoso.example": "" for one in range(200)}}
    report = made.reported(groups=(replace(group, members=wanted),))
    assert {one.rule for one in report.findings} == {"room-missing-in-tenant"}
    assert len(report.findings) == 200
    told = markdown(report)
    assert told.count("\n### ") == 1
    assert told.count("# take out of the inventory what nobody has, or make the mailbox\n") == 1


@pytest.mark.parametrize(
    ("source", "more", "less"),
    [
        (
            Source.INVENTORY,
            f"# the inventory: a row with the address {ROOM}",
            "# the inventory: no row with ",
        ),
        (
            Source.ROOMS,
            f"# Pulumi.dev.yaml\nconfig:\n  placeos-m365:rooms:\n    - {ROOM} # beside those that are there",
            f"# Pulumi.dev.yaml: the setting rooms without {ROOM}",
        ),
        (Source.EVERY_ROOM_MAILBOX, "# accepted/dev.yaml\n", "# accepted/dev.yaml\n"),
    ],
)
def test_the_lines_that_make_it_right_are_those_of_the_settings(
    made: Made, source: Source, more: str, less: str
) -> None:
    [group] = made.code.groups
    assert group.members
    unknown = {address: name for address, name in group.members.items() if address != ROOM}
    without, named = replace(group, members=unknown, source=source), replace(group, source=source)
    [found] = made.reported(groups=(without,)).findings
    assert lines_for(found, "dev").startswith(more)
    assert found.what.endswith(f"is in the group and not in {source}")
    TAMPERINGS["a room taken out"].do(made)
    [missing] = made.reported(groups=(named,)).findings
    assert lines_for(missing, "dev").startswith(less)
    assert f"{ROOM} is in {source} and not in the group" in missing.what
