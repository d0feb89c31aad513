"""What the component declares: names, parents, order, options. No engine, no tenant."""

import json

import pulumi
import pytest

import permissions
from components import tokens
from components.admin_consent import AdminConsent, AdminConsentArgs
from tests.components.recording import (
    ANSWERS,
    ARGUMENTS,
    EXISTING,
    KEY_VAULT,
    SECRET,
    STAFF,
    WAYS,
    Recording,
    declare,
    declare_trusts,
    recording,
    run,
)

APPLICATION = "azuread:index/application:Application"
GRANT = "azuread:index/appRoleAssignment:AppRoleAssignment"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
POLICIES = "pulumi-python:dynamic/exchange:AccessPolicies"
CONFIGURED = "pulumi-python:dynamic/exchange:ConfiguredAccess"
BY_PERSON = "pulumi-python:dynamic/exchange:ConsentByPerson"
ENFORCED = "pulumi-python:dynamic/exchange:EnforcedAccess"
MEMBERS = "pulumi-python:dynamic/exchange:GroupMembers"
KEPT = "azure-native:keyvault:Secret"
SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"
GROUP = "pulumi-python:dynamic/exchange:SecurityGroup"

# Type, name, parent. All three are part of every user's state: another name is another resource there.
RESOURCES = {
    ("placeosm365:index:RoomCalendarAccess", "placeos", "placeos-m365-unit"),
    ("placeosm365:index:AppRegistration", "placeos-identity", "placeos"),
    (APPLICATION, "placeos-identity-application", "placeos-identity"),
    (PRINCIPAL, "placeos-identity-service-principal", "placeos-identity"),
    ("placeosm365:index:RoomGroup", "placeos-rooms", "placeos"),
    (GROUP, "placeos-rooms-group", "placeos-rooms"),
    (MEMBERS, "placeos-rooms-members", "placeos-rooms"),
    ("placeosm365:index:MailboxScope", "placeos-scope", "placeos"),
    (POLICIES, "placeos-scope-policies", "placeos-scope"),
    (CONFIGURED, "placeos-scope-configured-access", "placeos-scope"),
    ("placeosm365:index:AdminConsent", "placeos-consent", "placeos"),
    (GRANT, "placeos-consent-Calendars.ReadWrite", "placeos-consent"),
    (GRANT, "placeos-consent-Place.Read.All", "placeos-consent"),
    (GRANT, "placeos-consent-User.Read.All", "placeos-consent"),
    (ENFORCED, "placeos-enforced-access", "placeos"),
    ("placeosm365:index:ClientSecret", "placeos-secret", "placeos"),
    (PASSWORD, "placeos-secret-slot-0", "placeos-secret"),
    (PASSWORD, "placeos-secret-slot-1", "placeos-secret"),
}

# What must be there, by type, before anything of this type is made.
AFTER = {
    GROUP: {APPLICATION, PRINCIPAL},
    MEMBERS: {APPLICATION, PRINCIPAL, GROUP},
    POLICIES: {GROUP, MEMBERS},
    CONFIGURED: {GROUP, MEMBERS, POLICIES},
    GRANT: {POLICIES, CONFIGURED},
    ENFORCED: {POLICIES, CONFIGURED, GRANT},
    PASSWORD: {POLICIES, CONFIGURED, GRANT, ENFORCED},
}


@pytest.fixture(scope="module")
def declared() -> Recording:
    return declare()


def test_types_names_and_parents_are_these(declared):
    assert {(one.type, one.name, one.parent) for one in declared.declared} == RESOURCES
    assert len(declared.declared) == len(RESOURCES)


def test_every_type_token_is_in_use_and_pinned():
    ours = {value for name, value in vars(tokens).items() if name.isupper()}
    every = [one for changes in WAYS for one in declare(**changes).declared] + declare_trusts().declared
    assert ours == {one.type for one in every if not one.custom}


def test_a_preview_declares_the_same_although_it_knows_nothing():
    """A resource that is made inside `apply` would be missing from every preview."""
    assert {(one.type, one.name, one.parent) for one in declare(known=False).declared} == RESOURCES


@pytest.mark.parametrize("later", AFTER)
def test_what_comes_first_is_a_dependency_of_every_child(declared, later):
    earlier = {one.name for one in declared.of(*AFTER[later])}
    assert earlier
    for one in declared.of(later):
        assert earlier <= one.dependencies, one.name


def test_the_staff_group_comes_before_its_policy_and_is_filled_before():
    staff = declare(staff=STAFF)
    for one in staff.of(POLICIES, CONFIGURED):
        assert {"placeos-staff-group", "placeos-staff-members"} <= one.dependencies, one.name
    [policies] = staff.of(POLICIES)
    assert policies.inputs["descriptions"] == [
        "Restrict PlaceOS to its room mailboxes. plc:1a2b3c4d",
        "Restrict PlaceOS to its staff mailboxes. plc:1a2b3c4d",
    ]


def test_an_existing_staff_group_is_looked_up_and_its_members_are_not_ours():
    staff = declare(staff={"address": "team@contoso.example"})
    [proof] = staff.of(CONFIGURED)
    assert [group["mailboxes"] for group in proof.inputs["groups"]] == ["rooms", "staff"]
    assert proof.inputs["groups"][1]["membersFingerprint"] == ""
    assert not [one for one in staff.of(MEMBERS) if one.name.startswith("placeos-staff")]


def test_an_existing_application_is_not_declared():
    existing = declare(existing_application=EXISTING)
    assert not existing.of(APPLICATION, PRINCIPAL)
    [policies], [proof] = existing.of(POLICIES), existing.of(CONFIGURED)
    assert policies.inputs["accepted"] == ["policy"]
    assert proof.inputs["existing"] == {"acceptedPermissions": ["Mail.Send"], "acceptedPolicies": ["policy"]}


def test_no_dependency_leads_back(declared):
    order = [one.name for one in declared.declared]
    for one in declared.declared:
        assert all(order.index(earlier) < order.index(one.name) for earlier in one.dependencies)


@pytest.mark.parametrize(("protect", "protected"), [(True, {APPLICATION, GROUP}), (False, set())])
def test_application_and_group_are_protected_and_nothing_else(protect, protected):
    assert {one.type for one in declare(protect=protect).declared if one.protect} == protected


def test_what_is_requested_is_what_is_granted(declared):
    [application] = declared.of(APPLICATION)
    [requested] = application.inputs["requiredResourceAccesses"]
    assert requested["resourceAppId"] == permissions.GRAPH_APP_ID
    ids = [access["id"] for access in requested["resourceAccesses"]]
    assert ids == sorted(permissions.find(name).id for name in ARGUMENTS["permissions"])
    assert sorted(grant.inputs["appRoleId"] for grant in declared.of(GRANT)) == ids
    assert {access["type"] for access in requested["resourceAccesses"]} == {"Role"}, "never a delegated one"


def test_the_order_of_the_permissions_does_not_show(declared):
    [before] = declared.of(APPLICATION)
    [after] = declare(permissions=list(reversed(ARGUMENTS["permissions"]))).of(APPLICATION)
    assert after.inputs == before.inputs


def test_the_application_is_of_one_tenant_and_nobody_is_redirected_to_it(declared):
    [application] = declared.of(APPLICATION)
    assert application.inputs["signInAudience"] == "AzureADMyOrg"
    assert application.inputs["preventDuplicateNames"] is True
    assert ARGUMENTS["mark"] in application.inputs["notes"]
    redirecting = {"web", "singlePageApplication", "publicClient", "fallbackPublicClientEnabled"}
    assert not redirecting & set(application.inputs)


def test_the_secret_is_secret_wherever_it_goes(declared):
    assert all("value" in one.secret_outputs for one in declared.of(PASSWORD))
    outputs = dict(declared.outputs)
    told = outputs.pop("placeos-secret")
    assert SECRET in told["value"].values()
    assert told["value"]["value"] == "hunter2"
    others = [outputs, [one.inputs for one in declared.declared], told["key_id"], told["expires"]]
    assert "hunter2" not in json.dumps(others)


def test_the_secrets_are_the_planned_ones(declared):
    slots = {one.name: one.inputs for one in declared.of(PASSWORD)}
    assert slots["placeos-secret-slot-0"]["endDate"] == "2026-12-27T00:00:00Z"
    assert slots["placeos-secret-slot-1"]["endDate"] == "2027-03-27T00:00:00Z"
    numbers = [slots[f"placeos-secret-slot-{slot}"]["rotateWhenChanged"]["number"] for slot in (0, 1)]
    assert numbers == ["4", "5"]


def test_the_proof_hangs_on_what_can_widen_the_scope(declared):
    [proof], [enforced] = declared.of(CONFIGURED), declared.of(ENFORCED)
    for name in ("policyIds", "permissions", "groups"):
        assert proof.inputs[name], name
    assert enforced.inputs["permissions"] == sorted(ARGUMENTS["permissions"])
    assert proof.inputs["findings"] == []
    assert enforced.inputs["leftOver"] == []


def test_another_room_asks_the_proof_again(declared):
    more = declare(rooms={**ARGUMENTS["rooms"], "quay@contoso.example": "Quay"})
    fingerprints = [
        one.of(CONFIGURED)[0].inputs["groups"][0]["membersFingerprint"] for one in (declared, more)
    ]
    assert fingerprints[0] != fingerprints[1]


def test_a_tenant_whose_graph_disagrees_with_the_catalogue_is_refused():
    function = "azuread:index/getServicePrincipal:getServicePrincipal"
    other = {**ANSWERS[function], "appRoleIds": {**ANSWERS[function]["appRoleIds"], "Place.Read.All": "x"}}
    arguments: AdminConsentArgs = {
        "service_principal_object_id": "principal",
        "permissions": ["Place.Read.All"],
        "proven": ["Place.Read.All"],
        "kept": [],
    }
    told = r"Place\.Read\.All.*Nothing was granted"
    with recording(answers={function: other}), pytest.raises(pulumi.RunError, match=told):
        run(lambda: AdminConsent("consent", arguments, after=[]) and None)


def test_a_consent_that_an_existing_application_keeps_is_not_declared():
    keeping = declare(existing_application={**EXISTING, "accepted_permissions": ["Calendars.ReadWrite"]})
    granted = {one.name for one in declare().of(GRANT)}
    kept = granted - {one.name for one in keeping.of(GRANT)}
    assert kept == {"placeos-consent-Calendars.ReadWrite"}


def test_a_person_s_consent_stands_where_the_code_s_stood():
    manual = declare(consent="manual")
    assert not manual.of(GRANT)
    [waits] = manual.of(BY_PERSON)
    assert (waits.name, waits.parent) == ("placeos-consent-by-person", "placeos")
    assert {one.name for one in manual.of(POLICIES, CONFIGURED)} <= waits.dependencies
    for one in manual.of(ENFORCED, PASSWORD):
        assert waits.name in one.dependencies, one.name
    assert waits.inputs["permissions"] == waits.inputs["asked"] == sorted(ARGUMENTS["permissions"])
    assert waits.inputs["applicationStays"] is False
    [proof], [enforced] = manual.of(CONFIGURED), manual.of(ENFORCED)
    assert proof.inputs["consent"] == "manual"
    assert enforced.inputs["permissions"] == sorted(ARGUMENTS["permissions"])


def test_a_person_is_not_asked_for_what_an_existing_application_keeps():
    keeping = {**EXISTING, "accepted_permissions": ["Calendars.ReadWrite"]}
    manual = declare(consent="manual", existing_application=keeping)
    [waits], [enforced] = manual.of(BY_PERSON), manual.of(ENFORCED)
    assert waits.inputs["permissions"] == ["Place.Read.All", "User.Read.All"]
    assert waits.inputs["applicationStays"] is True
    assert "Calendars.ReadWrite" in enforced.inputs["permissions"]


def test_the_secret_in_the_vault_is_the_current_one_and_comes_last():
    vault = declare(key_vault=KEY_VAULT)
    added = {(one.type, one.name, one.parent) for one in vault.declared} - RESOURCES
    assert added == {
        ("placeosm365:index:KeyVaultSecret", "placeos-key-vault", "placeos"),
        ("pulumi:providers:azure-native", "placeos-key-vault-azure", "placeos-key-vault"),
        (KEPT, "placeos-key-vault-value", "placeos-key-vault"),
    }
    [kept] = vault.of(KEPT)
    assert {one.name for one in vault.of(*AFTER[PASSWORD], PASSWORD)} <= kept.dependencies
    assert kept.inputs["properties"]["value"][SECRET_SIGNATURE] == SECRET
    assert kept.inputs["properties"]["value"]["value"] == "hunter2"
    assert kept.inputs["properties"]["attributes"] == {"enabled": True, "expires": 1806105600}
    assert kept.inputs["tags"] == {
        "clientId": "client",
        "keyId": "key",
        "slot": "1",
        "number": "5",
        "mark": ARGUMENTS["mark"],
        "managedBy": "Pulumi",
    }
    told = vault.outputs["placeos-key-vault"]
    assert told["uri"] == "https://vault/secrets/it"
    assert told["secret_id"], "by which a later run knows what was looked up"
    assert vault.named("placeos-key-vault-azure").inputs["subscriptionId"] == KEY_VAULT["subscription_id"]


def test_a_preview_declares_the_vault_although_it_knows_nothing():
    assert declare(known=False, key_vault=KEY_VAULT).of(KEPT)
