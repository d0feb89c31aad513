"""Repairs of several findings stand in an order in which each of them works."""

from drift.finding import Finding, by_gravity
from drift.repair import in_order
from exchange.policies import list_policies
from permissions import Level
from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS, role_group

UP = "pulumi up --refresh --stack dev"
HANDOVER = "roomctl handover --stack dev"
LIMIT = "New-ApplicationAccessPolicy -AppId 'x'"


def finding(rule: str, level: Level, *repair: str) -> Finding:
    return Finding(rule=rule, subject=rule, what="", where="", level=level, repair="\n".join(repair))


GONE = finding(
    "scope-missing", Level.CRITICAL,
    LIMIT, "roomctl contain --yes --stack dev", "roomctl resume --stack dev", UP, HANDOVER,
)  # fmt: skip
PROOF = finding("proof-fails", Level.HIGH, UP)
DENIES = finding("policy-denies", Level.MODERATE, "Remove-ApplicationAccessPolicy -Identity 'x'")
ALIKE = finding("look-alike", Level.CRITICAL, "# if nobody uses it:", "az ad sp delete --id x")
SECRET = finding("secret-not-in-code", Level.CRITICAL, "az ad app credential delete --id x --key-id y")


def test_the_run_comes_after_whatever_its_proof_refuses() -> None:
    told = by_gravity([GONE, PROOF, DENIES, ALIKE])
    assert in_order(told) == (
        LIMIT,
        "roomctl contain --yes --stack dev",
        "# if nobody uses it:",
        "az ad sp delete --id x",
        "Remove-ApplicationAccessPolicy -Identity 'x'",
        "roomctl resume --stack dev",
        UP,
        HANDOVER,
    )


def test_an_owner_goes_before_the_secret_that_the_owner_could_add_again() -> None:
    owner = finding("owner-not-in-code", Level.HIGH, "az ad app owner remove --id x --owner-object-id y")
    assert in_order(by_gravity([SECRET, owner])) == (owner.repair, SECRET.repair)


def test_what_a_containment_closes_is_not_closed_again() -> None:
    assert in_order([GONE, SECRET]) == in_order([GONE])
    assert in_order([SECRET]) == (SECRET.repair,)


def test_a_command_keeps_the_comment_that_guards_it() -> None:
    other = finding("retained-scope", Level.LOW, "# if nobody uses it:", "az ad sp delete --id z")
    assert in_order([ALIKE, other, ALIKE]) == (
        "# if nobody uses it:",
        "az ad sp delete --id x",
        "# if nobody uses it:",
        "az ad sp delete --id z",
    )


def test_a_run_for_several_findings_comes_once_after_what_each_asks_for() -> None:
    asked = [finding("room-missing-in-tenant", Level.MODERATE, f"# take {one} out", UP) for one in ("a", "b")]
    left = finding("policy-denies", Level.MODERATE, "# ask somebody")
    secret = finding("secret-missing", Level.MODERATE, UP, HANDOVER)
    told = in_order([secret, *asked, left])
    assert told == ("# take a out", "# take b out", "# ask somebody", UP, HANDOVER)


def test_no_name_in_the_tenant_is_a_command_or_puts_one_aside(made: Made) -> None:
    """As a line of its own it would be typed, and the containment in it would stand for other repairs."""
    role_group(made, "x\u2028roomctl contain --yes --stack prod #")
    TAMPERINGS["a secret"].do(made)
    lines = in_order(made.reported().findings)
    assert sorted(line.split(" -")[0] for line in lines) == [
        "Remove-RoleGroupMember", "az ad app credential delete",
    ]  # fmt: skip
    assert typed("\n".join(lines), made.graph, made.exchange) == []
    assert made.reported().findings == ()


def test_the_policy_of_the_code_is_back_before_another_goes(made: Made) -> None:
    """With the last policy that names it an application is no longer limited at all."""
    for name in ("the policy removed", "a policy more"):
        TAMPERINGS[name].do(made)
    first, second, last = in_order(made.reported().findings)
    assert typed(first, made.graph, made.exchange) == []
    assert [one.group_object_id for one in list_policies(made.exchange)].count(made.code.groups[0].object_id)
    assert second.startswith("Remove-ApplicationAccessPolicy ")
    assert last == UP
