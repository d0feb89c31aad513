"""What is proposed for the access policies: nothing that opens mailboxes to somebody else."""

import pytest

from drift.accepted import lines_for
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS

GUARDS = {
    "a policy that denies": "PlaceOS opens those",
    "a policy for every application": "opens every mailbox",
    "a policy that denies every application": "every application opens those",
}


@pytest.mark.parametrize("name", GUARDS)
def test_a_policy_that_keeps_somebody_out_is_not_taken_away_without_asking(made: Made, name: str) -> None:
    TAMPERINGS[name].do(made)
    [found] = made.reported().findings
    assert found.repair.startswith("# ask whoever administers Exchange")
    assert GUARDS[name] in found.repair
    assert "\n" not in found.repair
    assert lines_for(found, "dev").startswith("# accepted/dev.yaml\n")
    [theirs] = made.reported(existing=True).findings
    assert "acceptedPolicies" in lines_for(theirs, "dev")


def test_a_policy_that_closes_a_group_of_the_scope_is_accepted_by_no_setting(made: Made) -> None:
    TAMPERINGS["the policy removed"].do(made)
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="DenyAccess", AppId=[made.code.client_id], PolicyScopeGroupId=made.group, Description="x",
    )  # fmt: skip
    [denies] = [one for one in made.reported(existing=True).findings if one.rule == "policy-denies"]
    assert lines_for(denies, "dev").startswith("# accepted/dev.yaml\n")
