"""What is proposed for the access policies: what closes mailboxes at once, and nothing that opens any."""

import pytest

from drift.accepted import lines_for
from exchange import policies
from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import OTHER, TAMPERINGS, user
from tests.drift.wide import made_group

SMALL = "one-person@contoso.example"

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


def test_the_policy_that_limits_is_put_back_first_as_the_next_run_makes_it(made: Made) -> None:
    before = policies.list_policies(made.exchange)
    TAMPERINGS["the policy removed"].do(made)
    [found] = made.reported().findings
    assert typed(found.repair, made.graph, made.exchange) == [
        "roomctl contain --yes --stack dev",
        "roomctl resume --stack dev",
        "pulumi up --refresh --stack dev",
        "roomctl handover --stack dev",
    ]
    assert policies.list_policies(made.exchange) == before
    assert made.reported().findings == ()


def test_no_policy_is_made_for_a_group_that_is_gone(made: Made) -> None:
    for name in ("the policy removed", "the room group removed"):
        TAMPERINGS[name].do(made)
    [missing] = [one for one in made.reported().findings if one.rule == "scope-missing"]
    assert missing.repair.startswith("roomctl contain ")


@pytest.mark.parametrize(
    ("scope", "said"), [(OTHER, f"opens the mailbox {OTHER} to PlaceOS"), (SMALL, "opens the 1 member of ")]
)
def test_a_policy_for_one_mailbox_says_so(made: Made, scope: str, said: str) -> None:
    made_group(made, "One person", SMALL, user(made, OTHER))
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[made.code.client_id], PolicyScopeGroupId=scope, Description="x",
    )  # fmt: skip
    [found] = made.reported().findings
    assert said in found.what
