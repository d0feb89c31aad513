"""How many mailboxes it can open: what consents, policies and groups let it open together."""

from dataclasses import replace

import pytest

import permissions
from drift.reach import Reach
from drift.report import REACH
from exchange.rooms import list_rooms
from permissions import GRAPH_APP_ID
from tests.drift.made import Made, consent
from tests.drift.tampering import OTHER, PERSON, ROOM, TAMPERINGS, TRAVEL, user
from tests.drift.wide import STAFF_GROUP, made_group, widened
from tests.emulated import Emulated

ROOMS = 48


def policy(made: Made, right: str, group: str, app: str = "") -> None:
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight=right, AppId=[app or made.code.client_id], PolicyScopeGroupId=group, Description="x",
    )  # fmt: skip


def told(made: Made) -> Reach:
    found = made.reported().reach
    assert found
    return found


def test_denied_mailboxes_are_not_open(made: Made) -> None:
    denied = made_group(made, "Denied", "denied@contoso.example", user(made, PERSON), *first_rooms(made, 2))
    policy(made, "DenyAccess", denied)
    assert (told(made).should, told(made).can) == (ROOMS, ROOMS - 2)


def test_groups_in_groups_count_and_nobody_twice(made: Made) -> None:
    inner = made_group(made, "Inner", "inner@contoso.example", user(made, PERSON), *first_rooms(made, 3))
    made.exchange.run(
        "Add-DistributionGroupMember",
        Identity=made.group, Member=inner, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    reach = told(made)
    assert reach.beyond >= {PERSON}
    assert reach.can == ROOMS + len(reach.beyond)
    assert ROOM not in reach.beyond
    again = made_group(made, "Again", "again@contoso.example", *first_rooms(made, 3))
    policy(made, "RestrictAccess", again)
    assert told(made).can == reach.can, "who is in two groups is open once"


def test_a_policy_for_every_application_counts(made: Made) -> None:
    policy(made, "RestrictAccess", TRAVEL, "*")
    assert told(made).can == ROOMS + 2


def test_a_policy_that_names_a_mailbox_opens_it(made: Made) -> None:
    policy(made, "RestrictAccess", PERSON)
    report = made.reported()
    assert report.unseen == ()
    assert report.reach == Reach(ROOMS, ROOMS + 1, beyond=frozenset({PERSON}))
    [found] = report.findings
    assert f"opens the mailbox {PERSON} to PlaceOS" in found.what


def test_what_is_neither_a_mailbox_nor_such_a_group_is_not_looked_at(made: Made) -> None:
    store, id_ = made.emulated.tenant.store, user(made, PERSON)
    person = store.get("recipient", id_) or {}
    store.put("recipient", id_, person | {"RecipientTypeDetails": "MailUser"})
    policy(made, "RestrictAccess", PERSON)
    report = made.reported()
    assert report.reach is None
    assert {one.about for one in report.unseen} == {"access policies", REACH}
    assert "it is a MailUser, which is neither" in report.unseen[0].reason


def test_without_a_policy_everything_is_open_but_what_is_denied(made: Made) -> None:
    policies_of = made.exchange.run("Get-ApplicationAccessPolicy")
    [own] = [one for one in policies_of if str(one["AppId"]).lower() == made.code.client_id]
    made.exchange.run("Remove-ApplicationAccessPolicy", Identity=own["Identity"], Confirm=False)
    everything = told(made)
    assert everything.everything
    assert everything.can > 2 * ROOMS
    policy(made, "DenyAccess", TRAVEL)
    assert (told(made).everything, told(made).can) == (True, everything.can - 2)


def test_without_a_consent_nothing_is_open_whatever_the_policies_say(made: Made) -> None:
    for one in made.graph.list(f"{made.principal}/appRoleAssignments"):
        made.graph.delete(f"{made.principal}/appRoleAssignments/{one['id']}")
    assert told(made) == Reach(ROOMS, 0)
    directory_alone = "df021288-bdef-4463-88db-98f22de89214"  # User.Read.All
    consent(made.graph, made.code.principal, GRAPH_APP_ID, directory_alone)
    assert told(made).can == 0, "a permission that opens no mailbox opens none"


def test_the_staff_of_a_group_that_somebody_else_keeps_are_as_they_should_be(emulated: Emulated) -> None:
    made = widened(emulated)
    assert told(made) == Reach(ROOMS + 1, ROOMS + 1)
    made.exchange.run(
        "Add-DistributionGroupMember",
        Identity=STAFF_GROUP, Member=OTHER, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    assert told(made) == Reach(ROOMS + 2, ROOMS + 2)
    assert made.reported().exit_code == 0


def test_the_staff_of_the_stack_s_own_group_are_compared(emulated: Emulated) -> None:
    made = widened(emulated)
    rooms, staff = made.code.groups
    own = (rooms, replace(staff, members={OTHER: ""}))
    report = made.reported(groups=own)
    assert {(one.rule, str(one.level)) for one in report.findings} == {
        ("member-not-in-code", "high"),
        ("room-missing-in-scope", "moderate"),
    }
    assert report.reach == Reach(ROOMS + 1, ROOMS + 1, beyond=frozenset({PERSON}))


@pytest.mark.parametrize("consented", [True, False])
def test_a_role_in_exchange_without_a_scope_opens_everything(made: Made, consented: bool) -> None:
    for one in made.graph.list(f"{made.principal}/appRoleAssignments") if not consented else ():
        made.graph.delete(f"{made.principal}/appRoleAssignments/{one['id']}")
    policy(made, "DenyAccess", TRAVEL)
    TAMPERINGS["a role in Exchange"].do(made)
    assert told(made) == Reach(ROOMS, len(made.asking().mailboxes()), everything=True)


def test_what_a_role_with_a_scope_opens_is_named_and_not_counted(made: Made) -> None:
    TAMPERINGS["a role in Exchange, scoped"].do(made)
    reach = told(made)
    assert (reach.can, reach.everything) == (ROOMS, False)
    [role] = reach.besides
    assert role.startswith("the role Application Calendars.Read on ")
    assert reach.in_words.endswith(f" Not counted is what it opens with {role}.")


@pytest.mark.parametrize("name", ["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"])
def test_who_can_grant_itself_more_opens_mailboxes(made: Made, name: str) -> None:
    for one in made.graph.list(f"{made.principal}/appRoleAssignments"):
        made.graph.delete(f"{made.principal}/appRoleAssignments/{one['id']}")
    ids = {one.name: one.id for one in permissions.known()}
    consent(made.graph, made.code.principal, GRAPH_APP_ID, ids[name])
    assert told(made).can == ROOMS


def first_rooms(made: Made, count: int) -> list[str]:
    return [one.object_id for one in list_rooms(made.exchange)][:count]
