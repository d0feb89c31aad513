"""An application that is somebody else's: what is theirs is no finding, what opens mailboxes is."""

from typing import Any

import pytest

from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import OTHER, PERSON, TAMPERINGS, in_the_name_of, user

THEIRS = (
    "a secret", "a secret of the principal", "a federated credential", "an owner",
    "an owner of the principal", "accounts of other tenants", "a redirect address", "public client flows",
    "an address to ask for it", "a certificate", "a role over the application",
    "another application that it owns", "the application renamed", "tags of the application",
    "a redirect address of a page", "tokens without a code",
    "delegated to everybody", "delegated by a person",
)  # fmt: skip
OURS = {
    "a permission more": "permission-not-in-code",
    "full access as an application": "permission-not-in-code",
    "a role in Exchange": "exchange-role",
    "a policy more": "policy-not-in-code",
}


def test_its_owner_s_secrets_owners_and_doors_are_no_finding(made: Made) -> None:
    for name in THEIRS:
        TAMPERINGS[name].do(made)
    report = made.reported(existing=True)
    assert [one.what for one in report.findings] == []
    assert report.exit_code == 0
    assert len({one.rule for one in made.reported().findings}) >= 6, "and would be, were it the stack's own"


@pytest.mark.parametrize("name", OURS)
def test_what_opens_mailboxes_is_one_until_it_is_accepted(made: Made, name: str) -> None:
    TAMPERINGS[name].do(made)
    [found] = made.reported(existing=True).findings
    assert found.rule == OURS[name]
    accepted: dict[str, dict[str, Any]] = {
        "a permission more": {"accepted_permissions": frozenset({"Mail.Send"})},
        "full access as an application": {
            "accepted_permissions": frozenset({found.subject}),
        },
        "a role in Exchange": {"accepted_permissions": frozenset({"Application Mail.Read on every mailbox"})},
        "a policy more": {"accepted_policies": frozenset({found.subject})},
    }
    assert made.reported(existing=True, **accepted[name]).findings == ()


def test_a_role_that_is_accepted_with_its_scope_is_not_accepted_without(made: Made) -> None:
    TAMPERINGS["a role in Exchange, scoped"].do(made)
    [scoped] = made.reported(existing=True).findings
    accepted: dict[str, Any] = {"accepted_permissions": frozenset({scoped.subject})}
    assert scoped.subject in scoped.accept
    assert made.reported(existing=True, **accepted).findings == ()
    made.exchange.run(
        "New-ManagementRoleAssignment",
        App=made.code.principal, Role="Application Calendars.Read", Name="again",
    )  # fmt: skip
    [found] = made.reported(existing=True, **accepted).findings
    assert (found.subject, found.level) == ("Application Calendars.Read on every mailbox", "critical")
    bare: dict[str, Any] = {"accepted_permissions": frozenset({"Application Calendars.Read"})}
    assert len(made.reported(existing=True, **bare).findings) == 2


def test_of_what_people_consented_to_only_their_mailboxes_are_told_and_signing_in_stays(made: Made) -> None:
    for scopes, person in (
        ("openid User.Read", ""), ("openid Calendars.ReadWrite", PERSON), ("Calendars.ReadWrite", OTHER),
    ):  # fmt: skip
        in_the_name_of(made, scopes, person)
    [found] = made.reported(existing=True).findings
    assert (found.rule, found.level) == ("delegated-grant", "high")
    assert found.what == "it may use Calendars.ReadWrite of Microsoft Graph in the name of 2 people"
    assert found.holds == tuple(sorted(f"the person {user(made, one)}" for one in (PERSON, OTHER)))
    assert typed(found.repair, made.graph, made.exchange) == []
    assert made.reported(existing=True).findings == ()
    left = {one["scope"] for one in made.graph.list(f"{made.principal}/oauth2PermissionGrants")}
    assert left == {"openid User.Read", "openid"}


@pytest.mark.parametrize(
    "name", ["an Entra role", "a group that holds it", "a secret removed", "a role group"]
)
def test_what_it_may_do_by_other_ways_is_told_as_of_any(made: Made, name: str) -> None:
    TAMPERINGS[name].do(made)
    assert [one.rule for one in made.reported(existing=True).findings] == [TAMPERINGS[name].rule]


def test_nobody_is_told_to_switch_it_on_before_its_keeper_was_asked(made: Made) -> None:
    made.graph.patch(made.principal, {"accountEnabled": False})
    [own], [theirs] = made.reported().findings, made.reported(existing=True).findings
    assert (own.rule, theirs.rule) == ("sign-in-disabled", "sign-in-disabled")
    ask, command = own.repair.split("\n")
    assert ask.startswith("# ask who switched it off, and why: ")
    assert command.startswith("az rest --method PATCH ")
    assert theirs.repair.startswith("# ask who switched it off, and why: ")
    assert "\n" not in theirs.repair
