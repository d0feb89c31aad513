"""Permissions that come, go, and move."""

import pytest

import permissions
from review import types
from review.permission_table import Presence, Row
from tests.review.stack import EXCHANGE, UNKNOWN, Stack, clean, graph, reviewed, said

FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
"""full_access_as_app of Exchange Online."""


def row(stack: Stack, name: str, before: Stack | None = None) -> Row:
    return next(one for one in reviewed(stack, before).permissions if one.name == name)


def requested(stack: Stack, *entries: dict, api: str = permissions.GRAPH_APP_ID) -> Stack:
    stack["application"]["requiredResourceAccesses"] += [
        {"resourceAppId": api, "resourceAccesses": [*entries]}
    ]
    return stack


def test_nothing_is_said_of_what_stays():
    assert said(clean()) == []
    assert [
        (one.presence, one.name, one.level, one.reach, one.consent) for one in reviewed(clean()).permissions
    ] == [
        (Presence.UNCHANGED, "Calendars.ReadWrite", "moderate", "the mailboxes in scope", "this stack"),
        (Presence.UNCHANGED, "User.Read.All", "moderate", "tenant-wide", "this stack"),
    ]


def test_one_that_comes_is_told_with_its_level_where_it_holds_and_what_is_narrower():
    stack = clean().grants("Group.Read.All")
    [change] = reviewed(stack).changes
    opens = permissions.find("Group.Read.All").opens
    assert said(stack) == [f"gains/permissions/high: Permission Group.Read.All, tenant-wide: {opens}"]
    assert change.ask.startswith("Does this site use what needs Group.Read.All (")
    assert "GroupMember.Read.All would be narrower; what goes with it:" in change.ask
    assert row(stack, "Group.Read.All").presence is Presence.ADDED


def test_one_that_goes_is_told_with_what_stops():
    [change] = reviewed(clean(), clean().grants("Place.Read.All")).changes
    assert (change.effect, change.what) == ("loses", "Permission Place.Read.All is taken away.")
    assert change.ask.startswith("Does nothing at this site need Place.Read.All any more (")
    gone = row(clean(), "Place.Read.All", clean().grants("Place.Read.All"))
    assert gone.presence is Presence.REMOVED


def test_one_that_nothing_needs_goes_without_a_question():
    before = clean().grants_beside("0-1-2")
    [change] = reviewed(clean(), before).changes
    assert (change.what, change.ask) == ("Permission 0-1-2 is taken away.", "")


def test_one_that_is_excluded_is_asked_why():
    [change] = reviewed(clean().grants("Directory.ReadWrite.All")).changes
    assert change.level == "critical"
    assert change.ask.startswith("Why Directory.ReadWrite.All? The catalogue excludes it: ")


def test_those_that_come_stand_first_and_the_gravest_of_them():
    stack = clean().grants("Contacts.Read").grants("Mail.Send").without("consent-User.Read.All")
    stack["application"]["requiredResourceAccesses"] = []
    told = [(one.presence, one.name) for one in reviewed(stack).permissions]
    assert told == [
        (Presence.ADDED, "Mail.Send"),
        (Presence.ADDED, "Contacts.Read"),
        (Presence.REMOVED, "User.Read.All"),
        (Presence.UNCHANGED, "Calendars.ReadWrite"),
    ]


def swapped(before: str, after: str) -> list[str]:
    sides = [clean(), clean()]
    for stack, name in zip(sides, (before, after), strict=True):
        stack["application"]["requiredResourceAccesses"] = []
        stack.without("consent-User.Read.All", "consent-Calendars.ReadWrite").grants(name)
    return said(sides[1], sides[0])


def test_a_narrower_one_in_place_of_a_wider_is_no_gain():
    lost, came = swapped("Calendars.ReadWrite", "Calendars.Read")
    assert lost == "loses/permissions/low: Permission Calendars.ReadWrite is taken away."
    assert came == (
        "neither/permissions/low: Permission Calendars.Read comes, and opens less than Calendars.ReadWrite, "
        "which was there."
    )
    assert swapped("Calendars.Read", "Calendars.ReadWrite")[0].startswith("gains/permissions/moderate")


def test_one_with_less_content_but_without_a_scope_is_not_narrower():
    assert swapped("Calendars.Read", "Calendars.ReadBasic.All")[0].startswith("gains/permissions/high")


def test_a_narrower_one_is_a_gain_while_the_wider_is_only_asked_for():
    before = clean().without("consent-Calendars.ReadWrite")
    after = clean().without("consent-Calendars.ReadWrite").grants("Calendars.Read")
    assert said(after, before)[0].startswith("gains/permissions/moderate: Permission Calendars.Read,")


def test_the_same_role_id_is_another_permission_on_exchange():
    role = graph("Calendars.ReadWrite")
    stack = clean().grants_beside(role, resourceObjectId=EXCHANGE)
    told = row(stack, "Calendars.ReadWrite.All on Exchange Online")
    assert (told.presence, told.level, told.reach) == (Presence.ADDED, "high", "tenant-wide")
    assert said(stack)[0].startswith(
        "gains/permissions/high: Permission Calendars.ReadWrite.All on Exchange Online,"
    )
    asked = requested(clean(), {"id": role, "type": "Role"}, api=permissions.EXCHANGE_APP_ID)
    assert row(asked, "Calendars.ReadWrite.All on Exchange Online").consent == "asked for only"


def test_consent_that_moves_to_another_api_under_the_same_name():
    stack = clean()
    for name in ("Calendars.ReadWrite", "User.Read.All"):
        stack[f"consent-{name}"]["resourceObjectId"] = EXCHANGE
    [change] = reviewed(stack).changes
    assert (change.effect, change.level) == ("gains", "unknown")
    assert change.what.startswith(f"Consent is given on another API than before, {EXCHANGE}: ")
    assert EXCHANGE in change.ask


def test_full_access_on_exchange_is_kept_to_the_scope_by_a_policy():
    stack = clean().grants_beside(FULL_ACCESS, resourceObjectId=EXCHANGE)
    assert row(stack, "full_access_as_app on Exchange Online").reach == "the mailboxes in scope"


@pytest.mark.parametrize("name", ["Directory.Read.All", "Mail.Send"])
def test_the_same_permission_for_another_principal(name):
    stack = clean().grants_beside(graph(name), principalObjectId="other")
    told = row(stack, f"{name}, for the service principal other")
    assert told.presence is Presence.ADDED
    assert said(stack)[0].startswith("gains/permissions/")


def test_no_policy_of_this_stack_limits_another_principal():
    stack = clean().grants_beside(graph("Calendars.ReadWrite"), principalObjectId="other")
    told = row(stack, "Calendars.ReadWrite, for the service principal other")
    assert (told.level, told.reach) == ("critical", "every mailbox of the tenant")
    assert row(stack, "Calendars.ReadWrite").reach == "the mailboxes in scope"


def test_a_principal_that_only_the_update_will_know_is_not_this_stacks():
    stack = clean().grants_beside(graph("Calendars.ReadWrite"), principalObjectId=UNKNOWN)
    assert row(stack, "Calendars.ReadWrite, for the service principal not known yet").level == "critical"


def test_a_new_stacks_own_principal_is_not_another():
    new = clean()
    for name in ("consent-Calendars.ReadWrite", "consent-User.Read.All"):
        new[name]["principalObjectId"] = UNKNOWN
    assert {one.name for one in reviewed(new, Stack()).permissions} == {
        "Calendars.ReadWrite",
        "User.Read.All",
    }


def test_a_role_that_nobody_has_judged():
    stack = clean().grants_beside("0-1-2", resourceObjectId="api-1")
    told = row(stack, "0-1-2 on the API api-1")
    assert (told.level, told.reach) == ("unknown", "tenant-wide")
    assert told.opens == "Not in the catalogue: what it opens has to be found out."
    [change] = reviewed(stack).changes
    assert (change.effect, change.level) == ("gains", "unknown")
    assert change.ask == (
        "What does 0-1-2 on the API api-1 open, and which call of PlaceOS needs it? Nobody has judged it yet."
    )


def test_a_role_and_an_api_that_only_the_update_will_know():
    stack = clean().grants_beside(UNKNOWN, resourceObjectId=UNKNOWN)
    assert row(stack, "a role not known yet on an API not known yet").presence is Presence.ADDED


@pytest.mark.parametrize(
    "value", [UNKNOWN, "[secret]", [UNKNOWN], [{"resourceAppId": UNKNOWN, "resourceAccesses": UNKNOWN}]]
)
def test_requests_that_can_not_be_read(value):
    stack = clean()
    stack["application"]["requiredResourceAccesses"] = value
    told = row(stack, "what only the update will know on an API not known yet")
    assert (told.presence, told.level, told.consent) == (Presence.ADDED, "unknown", "asked for only")


def test_a_requested_id_that_only_the_update_will_know():
    stack = requested(clean(), {"id": UNKNOWN, "type": "Role"})
    assert row(stack, "what only the update will know").presence is Presence.ADDED


def test_one_that_is_asked_for_only_and_then_given_and_then_taken_back():
    asked = requested(clean(), {"id": graph("Place.Read.All"), "type": "Role"})
    given = requested(clean(), {"id": graph("Place.Read.All"), "type": "Role"}).grants("Place.Read.All")
    assert row(asked, "Place.Read.All").consent == "asked for only"
    assert said(asked)[0].startswith("gains/permissions/low: Permission Place.Read.All,")
    [change] = reviewed(given, asked).changes
    assert (change.effect, change.level) == ("gains", "low")
    assert change.what == "Consent to Place.Read.All: this stack (before: asked for only)."
    assert change.ask == "Place.Read.All was only asked for until now. Is it meant to be given?"
    assert said(asked, given) == [
        "loses/permissions/low: Consent to Place.Read.All: asked for only (before: this stack)."
    ]


def by_person(**inputs) -> Stack:
    names = ["Calendars.ReadWrite", "User.Read.All"]
    stack = clean().without(*(f"consent-{name}" for name in names))
    return stack.has("by-person", types.CONSENT_BY_PERSON, appId="app-1", **{"asked": names, **inputs})


def test_consent_that_a_person_gives_from_now_on():
    assert said(by_person()) == [
        "neither/permissions/low: Consent to User.Read.All: a person (before: this stack).",
        "neither/permissions/low: Consent to Calendars.ReadWrite: a person (before: this stack).",
    ]
    assert said(clean(), by_person())[0].endswith("this stack (before: a person).")


def test_what_a_person_is_asked_for_that_can_not_be_read():
    assert row(by_person(asked=UNKNOWN), "what only the update will know").presence is Presence.ADDED


def test_a_name_that_the_catalogue_does_not_have_is_told_by_its_name():
    assert row(by_person(asked=["Notes.Read.All"]), "Notes.Read.All").level == "unknown"


def test_a_consent_that_an_existing_application_keeps():
    stack = clean()
    stack["configured"]["existing"] = {"acceptedPermissions": ["Mail.Send"], "acceptedPolicies": []}
    told = row(stack, "Mail.Send")
    assert (told.presence, told.consent) == (Presence.ADDED, "given before, kept")


@pytest.mark.parametrize("existing", [UNKNOWN, {"acceptedPermissions": UNKNOWN}])
def test_kept_consents_that_can_not_be_read(existing):
    stack = clean()
    stack["configured"]["existing"] = existing
    assert row(stack, "what only the update will know").consent == "given before, kept"


def delegated(**inputs) -> Stack:
    given = {
        "servicePrincipalObjectId": "principal-1",
        "resourceServicePrincipalObjectId": "graph-1",
        "claimValues": ["Mail.Read"],
        **inputs,
    }
    return clean().has("delegated", types.DELEGATED_GRANT, **given)


def test_a_delegated_permission_is_used_in_somebodys_name():
    told = row(delegated(), "Mail.Read in everybody's name (delegated)")
    assert (told.level, told.reach) == ("unknown", "whatever the person who signs in may open")
    assert said(delegated())[0].startswith(
        "gains/permissions/unknown: Permission Mail.Read in everybody's name"
    )
    scope = requested(clean(), {"id": "e1fe6dd8", "type": "Scope"})
    assert row(scope, "e1fe6dd8 (delegated)").consent == "asked for only"


@pytest.mark.parametrize(
    ("inputs", "name"),
    [
        ({"userObjectId": ""}, "Mail.Read in everybody's name (delegated)"),
        ({"userObjectId": "ben"}, "Mail.Read in the name of ben (delegated)"),
        (
            {"resourceServicePrincipalObjectId": "api-2"},
            "Mail.Read in the name of ada on the API api-2 (delegated)",
        ),
        (
            {"servicePrincipalObjectId": "other"},
            "Mail.Read in the name of ada (delegated), for the service principal other",
        ),
        ({"claimValues": UNKNOWN}, "what only the update will know in the name of ada (delegated)"),
    ],
)  # fmt: skip
def test_a_delegated_grant_that_widens(inputs, name):
    before = delegated(userObjectId="ada")
    assert row(delegated(**{"userObjectId": "ada", **inputs}), name, before).presence is Presence.ADDED


def test_every_narrower_one_of_the_catalogue_can_be_granted():
    for one in permissions.known():
        assert one.narrower is None or permissions.find(one.narrower.name)


def test_a_narrower_one_is_a_gain_when_somebody_else_has_the_wider():
    before, after = clean(), clean().grants("Calendars.Read")
    for stack in (before, after):
        stack["application"]["requiredResourceAccesses"] = []
        stack.without("consent-Calendars.ReadWrite")
        stack.grants_beside(graph("Calendars.ReadWrite"), principalObjectId="other")
    assert said(after, before)[0].startswith("gains/permissions/moderate: Permission Calendars.Read,")


def test_a_consent_on_an_api_that_only_the_update_will_know():
    stack = clean().grants("Mail.Send", resourceObjectId=UNKNOWN)
    assert [one for one in said(stack) if "Mail.Send on" in one]
    assert "None" not in "".join(said(stack))


def test_a_grant_beside_a_person_s_consent_is_the_application_s():
    stack = by_person().grants_beside(graph("Mail.Send"))
    assert "service principal" not in "".join(said(stack, by_person()))


def test_one_that_goes_is_shown_as_it_was():
    told = row(clean().without("policies"), "Mail.Send", clean().grants("Mail.Send"))
    assert (told.presence, told.level, told.reach) == (Presence.REMOVED, "high", "the mailboxes in scope")
