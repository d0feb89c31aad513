"""Consent that a person gives: waited for after the proof, refused before it, and missed when it is gone."""

from typing import Any

import pytest

import permissions
from exchange.configured_access import ConfiguredAccessProvider
from exchange.consent_by_person import ConsentByPersonProvider
from graph import applications
from tests.exchange.providers.conftest import PERMISSIONS, Tenant, refreshed, stopped

PROVIDER: Any = ConsentByPersonProvider()
PROOF: Any = ConfiguredAccessProvider()
ID = "consent"
OTHERS = ["Calendars.ReadWrite", "Place.Read.All", "User.Read.All"]


def inputs_of(tenant: Tenant, names: list[str], *, stays: bool = False) -> dict[str, Any]:
    return {
        "appId": tenant.app_id,
        "servicePrincipalObjectId": tenant.principal["id"],
        "permissions": sorted(names),
        "asked": sorted(names),
        "takenAway": [],
        "applicationStays": stays,
    }


@pytest.fixture
def inputs(tenant: Tenant) -> dict[str, Any]:
    return inputs_of(tenant, PERMISSIONS)


@pytest.fixture
def proof_inputs(tenant: Tenant, scope: dict[str, Any], rooms: dict[str, str]) -> dict[str, Any]:
    return tenant.proof_inputs(scope, rooms, consent="manual")


def take_back(tenant: Tenant, name: str) -> None:
    """As the administrator does in Entra."""
    principal, role = tenant.principal["id"], permissions.find(name).id
    [grant] = [
        one for one in applications.app_role_assignments(tenant.graph, principal) if one.role_id == role
    ]
    tenant.graph.delete(f"/v1.0/servicePrincipals/{principal}/appRoleAssignments/{grant.assignment_id}")


def test_it_waits_for_what_lacks_and_says_who_and_where(tenant, inputs):
    before = tenant.now()
    assert stopped(PROVIDER.create, inputs) == (
        "WAITING for a person to consent to Calendars.ReadWrite, Place.Read.All (roomctl consent prints the "
        "page for a Privileged Role Administrator), nothing usable exists; run pulumi up again after that"
    )
    tenant.grant("Calendars.ReadWrite")
    assert "consent to Place.Read.All (" in stopped(PROVIDER.create, inputs)
    assert tenant.writes(before) == ["appRoleAssignedTo"], "only the administrator's own"


def test_it_goes_on_with_all_and_misses_one_that_is_taken_away(tenant, inputs):
    tenant.grant(*PERMISSIONS)
    made = PROVIDER.create(inputs)
    outputs = refreshed(PROVIDER, made.id, made.outs)
    assert not PROVIDER.diff(made.id, outputs, inputs).changes
    take_back(tenant, "Place.Read.All")
    drifted = refreshed(PROVIDER, made.id, outputs)
    assert drifted["permissions"] == ["Calendars.ReadWrite"]
    assert PROVIDER.diff(made.id, drifted, inputs).changes
    told = stopped(PROVIDER.update, made.id, drifted, inputs)
    assert "to Place.Read.All (" in told
    assert "nothing new was handed out" in told
    tenant.grant("Place.Read.All")
    assert refreshed(PROVIDER, made.id, drifted)["permissions"] == inputs["permissions"], "found again"
    assert PROVIDER.update(made.id, drifted, inputs).outs["permissions"] == inputs["permissions"]


def test_one_that_is_added_waits_again(tenant, inputs):
    tenant.grant(*PERMISSIONS)
    outputs = PROVIDER.create(inputs).outs
    more = inputs_of(tenant, OTHERS)
    assert PROVIDER.diff(ID, outputs, more).changes
    assert "a person to consent to User.Read.All (" in stopped(PROVIDER.update, ID, outputs, more)


def test_consents_that_the_run_itself_takes_away_are_waited_for_by_the_next(tenant, inputs):
    tenant.grant(*PERMISSIONS)
    outputs = PROVIDER.create({**inputs, "takenAway": ["Place.Read.All"]}).outs
    assert outputs["permissions"] == ["Calendars.ReadWrite"]
    assert PROVIDER.diff(ID, outputs, inputs).changes
    take_back(tenant, "Place.Read.All")
    assert "consent to Place.Read.All (" in stopped(PROVIDER.update, ID, outputs, inputs)


def test_it_is_gone_with_the_service_principal_and_could_not_look_is_not_gone(tenant, inputs):
    tenant.grant(*PERMISSIONS)
    outputs = PROVIDER.create(inputs).outs
    tenant.fault(path="/appRoleAssignments$", status=403)
    assert "appRoleAssignments" in stopped(PROVIDER.read, ID, outputs)
    applications.remove(tenant.graph, tenant.application["id"])
    assert PROVIDER.read(ID, outputs).id == ""


def test_consents_of_an_application_that_stays_are_named_and_left(tenant, inputs, capfd):
    tenant.grant(*PERMISSIONS)
    before = tenant.now()
    PROVIDER.delete(ID, inputs)
    assert capfd.readouterr().err == ""
    PROVIDER.delete(ID, inputs_of(tenant, PERMISSIONS, stays=True))
    told = capfd.readouterr().err
    assert "existing application" in told
    assert "Calendars.ReadWrite, Place.Read.All" in told
    assert tenant.writes(before) == []


def test_consent_before_the_proof_stops_it_until_it_is_taken_back(tenant, proof_inputs):
    tenant.grant("Place.Read.All")
    told = stopped(PROOF.create, proof_inputs)
    assert "somebody consented to Place.Read.All before it was proven" in told
    assert "roomctl consent prints how" in told
    take_back(tenant, "Place.Read.All")
    assert PROOF.create(proof_inputs).outs["findings"] == []


def test_what_an_existing_application_keeps_is_no_consent_before_the_proof(tenant, proof_inputs):
    tenant.grant("Place.Read.All")
    existing = {"acceptedPermissions": ["Place.Read.All"], "acceptedPolicies": []}
    assert PROOF.create({**proof_inputs, "existing": existing}).outs["findings"] == []


def test_by_code_a_consent_of_before_is_no_error(tenant, proof_inputs):
    """A run that was killed after it consented, and a state that was led back."""
    tenant.grant(*PERMISSIONS)
    assert PROOF.create({**proof_inputs, "consent": "code"}).outs["findings"] == []


def test_one_that_the_code_drops_is_waited_for_until_a_person_takes_it_back(tenant, proof_inputs):
    outputs = PROOF.create(proof_inputs).outs
    tenant.grant(*PERMISSIONS)
    fewer = {**proof_inputs, "permissions": ["Calendars.ReadWrite"]}
    told = stopped(PROOF.update, ID, outputs, fewer)
    assert told.startswith("WAITING for a person to take back the consent to Place.Read.All (")
    take_back(tenant, "Place.Read.All")
    assert PROOF.update(ID, outputs, fewer).outs["findings"] == []


def test_a_person_who_consents_to_more_is_drift(tenant, proof_inputs):
    outputs = PROOF.create(proof_inputs).outs
    tenant.grant("User.Read.All", *PERMISSIONS)
    found = refreshed(PROOF, ID, outputs)["findings"]
    assert found == ["User.Read.All of Microsoft Graph is granted and not asked for by the code"]


def test_another_who_consents_does_not_make_the_proof_another(proof_inputs, tenant):
    outputs = PROOF.create({**proof_inputs, "consent": "code"}).outs
    assert not PROOF.diff(ID, outputs, proof_inputs).changes
    without = {key: value for key, value in outputs.items() if key != "consent"}
    assert refreshed(PROOF, ID, without)["findings"] == [], "a state of before the setting"
