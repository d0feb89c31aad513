"""RBAC for Applications in Microsoft Graph: what Exchange's roles open there, and when."""

import pytest

from emulator.exchange.authorization import EVERY_ROLE, Caller
from emulator.exchange.cmdlets import run
from tests.emulator.conftest import PERSON, ROOM

DELAY = 70 * 60
PLAIN = "Access is denied. Check credentials and try again."
MEMBER = "ivo.ito@contoso.example"


@pytest.fixture
def exchange(cloud):
    """Runs cmdlets as somebody with every role."""
    caller = Caller("test", "test", EVERY_ROLE)

    def call(cmdlet, **given):
        return list(run(cloud.tenant, caller, cmdlet, given)[1] or [])

    return call


@pytest.fixture
def known(cloud, exchange):
    """An app without any consent, which Exchange was told of."""
    app = cloud.app()
    exchange("New-ServicePrincipal", AppId=app.client_id, ObjectId=app.principal_id)
    return app


def look(cloud, app, mailbox, method="GET"):
    return cloud.calling_as(app)(method, f"/v1.0/users/{mailbox}/events", {})


def assign(exchange, app, role="Application Calendars.Read", **scope):
    return exchange("New-ManagementRoleAssignment", App=app.principal_id, Role=role, Name="r", **scope)


def plainly_refused(answer):
    error = answer.json()["error"]
    return (answer.status_code, error["code"], error["message"]) == (403, "ErrorAccessDenied", PLAIN)


def test_a_role_opens_its_scope_after_the_delay_and_closes_after_it(cloud, exchange, known):
    assert plainly_refused(look(cloud, known, MEMBER))
    assign(exchange, known, RecipientGroupScope="travel-desk-mailboxes")
    rows = exchange("Test-ServicePrincipalAuthorization", Identity=known.client_id, Resource=MEMBER)
    assert [row["InScope"] for row in rows] == ["True"], "Exchange has it at once"
    cloud.clock.advance(DELAY - 1)
    assert plainly_refused(look(cloud, known, MEMBER))
    cloud.clock.advance(1)
    assert look(cloud, known, MEMBER).status_code == 200
    assert plainly_refused(look(cloud, known, PERSON))
    assert plainly_refused(look(cloud, known, MEMBER, "POST")), "to read is not to write"
    assert plainly_refused(look(cloud, known, "nobody@contoso.example"))
    exchange("Remove-ManagementRoleAssignment", Identity="r")
    cloud.clock.advance(DELAY - 1)
    assert look(cloud, known, MEMBER).status_code == 200
    cloud.clock.advance(1)
    assert plainly_refused(look(cloud, known, MEMBER))


def test_a_changed_scope_counts_after_the_delay(cloud, exchange, known):
    names = {one["Alias"]: one["DistinguishedName"] for one in cloud.store.all("recipient")}
    wide = " -or ".join(f"MemberOfGroup -eq '{names[g]}'" for g in ("travel-desk-mailboxes", "finance"))
    exchange("New-ManagementScope", Name="s", RecipientRestrictionFilter=wide)
    assign(exchange, known, CustomResourceScope="s")
    cloud.clock.advance(DELAY)
    assert look(cloud, known, PERSON).status_code == 200
    narrow = f"MemberOfGroup -eq '{names['travel-desk-mailboxes']}'"
    exchange("Set-ManagementScope", Identity="s", RecipientRestrictionFilter=narrow)
    cloud.clock.advance(DELAY - 1)
    assert look(cloud, known, PERSON).status_code == 200
    cloud.clock.advance(1)
    assert plainly_refused(look(cloud, known, PERSON))
    assert look(cloud, known, MEMBER).status_code == 200


def test_what_is_removed_together_is_still_honoured_for_a_while(cloud, exchange, known):
    names = {one["Alias"]: one["DistinguishedName"] for one in cloud.store.all("recipient")}
    text = f"MemberOfGroup -eq '{names['travel-desk-mailboxes']}'"
    exchange("New-ManagementScope", Name="s", RecipientRestrictionFilter=text)
    assign(exchange, known, CustomResourceScope="s")
    cloud.clock.advance(DELAY)
    exchange("Remove-ManagementRoleAssignment", Identity="r")
    exchange("Remove-ManagementScope", Identity="s")
    assert look(cloud, known, MEMBER).status_code == 200
    cloud.clock.advance(DELAY)
    assert plainly_refused(look(cloud, known, MEMBER))


def test_role_and_consent_are_a_union_and_a_policy_narrows_consent_alone(cloud, exchange, known):
    cloud.consent(known, "Calendars.Read")
    assign(exchange, known, RecipientGroupScope="travel-desk-mailboxes")
    policy = {"AccessRight": "RestrictAccess", "AppId": known.client_id, "PolicyScopeGroupId": "finance"}
    exchange("New-ApplicationAccessPolicy", **policy)
    assert look(cloud, known, ROOM).status_code == 200, "no scoping yet"
    cloud.clock.advance(DELAY)
    assert look(cloud, known, MEMBER).status_code == 200, "the role opens it, whatever the policy says"
    assert look(cloud, known, PERSON).status_code == 200, "the policy leaves it open to the consent"
    refusal = look(cloud, known, ROOM)
    assert (refusal.status_code, "[RAOP]" in refusal.json()["error"]["message"]) == (403, True)


def test_a_role_over_everything_opens_everything_and_ends_with_the_app(cloud, exchange, known):
    assign(exchange, known, role="Application Exchange Full Access")
    cloud.clock.advance(DELAY)
    caller = cloud.calling_as(known)
    assert caller("GET", f"/v1.0/users/{PERSON}/events").status_code == 200
    owner = cloud.caller("Application.ReadWrite.All")
    owner.ok("DELETE", f"/v1.0/servicePrincipals/{known.principal_id}")
    assert known.principal_id not in [one["ObjectId"] for one in exchange("Get-ServicePrincipal")]
    assert exchange("Get-ManagementRoleAssignment") == []
    assert plainly_refused(caller("GET", f"/v1.0/users/{PERSON}/events"))
