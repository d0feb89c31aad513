"""Somebody deletes the service principal and makes it again: what is there now is looked at, and named."""

import pytest

from drift.looks import LOOKS
from drift.repair import in_order
from drift.report import REACH
from permissions import GRAPH_APP_ID, profile
from tests.drift.by_hand import typed
from tests.drift.made import Made, consent
from tests.drift.tampering import TAMPERINGS, TRAVEL
from tests.drift.test_could_not_look import failing

MORE = ("a permission more", "a secret of the principal", "an owner of the principal", "an Entra role")

OF_NAMES = {"managed-changed"}
"""Its notes and owners, too, are others than those that the code gives."""


def again(made: Made) -> Made:
    """The stack with the principal that somebody made in place of its own, which its state knows."""
    made.graph.delete(made.principal)
    principal = made.graph.post("/v1.0/servicePrincipals", {"appId": made.code.client_id})["id"]
    return made.with_principal(str(principal))


@pytest.mark.parametrize("existing", [False, True])
def test_it_is_named_and_what_it_holds_is_told(made: Made, existing: bool) -> None:
    there = again(made)
    for name in MORE:
        TAMPERINGS[name].do(there)
    report = made.reported(existing=existing)
    assert report.unseen == ()
    told = {one.rule for one in report.findings} - OF_NAMES
    [first] = [one for one in report.findings if one.rule == "principal-replaced"]
    assert (first.level, first.subject) == ("critical", there.code.principal)
    assert made.code.principal in first.what
    assert there.code.principal in first.what
    assert first.since.endswith("Z")
    expected = {"principal-replaced", "permission-not-in-code", "directory-role", "permission-missing"}
    theirs = {"credential-on-principal", "owner-not-in-code"}
    assert told == (expected if existing else expected | theirs)
    assert report.reach
    assert report.reach.can == 48, "by the policy that names the application"


def test_the_repair_of_all_that_it_holds_works_and_ends_with_its_deletion(made: Made) -> None:
    there = again(made)
    for name in MORE:
        TAMPERINGS[name].do(there)
    lines = in_order(made.reported().findings)
    assert typed("\n".join(lines), made.graph, made.exchange) == ["pulumi up --refresh --stack dev"]
    assert [one.rule for one in made.reported().findings] == ["application-gone"]


def test_with_all_that_the_code_grants_it_is_still_another(made: Made) -> None:
    there = again(made)
    consent(made.graph, there.code.principal, GRAPH_APP_ID, *(one.id for one in profile("room-booking")))
    assert {one.rule for one in made.reported().findings} - OF_NAMES == {"principal-replaced"}


def test_where_it_cannot_be_looked_up_nothing_counts_as_seen(made: Made) -> None:
    again(made)
    failing(made, r"/servicePrincipals$", {"status": 403})
    report = made.reported()
    blind = {one.about for one in report.unseen}
    assert {"the application itself", "application permissions", "delegated permissions", "owners"} <= blind
    assert {"credentials of the service principal", "groups and roles through them", REACH} <= blind
    assert report.exit_code == 1


def test_only_what_asks_what_is_gone_has_nothing_to_see(made: Made) -> None:
    made.graph.delete(made.principal)
    failing(made, r"/federatedIdentityCredentials$", {"status": 404})
    report = made.reported()
    assert [one.rule for one in report.findings] == ["application-gone"]
    assert [one.about for one in report.unseen] == ["federated credentials"]
    assert "federated credentials" in LOOKS


def test_one_with_our_mark_is_no_other_stack_s(made: Made) -> None:
    body = {"displayName": "PlaceOS (old)", "notes": made.code.mark}
    client_id = made.graph.post("/v1.0/applications", body)["appId"]
    principal = made.graph.post("/v1.0/servicePrincipals", {"appId": client_id})["id"]
    consent(made.graph, principal, GRAPH_APP_ID, next(one.id for one in profile("room-booking")))
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[client_id], PolicyScopeGroupId=TRAVEL,
        Description=f"Restrict PlaceOS. {made.code.mark}",
    )  # fmt: skip
    assert [(one.rule, one.subject) for one in made.reported().findings] == [("look-alike", client_id)]
