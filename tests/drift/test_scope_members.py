"""Who is in a group that somebody else keeps is theirs to decide."""

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
