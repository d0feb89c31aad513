"""What becomes of the access policies and the proofs."""

import pytest

from review import types
from tests.review.stack import ROOM_GROUP, UNKNOWN, Stack, clean, reviewed, said

WHAT_INSTEAD = "What limits the application instead?"


def policies(**inputs) -> Stack:
    stack = clean()
    stack["policies"].update(inputs)
    return stack


def test_policies_that_are_no_longer_declared():
    told = reviewed(clean().without("policies")).changes
    assert [(one.effect, one.level, one.what) for one in told] == [
        (
            "gains",
            "critical",
            "Every mailbox of the tenant can be opened: no RestrictAccess policy limits the application.",
        ),
        ("gains", "critical", "The access policies policies are no longer declared."),
    ]
    assert told[1].ask == WHAT_INSTEAD


def test_policies_that_go_with_every_permission_on_mailboxes():
    stack = clean().without("policies", "consent-Calendars.ReadWrite")
    stack["application"]["requiredResourceAccesses"] = []
    assert said(stack)[-1] == (
        "neither/scope/low: The access policies policies go, and every permission that opens mailboxes."
    )


def test_policies_under_another_name_still_limit():
    stack = clean().without("policies").has("limits", types.ACCESS_POLICIES, **clean()["policies"])
    assert said(stack) == []


def test_policies_that_name_no_group():
    stack = policies(groupObjectIds=[])
    [change] = [one for one in reviewed(stack).changes if one.area == "scope"]
    assert (change.effect, change.level) == ("gains", "critical")
    assert (change.what, change.ask) == ("The access policies policies name no group any more.", WHAT_INSTEAD)
    assert "scope" not in "".join(said(clean(), stack))


def test_a_policy_that_denies():
    stack = policies(accessRights=["DenyAccess"])
    [change] = [one for one in reviewed(stack).changes if one.area == "scope"]
    assert (change.effect, change.level) == ("gains", "critical")
    assert change.what == (
        "An access policy is of the kind DenyAccess: it denies its group and opens every other mailbox."
    )
    assert change.ask == "Only RestrictAccess keeps an application to a group. Why this one?"
    assert not [one for one in said(clean(), stack) + said(stack, stack) if "DenyAccess" in one]
    assert [one for one in said(stack, Stack()) if "DenyAccess" in one]
    assert [one for one in said(policies(accessRights=[UNKNOWN])) if "what only the update will know" in one]


@pytest.mark.parametrize("groups", [["group-x"], [ROOM_GROUP, "group-x"]])
def test_a_group_by_its_id_in_place_of_another_or_beside_it(groups):
    [change] = [one for one in reviewed(policies(groupObjectIds=groups)).changes if one.area == "scope"]
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == (
        "The access policies policies name another group, group-x: whoever is in it can be reached."
    )
    assert change.ask == "Which group is group-x, and who decides who is in it?"


def test_a_group_is_swapped_where_none_had_a_name():
    before, after = (policies(groupObjectIds=[ROOM_GROUP, group]) for group in ("group-x", "group-y"))
    [gained] = [one for one in said(after, before) if one.startswith("gains")]
    assert gained.startswith("gains/scope/high: The access policies policies name another group, group-y: ")


def test_a_group_whose_members_are_listed_needs_no_other_sentence():
    stack = policies(groupObjectIds=[ROOM_GROUP, "group-2"]).members("staff", "group-2", "Ada")
    assert "scope" not in "".join(said(stack))


def test_an_unknown_group_is_told_by_the_reach():
    assert "scope" not in "".join(said(policies(groupObjectIds=[ROOM_GROUP, UNKNOWN])))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (
            "configured",
            "Exchange is no longer asked, before anything is consented to, whether the policy holds.",
        ),
        (
            "enforced",
            (
                "Microsoft Graph is no longer asked, before a secret is handed out, whether it refuses the "
                "mailboxes outside."
            ),
        ),
    ],
)
def test_a_proof_that_is_no_longer_asked_for(name, what):
    [change] = reviewed(clean().without(name)).changes
    assert (change.effect, change.area, change.level, change.what) == ("gains", "proof", "high", what)
    assert change.ask == "What proves then that the application is kept to its rooms?"
    assert said(clean(), clean().without(name)) == []


def test_without_a_permission_on_mailboxes_there_is_nothing_to_prove():
    stack = clean().without("enforced", "consent-Calendars.ReadWrite")
    stack["application"]["requiredResourceAccesses"] = []
    assert "proof" not in "".join(said(stack))


def test_a_proof_under_another_name_is_a_proof():
    stack = clean().without("enforced").has("asked", types.ENFORCED_ACCESS, appId="app-1")
    assert said(stack) == []


def test_mailboxes_that_are_named_instead_of_chosen():
    before, after = clean(), clean()
    before["configured"]["deniedMailboxes"] = []
    after["configured"]["deniedMailboxes"] = ["c@contoso.example"]
    [told] = said(after, before)
    assert told.startswith("gains/proof/moderate: The proof asks only these, and no longer chooses people's")
    assert told.endswith(": c@contoso.example.")


def test_other_mailboxes_that_must_be_refused():
    before, after = clean(), clean()
    before["configured"]["deniedMailboxes"] = ["a@contoso.example", "b@contoso.example"]
    after["configured"]["deniedMailboxes"] = ["c@contoso.example", "b@contoso.example"]
    assert said(after, before) == [
        "gains/proof/moderate: The proof no longer asks that these are refused: a@contoso.example.",
        "neither/proof/low: The proof also asks that these are refused: c@contoso.example.",
    ]
