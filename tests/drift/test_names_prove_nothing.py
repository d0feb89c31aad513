"""What anybody may name as they like: a graver finding never hides behind a lesser one of the same name."""

from datetime import date

import pytest

import permissions
from drift.accepted import Acceptance
from drift.finding import Finding
from drift.report import report
from permissions import EXCHANGE_APP_ID, GRAPH_APP_ID, Level
from tests.drift.by_hand import typed
from tests.drift.made import Made, consent
from tests.drift.tampering import TRAVEL

ROLE = "7f3c2a52-7b3c-4a29-9f0e-0d4f5a3f6f12"
GRANTING, READING = "AppRoleAssignment.ReadWrite.All", "Application Mail.Read"


def told(made: Made, *accepted: Finding) -> list[Finding]:
    """What is open where these are accepted, as grave as can be."""
    until = date(2099, 1, 1)
    entries = [Acceptance(one.rule, one.subject, Level.CRITICAL, "y", "it", until) for one in accepted]
    seen = report(made.asking(), (), entries, made.emulated.tenant.clock.now().date())
    assert seen.unseen == ()
    return list(seen.findings)


def granted_by_a_fake(made: Made, name: str, role: str) -> None:
    """A service that calls itself like Microsoft's, and gives PlaceOS a role that is called like theirs."""
    offered = {"id": ROLE, "allowedMemberTypes": ["Application"], "value": role, "isEnabled": True}
    body = {"displayName": name, "appRoles": [{**offered, "displayName": "x", "description": "x"}]}
    app_id = made.graph.post("/v1.0/applications", body)["appId"]
    made.graph.post("/v1.0/servicePrincipals", {"appId": app_id})
    consent(made.graph, made.code.principal, app_id, ROLE)


@pytest.mark.parametrize(
    ("app_id", "service", "role"),
    [
        (GRAPH_APP_ID, "Microsoft Graph", GRANTING),
        (EXCHANGE_APP_ID, "Office 365 Exchange Online", "full_access_as_app"),
    ],
)
def test_a_service_that_is_named_like_microsoft_s_is_another(
    made: Made, app_id: str, service: str, role: str
) -> None:
    granted_by_a_fake(made, service, role)
    [fake] = told(made)
    real = next(one.id for one in permissions.known() if one.name == role and one.resource.app_id == app_id)
    consent(made.graph, made.code.principal, app_id, real)
    [open_] = told(made, fake)
    assert open_.subject == f"{role} of {service}"
    assert fake.subject.startswith(f"{open_.subject} (")
    for one in told(made):
        typed(one.repair, made.graph, made.exchange)
    assert told(made) == []


def give_role(made: Made, name: str, **scope: str) -> None:
    made.exchange.run(
        "New-ManagementRoleAssignment", App=made.code.principal, Role=READING, Name=name, **scope
    )


@pytest.fixture
def known(made: Made) -> Made:
    """The stack whose principal Exchange was told of."""
    made.exchange.run(
        "New-ServicePrincipal",
        AppId=made.code.client_id, ObjectId=made.code.principal, DisplayName=made.code.name,
    )  # fmt: skip
    return made


@pytest.mark.parametrize("name", ["every mailbox", 'x" on every mailbox', "every mailbox of the tenant"])
def test_a_scope_that_is_named_every_mailbox_is_a_scope(known: Made, name: str) -> None:
    known.exchange.run("New-ManagementScope", Name=name, RecipientRestrictionFilter="Alias -eq 'a'")
    give_role(known, "aaa", CustomResourceScope=name)
    [lesser] = told(known)
    give_role(known, "bbb")
    [graver] = told(known, lesser)
    assert (lesser.level, graver.level) == ("high", "critical")
    assert graver.subject == f"{READING} on every mailbox"


def test_a_scope_of_another_kind_is_another(known: Made) -> None:
    give_role(known, "aaa", RecipientGroupScope=TRAVEL)
    [group] = told(known)
    name = known.exchange.run("Get-ManagementRoleAssignment", Identity="aaa")[0]["RecipientGroupScope"]
    known.exchange.run("New-ManagementScope", Name=name, RecipientRestrictionFilter="Alias -eq 'a'")
    give_role(known, "bbb", CustomResourceScope=name)
    assert len(told(known)) == 2
    assert len(told(known, group)) == 1


def test_two_assignments_of_a_role_are_both_repaired(known: Made) -> None:
    for name in ("aaa", "bbb"):
        give_role(known, name)
    [found] = told(known)
    assert len(found.repair.splitlines()) == 2
    typed(found.repair, known.graph, known.exchange)
    assert told(known) == []
