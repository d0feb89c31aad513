"""Who is in a group that somebody else keeps is theirs to decide."""

from dataclasses import replace

from drift.markdown import markdown
from tests.drift.made import Made
from tests.drift.tampering import TRAVEL
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
