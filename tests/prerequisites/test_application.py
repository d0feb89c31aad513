"""A new application's name must be free; an existing application may open no other mailboxes."""

import pytest
import yaml

from exchange.other_grants import other_grants
from graph.directory_roles import EXCHANGE_ADMINISTRATOR
from tests.prerequisites.conftest import MARK


def app_id(emulated, name: str) -> str:
    [found] = [one for one in emulated.tenant.store.all("application") if one["displayName"] == name]
    return str(found["appId"])


def test_a_namesake_is_told_with_its_client_id(lacking, emulated):
    [problem] = lacking(applicationName="Travel Desk")
    assert problem.key == "applicationName"
    assert f"applicationClientId: {app_id(emulated, 'Travel Desk')}" in problem.fix


def test_one_that_an_interrupted_run_left_leads_to_recover(lacking, emulated):
    emulated.graph.post("/v1.0/applications", {"displayName": "Rooms", "notes": f"Managed by Pulumi. {MARK}"})
    [problem] = lacking({"placeos": {}}, applicationName="Rooms")
    assert "roomctl recover" in problem.fix


def test_with_a_lost_state_recover_itself_may_run_the_program(lacking, emulated):
    emulated.graph.post("/v1.0/applications", {"displayName": "Rooms", "notes": f"Managed by Pulumi. {MARK}"})
    assert lacking(applicationName="Rooms") == []


def test_a_client_id_of_nothing(lacking):
    [problem] = lacking(applicationClientId="00000000-0000-4000-8000-000000000000")
    assert "no application registration" in problem.reason


def test_an_application_without_service_principal(lacking, emulated):
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Alone"})
    [problem] = lacking(applicationClientId=made["appId"])
    assert "service principal" in problem.reason


@pytest.fixture
def existing(emulated):
    """An application with a harmless permission, and its service principal's object id."""
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Sign-in"})
    principal = emulated.graph.post("/v1.0/servicePrincipals", {"appId": made["appId"]})
    grant(emulated, principal["id"], "Directory.Read.All")
    return made["appId"], principal["id"]


def grant(emulated, principal: str, permission: str, resource: str = "Microsoft Graph") -> None:
    [service] = [
        one for one in emulated.tenant.store.all("servicePrincipal") if one["displayName"] == resource
    ]
    [role] = [one["id"] for one in service["appRoles"] if one["value"] == permission]
    emulated.graph.post(
        f"/v1.0/servicePrincipals/{service['id']}/appRoleAssignedTo",
        {"principalId": principal, "resourceId": service["id"], "appRoleId": role},
    )


def test_what_opens_no_mailbox_is_nobody_s_business(lacking, existing):
    assert lacking(applicationClientId=existing[0]) == []


@pytest.mark.parametrize(
    ("permission", "resource"),
    [
        ("Mail.Read", "Microsoft Graph"),
        ("MailboxSettings.Read", "Microsoft Graph"),
        ("AppRoleAssignment.ReadWrite.All", "Microsoft Graph"),
        ("Application.ReadWrite.All", "Microsoft Graph"),
        ("full_access_as_app", "Office 365 Exchange Online"),
    ],
)
def test_a_mailbox_right_is_refused_unless_it_is_accepted_by_name(
    lacking, emulated, existing, permission, resource
):
    client_id, principal = existing
    grant(emulated, principal, permission, resource)
    [problem] = lacking(applicationClientId=client_id)
    assert problem.key == "applicationClientId"
    assert f"{permission} of {resource}" in problem.reason
    accepted = permission if resource == "Microsoft Graph" else f"{permission} of {resource}"
    assert f'acceptedPermissions: ["{accepted}"]' in problem.fix
    assert lacking(applicationClientId=client_id, acceptedPermissions=[accepted]) == []


def test_a_permission_is_accepted_on_its_own_resource_only(lacking, emulated, existing):
    client_id, principal = existing
    grant(emulated, principal, "Mail.Read")
    [exchange_online] = [
        one
        for one in emulated.tenant.store.all("servicePrincipal")
        if one["displayName"] == "Office 365 Exchange Online"
    ]
    of_the_same_name = {"id": "00000000-0000-4000-8000-00000000000a", "value": "Mail.Read"}
    roles = [*exchange_online["appRoles"], of_the_same_name]
    emulated.tenant.store.put(
        "servicePrincipal", exchange_online["id"], exchange_online | {"appRoles": roles}
    )
    grant(emulated, principal, "Mail.Read", "Office 365 Exchange Online")
    [problem] = lacking(applicationClientId=client_id, acceptedPermissions=["Mail.Read"])
    assert "Mail.Read of Office 365 Exchange Online" in problem.reason


def assign(emulated, principal: str, role: str = "Application Mail.Read", **scope: str) -> None:
    """RBAC for Applications: a role in Exchange."""
    emulated.tenant.store.put(
        "managementRoleAssignment",
        "by-hand",
        {
            "Identity": "by-hand",
            "Name": "by-hand",
            "Role": role,
            "RoleAssigneeName": principal,
            "RoleAssigneeType": "ServicePrincipal",
            **scope,
        },
    )


def test_a_role_in_exchange_is_refused_unless_it_is_accepted_by_name(lacking, emulated, existing):
    """Access policies don't limit it: the permissions are a union."""
    client_id, principal = existing
    assign(emulated, "another principal")
    assert lacking(applicationClientId=client_id) == []
    assign(emulated, principal.upper())
    [problem] = lacking(applicationClientId=client_id)
    assert "the role Application Mail.Read on every mailbox in Exchange" in problem.reason
    assert 'acceptedPermissions: ["Application Mail.Read on every mailbox"]' in problem.fix
    assert (
        lacking(applicationClientId=client_id, acceptedPermissions=["Application Mail.Read on every mailbox"])
        == []
    )


def test_what_is_proposed_for_a_role_with_a_scope_is_what_the_settings_take(lacking, emulated, existing):
    """A scope may be named like anything, and its name stands in quotes."""
    client_id, principal = existing
    assign(emulated, principal, RecipientGroupScope='The "rooms": all')
    [problem] = lacking(applicationClientId=client_id)
    _, _, proposed = problem.fix.partition(", or accept it: ")
    assert lacking(applicationClientId=client_id, **yaml.safe_load(proposed)) == []


@pytest.mark.parametrize("permission", ["Calendars.ReadWrite", "User.Read.All"])
def test_a_consent_that_placeos_needs_is_refused_unless_it_is_kept(lacking, emulated, existing, permission):
    client_id, principal = existing
    grant(emulated, principal, permission)
    [problem] = lacking(applicationClientId=client_id)
    assert f"holds {permission} already" in problem.reason
    assert f'acceptedPermissions: ["{permission}"]' in problem.fix
    assert lacking(applicationClientId=client_id, acceptedPermissions=[permission]) == []


def test_a_consent_that_is_to_be_kept_must_be_there(lacking, existing):
    [problem] = lacking(applicationClientId=existing[0], acceptedPermissions=["Calendars.ReadWrite"])
    assert (problem.key, problem.value) == ("acceptedPermissions", "Calendars.ReadWrite")


def test_what_an_earlier_run_consented_to_is_this_stack_s(lacking, emulated, existing):
    """Its policy, which comes before consent, carries the mark."""
    emulated.exchange.run_one(
        "New-ApplicationAccessPolicy", AppId=[existing[0]], AccessRight="RestrictAccess",
        PolicyScopeGroupId="travel-desk-mailboxes@contoso.example", Description=f"Rooms. {MARK}",
    )  # fmt: skip
    grant(emulated, existing[1], "Calendars.ReadWrite")
    assert lacking(applicationClientId=existing[0]) == []


def test_an_access_policy_is_refused_unless_it_is_accepted_by_identity(lacking, emulated, existing):
    made = emulated.exchange.run_one(
        "New-ApplicationAccessPolicy", AppId=[existing[0]], AccessRight="RestrictAccess",
        PolicyScopeGroupId="travel-desk-mailboxes@contoso.example", Description="by hand",
    )  # fmt: skip
    [problem] = lacking(applicationClientId=existing[0])
    assert made["Identity"] in problem.reason
    proposed = yaml.safe_load(problem.fix.partition(", or accept it: ")[2])
    assert proposed == {"acceptedPolicies": [made["Identity"]]}, "with the backslash that is in it"
    assert lacking(applicationClientId=existing[0], **proposed) == []


def test_the_stack_s_own_application_would_be_deleted(lacking, emulated):
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Rooms"})
    recorded = {"placeos": {}, "placeos-identity-application": {"clientId": made["appId"]}}
    [problem] = lacking(recorded, applicationClientId=made["appId"])
    assert (problem.key, problem.fix) == ("applicationClientId", "pulumi config rm applicationClientId")


def test_a_tenant_that_never_used_exchange_s_resource_has_no_grant_on_it(lacking, emulated, existing):
    [service] = [
        one
        for one in emulated.tenant.store.all("servicePrincipal")
        if one["displayName"] == "Office 365 Exchange Online"
    ]
    emulated.exchange.run("Get-AcceptedDomain")  # signed in while it is there
    emulated.tenant.store.delete("servicePrincipal", service["id"])
    assert other_grants(emulated.graph, existing[1], []) != []


def test_an_application_that_the_deployer_does_not_own(lacking, emulated, existing):
    """Its secrets could not be added, after everything else was made and consented to."""
    [stored] = [one for one in emulated.tenant.store.all("application") if one["appId"] == existing[0]]
    emulated.tenant.store.put("application", stored["id"], stored | {"_owners": []})
    [problem] = lacking(applicationClientId=existing[0])
    assert "the deployer is no owner" in problem.reason
    assert f"az ad app owner add --id {existing[0]}" in problem.fix


def test_a_role_in_entra_is_refused_unless_it_is_accepted_by_name(lacking, emulated, existing):
    [role] = [
        one
        for one in emulated.tenant.store.all("directoryRole")
        if one["roleTemplateId"] == EXCHANGE_ADMINISTRATOR
    ]
    members = [*role.get("members", []), existing[1]]
    emulated.tenant.store.put("directoryRole", role["id"], role | {"members": members})
    [problem] = lacking(applicationClientId=existing[0])
    assert "the role Exchange Administrator in Entra" in problem.reason
    accepted = ["Exchange Administrator"]
    assert lacking(applicationClientId=existing[0], acceptedPermissions=accepted) == []


def test_this_stack_s_own_application_is_no_namesake_of_itself(lacking, emulated):
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Rooms", "notes": MARK})
    recorded = {"placeos": {}, "placeos-identity-application": {"clientId": made["appId"]}}
    assert lacking(recorded, applicationName="Rooms") == []
