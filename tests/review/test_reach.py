"""Which mailboxes can be opened, before and after."""

import pytest

from review import types
from review.markdown import markdown
from review.reach import reach
from review.reach_changes import moved
from tests.review.stack import ROOM_GROUP, UNKNOWN, Stack, clean, compared, reviewed, said

EVERYTHING = (
    "gains/reach/critical: Every mailbox of the tenant can be opened: no RestrictAccess policy limits the "
    "application."
)


def words(stack: Stack) -> str:
    return reviewed(stack).reaches[1].in_words


def test_the_members_of_the_group_that_the_policy_names():
    stack = clean()
    found = reviewed(stack).reaches[0].mailboxes
    assert [one.shown for one in found.values()] == [
        "Opera (opera@contoso.example)",
        "Harbour (harbour@contoso.example)",
    ]
    assert words(stack) == "2 mailboxes"
    del stack["rooms-members"]["members"]["opera@contoso.example"]
    assert words(stack) == "1 mailbox"


def test_a_room_enters_and_one_leaves():
    stack = clean()
    stack["rooms-members"]["members"] = {"opera@contoso.example": "Opera", "bay@contoso.example": ""}
    assert said(stack) == [
        "gains/reach/low: 1 room newly reachable: bay@contoso.example.",
        "loses/reach/low: 1 room no longer reachable: Harbour (harbour@contoso.example).",
    ]
    assert reviewed(stack).questions == (
        "Is everything that is newly reachable meant to be booked by PlaceOS?",
        "Do the panels of the rooms that leave go dark on purpose?",
    )


def staffed(*people: str) -> Stack:
    stack = clean().members("staff", "group-2", *people)
    stack["policies"].update(groupObjectIds=[ROOM_GROUP, "group-2"], accessRights=["RestrictAccess"] * 2)
    return stack


def test_people_weigh_more_than_rooms():
    [change] = reviewed(staffed("Ada")).changes
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == "1 person's mailbox newly reachable: Ada (ada@contoso.example)."
    assert change.ask == "Have these people agreed that PlaceOS opens their mailboxes?"
    assert said(staffed("Ada", "Ben"))[0].startswith(
        "gains/reach/high: 2 people's mailboxes newly reachable: "
    )


def test_when_people_leave_no_panel_goes_dark():
    [change] = reviewed(clean(), staffed("Ada")).changes
    assert (change.effect, change.ask) == ("loses", "")
    assert change.what == "1 person's mailbox no longer reachable: Ada (ada@contoso.example)."


@pytest.mark.parametrize(("count", "told"), [(1, "1 mailbox"), (2, "2 mailboxes")])
def test_mailboxes_of_no_kind(count, told):
    stack = clean()
    del stack["rooms-members"]["mailboxes"]
    before = clean()
    del before["rooms-members"]["mailboxes"]
    stack["rooms-members"]["members"] |= {f"{one}@contoso.example": "" for one in range(count)}
    assert said(stack, before)[0].startswith(f"gains/reach/low: {told} newly reachable")


@pytest.mark.parametrize(("count", "names"), [(3, 3), (4, 0)])
def test_a_sentence_names_a_few(count, names):
    stack = clean()
    stack["rooms-members"]["members"] |= {f"{one:02}@contoso.example": "" for one in range(count)}
    [change] = reviewed(stack).changes
    assert change.what.startswith(f"{count} rooms newly reachable")
    assert change.what.count("@") == names


def test_the_list_names_twenty_and_counts_the_others():
    stack = clean()
    stack["rooms-members"]["members"] |= {f"{one:02}@contoso.example": "" for one in range(23)}
    [entering] = [line for line in markdown(reviewed(stack)).splitlines() if "**Enter**" in line]
    assert entering.count("contoso") == 20
    assert entering.endswith(" and 3 more")
    stack["rooms-members"]["members"] = dict(list(stack["rooms-members"]["members"].items())[:22])
    assert " more" not in markdown(reviewed(stack))


def test_members_whose_group_the_update_makes_are_reachable():
    stack = staffed("Ada")
    stack["staff-members"]["groupObjectId"] = UNKNOWN
    stack["policies"]["groupObjectIds"] = [ROOM_GROUP, UNKNOWN]
    assert words(stack) == "3 mailboxes"


@pytest.mark.parametrize("members", [UNKNOWN, "[secret]", None])
def test_members_that_can_not_be_read(members):
    stack = clean()
    stack["rooms-members"]["members"] = members
    assert words(stack) == "0 mailboxes and whoever is in rooms-members, which only the update will know"
    assert said(stack)[0] == (
        "gains/reach/high: Newly reachable: whoever is in rooms-members, which only the update will know."
    )


def test_a_group_that_no_policy_names_opens_nothing():
    assert said(clean().members("staff", "group-9", "Ada")) == []


def test_without_a_permission_on_mailboxes_nothing_is_reachable():
    stack = clean().without("consent-Calendars.ReadWrite")
    stack["application"]["requiredResourceAccesses"] = []
    assert words(stack) == "0 mailboxes"
    assert said(stack)[-1].startswith("loses/reach/low: 2 rooms no longer reachable")


def existing() -> Stack:
    stack = clean().has("existing", types.EXISTING_GROUP, address="desk@contoso.example")
    stack["policies"].update(groupObjectIds=[ROOM_GROUP, UNKNOWN], accessRights=["RestrictAccess"] * 2)
    return stack


def test_a_group_of_somebody_else_comes_and_goes():
    assert words(existing()) == "2 mailboxes and whoever is in desk@contoso.example"
    [change] = reviewed(existing()).changes
    assert (change.effect, change.level) == ("gains", "high")
    assert change.what == "Newly reachable: whoever is in desk@contoso.example."
    assert change.ask == (
        "Who decides who is in desk@contoso.example, and do they know that it opens mailboxes to PlaceOS?"
    )
    assert said(clean(), existing()) == [
        "loses/reach/low: No longer reachable: whoever is in desk@contoso.example."
    ]


def test_a_group_that_the_stack_does_not_name():
    stack = clean()
    stack["policies"]["groupObjectIds"] += [UNKNOWN]
    assert words(stack) == "2 mailboxes and whoever is in 1 more that this stack does not name"
    stack["policies"]["groupObjectIds"] = UNKNOWN
    assert "that this stack does not name" in words(stack)


def test_a_policy_of_somebody_else_that_is_accepted():
    stack = clean()
    stack["policies"]["accepted"] = ["policy-b", "policy-a"]
    assert words(stack).endswith(
        "whoever is in the group of the accepted policy policy-a and whoever is in the group of the accepted "
        "policy policy-b"
    )
    assert said(stack)[0].startswith(
        "gains/reach/high: Newly reachable: whoever is in the group of the accepted"
    )
    stack["policies"]["accepted"] = UNKNOWN
    assert "what only the update will know" in words(stack)


def broken(**inputs) -> Stack:
    stack = clean()
    stack["policies"].update(inputs)
    return stack


@pytest.mark.parametrize(
    "stack",
    [
        broken(groupObjectIds=[], accessRights=[]),
        broken(groupObjectIds=[]),
        broken(accessRights=["DenyAccess"]),
        broken(accessRights=["RestrictAccess", "DenyAccess"]),
        broken(accessRights=[UNKNOWN]),
        broken(accessRights=UNKNOWN),
        broken(appId="app-2"),
        clean().without("policies"),
        clean().without("policies", "consent-Calendars.ReadWrite").grants_beside("nobody-judged"),
        clean().has("second", types.SERVICE_PRINCIPAL, clientId="app-2"),
        clean().has("second", types.SERVICE_PRINCIPAL, clientId=UNKNOWN),
    ],
)
def test_everything_without_a_policy_that_restricts_each_application(stack):
    assert EVERYTHING in said(stack)
    review = reviewed(stack)
    assert (
        "Why does no policy limit the application? Do not approve this without the answer."
        in review.questions
    )
    assert review.reaches[1].in_words == "every mailbox of the tenant"
    calendars = next(one for one in review.permissions if one.name == "Calendars.ReadWrite")
    assert (calendars.level, calendars.reach) == ("critical", "every mailbox of the tenant")
    assert moved(*review.reaches) == ([], [])
    assert "loses/reach/low: A policy limits the application again." in said(clean(), stack)
    assert EVERYTHING not in said(stack, stack)


def test_an_application_that_is_only_looked_up_needs_no_policy():
    stack = clean().has("graph", types.SERVICE_PRINCIPAL, clientId="graph-app", useExisting=True)
    assert EVERYTHING not in said(stack)


def test_an_existing_application_is_known_by_the_proof():
    looked_up = clean().without("principal", "application")
    assert not reviewed(looked_up).reaches[1].everything
    looked_up["policies"]["appId"] = "app-2"
    assert reviewed(looked_up).reaches[1].everything


def test_a_stack_that_is_new_is_limited_by_a_policy_for_what_the_update_will_make():
    stack = clean()
    for name, key in (("principal", "clientId"), ("policies", "appId"), ("configured", "appId")):
        stack[name][key] = UNKNOWN
    stack["policies"]["groupObjectIds"] = [UNKNOWN]
    stack["rooms-members"]["groupObjectId"] = UNKNOWN
    assert len(reach(compared(Stack(), stack).after).mailboxes) == 2


def test_what_nobody_has_judged_may_open_mailboxes():
    stack = Stack().grants_beside("0-1-2")
    assert EVERYTHING in said(stack, Stack())
