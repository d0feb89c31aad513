"""People beside the rooms, and an application that was there before."""

import json

import pytest

from tests.engine.rehearsal import INSIDE, Rehearsal, opens

pytestmark = pytest.mark.engine

ADA, IVO = "ada.ashby@contoso.example", "ivo.ito@contoso.example"
OUTSIDE = "chidi.costa@contoso.example"
STAFF = {"staff": [ADA, "bela.bauer@contoso.example"], "staffGroupAddress": "placeosstaff@contoso.example"}


def test_staff_by_address_then_by_group_then_none(rehearsal: Rehearsal) -> None:
    rehearsal.configure(**STAFF)
    made = rehearsal.up()
    assert made.code == 0, made.output
    outputs = rehearsal.outputs(secrets=True)
    placeos = rehearsal.as_placeos(outputs)
    assert [opens(placeos, one) for one in (INSIDE, ADA, OUTSIDE)] == [True, True, False]
    assert outputs["configuredAccess"]["staff"] == 2
    assert len(outputs["accessPolicyIds"]) == 2
    assert json.loads(outputs["legacyEngineSettings"])["$office_secret"] == outputs["clientSecret"]
    assert "INTERNAL_DOMAIN=contoso.example" in outputs["legacyEngineEnvironment"]
    assert rehearsal.drift().code == 0

    rehearsal.configure(
        staff=None, staffGroupAddress=None, staffGroup="travel-desk-mailboxes@contoso.example"
    )
    moved = rehearsal.up()
    assert moved.code == 0, moved.output
    rehearsal.tenant.clock.advance(3600 * 2)
    assert [opens(placeos, one) for one in (INSIDE, ADA, IVO)] == [True, False, True]
    assert rehearsal.drift().code == 0

    rehearsal.configure(staffGroup=None)
    rehearsal.tenant.clock.advance(3600 * 13)
    assert rehearsal.up().code == 0
    rehearsal.tenant.clock.advance(3600 * 2)
    placeos = rehearsal.as_placeos(rehearsal.outputs(secrets=True))
    assert [opens(placeos, one) for one in (INSIDE, ADA, IVO)] == [True, False, False]


def test_an_existing_application_waits_for_a_policy_in_force_and_is_left_as_it_is(
    rehearsal: Rehearsal,
) -> None:
    made = rehearsal.graph.post(
        "/v1.0/applications",
        {"displayName": "Sign-in", "web": {"redirectUris": ["https://placeos.example/auth"]}},
    )
    rehearsal.graph.post("/v1.0/servicePrincipals", {"appId": made["appId"]})
    deployer = rehearsal.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'Deployer'"})[0]
    owner = {"@odata.id": f"{rehearsal.tenant.url}/v1.0/directoryObjects/{deployer['id']}"}
    rehearsal.graph.post(f"/v1.0/applications/{made['id']}/owners/$ref", owner)
    theirs = rehearsal.graph.post(
        f"/v1.0/applications/{made['id']}/addPassword", {"passwordCredential": {"displayName": "theirs"}}
    )
    rehearsal.configure(applicationClientId=made["appId"])

    waiting = rehearsal.up()
    assert "WAITING for the access policy to be surely in force before consent" in waiting.output
    assert "somebody holds 1 credential" in waiting.output
    granted = [one for one in rehearsal.requests() if one["path"].endswith("/appRoleAssignedTo")]
    assert not [one for one in granted if one["method"] == "POST"]

    rehearsal.tenant.clock.advance(3600 * 12)
    done = rehearsal.up()
    assert done.code == 0, done.output
    unchanged = rehearsal.pulumi("preview", "--refresh", "--expect-no-changes")
    assert unchanged.code == 0, unchanged.output
    outputs = rehearsal.outputs(secrets=True)
    assert outputs["clientId"] == made["appId"]
    placeos = rehearsal.as_placeos(outputs)
    assert [opens(placeos, one) for one in (INSIDE, ADA)] == [True, False]

    assert rehearsal.destroy().code == 0
    kept = rehearsal.graph.get(f"/v1.0/applications/{made['id']}")
    assert kept["web"]["redirectUris"] == ["https://placeos.example/auth"]
    assert [one["keyId"] for one in kept["passwordCredentials"]] == [theirs["keyId"]]


def test_what_the_tenant_lacks_is_told_before_anything_is_made(rehearsal: Rehearsal) -> None:
    rehearsal.configure(
        inventory=None,
        rooms=[INSIDE, ADA, "nobody@contoso.example"],
        roomGroupAddress="finance@contoso.example",
        staffGroup="nobody@contoso.example",
        applicationName="Travel Desk",
    )
    refused = rehearsal.up()
    assert refused.code != 0
    for told in ("is a UserMailbox", "nobody in the tenant", "synchronised from on premises",
                 "no group has this address", "an application of this name exists already",
                 "4 settings can't be used. Nothing was changed."):  # fmt: skip
        assert told in refused.output, refused.output
    assert "Traceback" not in refused.output
    written = [one for one in rehearsal.requests() if one["method"] == "POST" and "/token" not in one["path"]]
    assert {one.get("cmdlet", "")[:4] for one in written} == {"Get-"}
