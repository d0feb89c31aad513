"""Principals of PlaceOS's name: what each opens, and which of them another stack of this code limits."""

from typing import Any

import pytest

import permissions
from drift.finding import Finding
from graph.directory_roles import EXCHANGE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR
from permissions import EXCHANGE_APP_ID, GRAPH_APP_ID
from tests.drift.made import Made, consent
from tests.drift.tampering import OTHER, PERSON, TRAVEL, in_the_name_of, user

IDS = {one.name: one.id for one in permissions.known() if one.resource.app_id == GRAPH_APP_ID}
ON_EXCHANGE = {one.name: one.id for one in permissions.known() if one.resource.app_id == EXCHANGE_APP_ID}
CALENDARS = "Calendars.ReadWrite"
READ, MARKED = "Application Mail.Read", "Restrict PlaceOS. plc:0badcafe"


def alike(made: Made, *consents: str, notes: str = MARKED, name: str = "PlaceOS (old)") -> tuple[str, str]:
    """One of PlaceOS's name with these consents: its client id, and its object id."""
    body = {"displayName": name, "notes": notes}
    registered = made.graph.post("/v1.0/applications", body)
    principal = made.graph.post("/v1.0/servicePrincipals", {"appId": registered["appId"]})["id"]
    consent(made.graph, str(principal), GRAPH_APP_ID, *(IDS[name] for name in consents))
    return str(registered["appId"]), str(principal)


def limit(made: Made, client_id: str, description: str) -> None:
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[client_id], PolicyScopeGroupId=TRAVEL, Description=description,
    )  # fmt: skip


def give_role(made: Made, client_id: str, principal: str, **scope: Any) -> None:
    made.exchange.run("New-ServicePrincipal", AppId=client_id, ObjectId=principal, DisplayName="x")
    made.exchange.run("New-ManagementRoleAssignment", App=principal, Role=READ, **scope)


def told(made: Made) -> list[Finding]:
    report = made.reported()
    assert report.unseen == ()
    assert {one.rule for one in report.findings} <= {"look-alike"}
    return list(report.findings)


def test_another_stack_s_is_passed_over_and_a_stranger_s_is_not(made: Made) -> None:
    client_id, _ = alike(made, CALENDARS)
    limit(made, client_id, MARKED)
    assert told(made) == []
    stranger, _ = alike(made, CALENDARS)
    limit(made, stranger, "mine")
    [found] = told(made)
    assert (found.subject, found.level) == (stranger, "moderate")
    assert found.what.endswith("holds Calendars.ReadWrite and opens 2 mailboxes")


@pytest.mark.parametrize("notes", ["", "mine", "plc:00000000"])
def test_a_mark_on_a_policy_alone_is_no_excuse(made: Made, notes: str) -> None:
    client_id, _ = alike(made, CALENDARS, notes=notes)
    limit(made, client_id, MARKED)
    [found] = told(made)
    assert (found.subject, found.level) == (client_id, "moderate")


@pytest.mark.parametrize("scoped", [True, False])
def test_a_mark_is_no_excuse_for_a_role_in_exchange(made: Made, scoped: bool) -> None:
    client_id, principal = alike(made, CALENDARS)
    limit(made, client_id, MARKED)
    give_role(made, client_id, principal, **({"RecipientGroupScope": TRAVEL} if scoped else {}))
    [found] = told(made)
    assert found.level == ("moderate" if scoped else "critical")
    opens = "2 mailboxes and whom that scope matches" if scoped else "every mailbox of the tenant"
    assert found.what.endswith(f" and opens {opens}")
    assert f"holds Calendars.ReadWrite, the role {READ}" in found.what


def test_a_role_with_a_scope_alone_opens_what_the_scope_matches(made: Made) -> None:
    give_role(made, *alike(made), RecipientGroupScope=TRAVEL)
    [found] = told(made)
    assert found.level == "moderate"
    assert f"holds the role {READ} on " in found.what
    assert found.what.endswith(" and opens whom that scope matches")


def test_a_mark_is_no_excuse_for_who_can_grant_itself_more(made: Made) -> None:
    client_id, _ = alike(made, "RoleManagement.ReadWrite.Directory")
    limit(made, client_id, MARKED)
    [found] = told(made)
    assert found.level == "critical"
    assert found.what.endswith(
        "holds RoleManagement.ReadWrite.Directory and opens every mailbox of the tenant"
    )


def test_whatever_is_granted_on_exchange_opens_mailboxes(made: Made) -> None:
    _, principal = alike(made)
    assert told(made) == []
    consent(made.graph, principal, EXCHANGE_APP_ID, ON_EXCHANGE["Place.Read.All"])
    [found] = told(made)
    assert "holds Place.Read.All and opens every" in found.what


def test_a_deployer_is_none_until_it_opens_mailboxes_in_another_way(made: Made) -> None:
    client_id, principal = alike(made, "AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.OwnedBy")
    consent(made.graph, principal, EXCHANGE_APP_ID, ON_EXCHANGE["Exchange.ManageAsApp"])
    assert told(made) == []
    consent(made.graph, principal, GRAPH_APP_ID, IDS["Mail.Read"])
    limit(made, client_id, MARKED)
    [found] = told(made)
    assert found.level == "critical"
    assert "holds AppRoleAssignment.ReadWrite.All, Exchange.ManageAsApp, Mail.Read and opens ev" in found.what


@pytest.mark.parametrize("more", ["Mail.Read", "full_access_as_app", "Calendars.Read"])
def test_marks_are_no_excuse_for_what_no_stack_of_this_code_holds(made: Made, more: str) -> None:
    client_id, principal = alike(made, CALENDARS)
    limit(made, client_id, MARKED)
    assert told(made) == []
    service, ids = (GRAPH_APP_ID, IDS) if more == "Mail.Read" else (EXCHANGE_APP_ID, ON_EXCHANGE)
    consent(made.graph, principal, service, ids[more])
    [found] = told(made)
    assert more in found.what


@pytest.mark.parametrize(
    ("person", "level", "whose"), [("", "critical", "everybody"), (PERSON, "moderate", "1 person")]
)
def test_one_that_opens_mailboxes_in_people_s_names_is_told(
    made: Made, person: str, level: str, whose: str
) -> None:
    client_id, principal = alike(made)
    in_the_name_of(made, "openid User.Read", OTHER, principal)
    assert told(made) == []
    in_the_name_of(made, "openid Calendars.ReadWrite", person, principal)
    [found] = told(made)
    assert (found.subject, found.level) == (client_id, level)
    assert f"holds Calendars.ReadWrite in the name of {whose} and opens the mailb" in found.what
    assert found.what.endswith("opens the mailboxes of those in whose name it acts")
    one = f"the person {user(made, person)}" if person else "everybody"
    assert found.holds == (f"Calendars.ReadWrite in the name of {one}",)


def test_marks_are_no_excuse_for_acting_in_people_s_names(made: Made) -> None:
    client_id, principal = alike(made, CALENDARS)
    limit(made, client_id, MARKED)
    in_the_name_of(made, "Calendars.ReadWrite", PERSON, principal)
    assert [one.subject for one in told(made)] == [client_id]


@pytest.mark.parametrize("role", [GLOBAL_ADMINISTRATOR, EXCHANGE_ADMINISTRATOR])
def test_one_that_administers_the_tenant_opens_everything(made: Made, role: str) -> None:
    client_id, principal = alike(made, CALENDARS)
    limit(made, client_id, MARKED)
    _administers(made, principal, role)
    [found] = told(made)
    assert found.level == "critical"
    assert " Administrator and opens every mailbox of the tenant" in found.what


def test_a_deployer_that_the_code_knows_may_administer_exchange(made: Made) -> None:
    _, principal = alike(made, "Application.ReadWrite.OwnedBy")
    _administers(made, principal, EXCHANGE_ADMINISTRATOR)
    owners = made.code.owners | {principal}
    assert "look-alike" not in _rules(made, owners=owners)
    assert "look-alike" in _rules(made)
    _administers(made, principal, GLOBAL_ADMINISTRATOR)
    assert "look-alike" in _rules(made, owners=owners)


@pytest.mark.parametrize(
    "name", ["placeos (OLD)", " PlaceOS", "\u200bPlaceOS", "\ufeffPlaceOS", "\u00a0PlaceOS"]
)
def test_what_is_not_seen_before_the_name_changes_nothing(made: Made, name: str) -> None:
    client_id, _ = alike(made, "Mail.Read", name=name)
    assert [one.subject for one in told(made)] == [client_id]


def _administers(made: Made, principal: str, role: str) -> None:
    given = {"principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/"}
    made.graph.post("/v1.0/roleManagement/directory/roleAssignments", given)


def _rules(made: Made, **code: Any) -> set[str]:
    return {one.rule for one in made.reported(**code).findings}
