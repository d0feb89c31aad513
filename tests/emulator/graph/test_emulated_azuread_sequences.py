"""The requests that terraform-provider-azuread 3.9 sends, in its order and with its bodies.

Read in hashicorp/terraform-provider-azuread (internal/services/applications, serviceprincipals, groups).
"""

import uuid

import pytest

GRAPH = "00000003-0000-0000-c000-000000000000"
HEADERS = {"Accept": "application/json; charset=utf-8; IEEE754Compatible=false", "OData-Version": "4.0",
           "OData-MaxVersion": "4.0"}  # fmt: skip


@pytest.fixture
def deployer(cloud):
    """The deployer of the tenant, logged in as the provider does it, from the metadata document."""
    environment = cloud.served.environment_of("Tenant Administrator")
    metadata = cloud.http.get("/metadata/endpoints", params={"api-version": "2022-09-01"}).json()
    resource = metadata["microsoftGraphResourceId"].rstrip("/")
    login = metadata["authentication"]["loginEndpoint"]
    form = {
        "client_id": environment["ARM_CLIENT_ID"],
        "client_secret": environment["ARM_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        "scope": f"{resource}/.default",
    }
    answer = cloud.http.post(f"{login}/{environment['ARM_TENANT_ID']}/oauth2/v2.0/token", data=form)
    assert answer.json()["token_type"] == "Bearer"
    authorization = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def send(method, path, body=None, expect=(200, 201, 204)):
        response = cloud.http.request(method, path, json=body, headers={**HEADERS, **authorization})
        assert response.status_code in ((expect,) if isinstance(expect, int) else expect), response.text
        if response.content:
            assert response.headers["Content-Type"].startswith("application/json")
        return response.json() if response.content else None

    return send


def new_application(cloud, caller_id):
    return {
        "@odata.type": "#microsoft.graph.application",
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "oauth2PermissionScopes": [],
            "requestedAccessTokenVersion": 1,
        },
        "appRoles": [],
        "description": None,
        "displayName": "PlaceOS rooms",
        "groupMembershipClaims": None,
        "identifierUris": [],
        "info": dict.fromkeys(["marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"]),
        "isDeviceOnlyAuthSupported": None,
        "isFallbackPublicClient": False,
        "notes": "plc:1a2b3c4d",
        "oauth2RequirePostResponse": False,
        "optionalClaims": {"accessToken": [], "idToken": [], "saml2Token": []},
        "owners@odata.bind": [f"{cloud.url}/v1.0/directoryObjects/{caller_id}"],
        "publicClient": {"redirectUris": []},
        "requiredResourceAccess": [
            {
                "resourceAppId": GRAPH,
                "resourceAccess": [{"id": cloud.role_id("Calendars.ReadWrite"), "type": "Role"}],
            }
        ],
        "serviceManagementReference": None,
        "signInAudience": "AzureADMyOrg",
        "spa": {"redirectUris": []},
        "tags": [],
        "web": {
            "homePageUrl": None,
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
            "logoutUrl": None,
            "redirectUris": [],
        },
    }


def test_application_to_consent_and_secret_and_back(cloud, deployer):
    caller_id = cloud.service(cloud.served.environment_of("Tenant Administrator")["ARM_CLIENT_ID"])["id"]
    owner_id = cloud.user_id("exchange.admin@contoso.example")

    # Application: duplicate check, create with the caller as owner, two renames, owners, read
    assert deployer("GET", "/v1.0/applications?$filter=displayName eq 'PlaceOS rooms'")["value"] == []
    app = deployer("POST", "/v1.0/applications", new_application(cloud, caller_id), 201)
    path = f"/v1.0/applications/{app['id']}"
    for name in (f"TERRAFORM_UPDATE_{uuid.uuid4()}", "PlaceOS rooms"):
        deployer("PATCH", path, {"@odata.type": "#microsoft.graph.application", "displayName": name}, 204)
    owner = {"@odata.id": f"{cloud.url}/v1.0/directoryObjects/{owner_id}"}
    deployer("POST", f"{path}/owners/$ref", owner, 204)
    deployer("DELETE", f"{path}/owners/{caller_id}/$ref", None, 204)
    read = deployer("GET", path)
    assert read["displayName"] == "PlaceOS rooms"
    assert read["requiredResourceAccess"] == app["requiredResourceAccess"]
    assert (
        deployer("GET", f"/beta/applications/{app['id']}?$select=oauth2RequirePostResponse")[
            "oauth2RequirePostResponse"
        ]
        is False
    )
    assert [o["id"] for o in deployer("GET", f"{path}/owners")["value"]] == [owner_id]

    # ServicePrincipal: lookup, create with a temporary description, describe, read
    lookup = f"/v1.0/servicePrincipals?$filter=appId eq '{app['appId']}'"
    assert deployer("GET", lookup)["value"] == []
    body = {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        "accountEnabled": True,
        "alternativeNames": [],
        "appId": app["appId"],
        "appRoleAssignmentRequired": False,
        "description": f"TERRAFORM_UPDATE_{uuid.uuid4()}",
        "loginUrl": None,
        "notes": None,
        "notificationEmailAddresses": [],
        "owners@odata.bind": [f"{cloud.url}/v1.0/directoryObjects/{caller_id}"],
        "preferredSingleSignOnMode": None,
        "samlSingleSignOnSettings": {"relayState": None},
        "tags": [],
    }
    principal = deployer("POST", "/v1.0/servicePrincipals", body, 201)
    assert [one["id"] for one in deployer("GET", lookup)["value"]] == [principal["id"]]
    at = f"/v1.0/servicePrincipals/{principal['id']}"
    deployer("PATCH", at, {"@odata.type": "#microsoft.graph.servicePrincipal", "description": None}, 204)
    deployer("DELETE", f"{at}/owners/{caller_id}/$ref", None, 204)
    assert deployer("GET", at)["description"] is None
    assert (
        deployer("GET", f"/beta/servicePrincipals/{principal['id']}?$select=samlMetadataUrl")[
            "samlMetadataUrl"
        ]
        is None
    )
    assert deployer("GET", f"{at}/owners")["value"] == []

    # AppRoleAssignment: look at the resource, grant, read; again is the error that azuread reports
    (graph,) = deployer("GET", f"/v1.0/servicePrincipals?$filter=appId eq '{GRAPH}'")["value"]
    deployer("GET", f"/v1.0/servicePrincipals/{graph['id']}")
    roles = {role["value"]: role["id"] for role in graph["appRoles"]}
    body = {
        "@odata.type": "#microsoft.graph.appRoleAssignment",
        "appRoleId": roles["Calendars.ReadWrite"],
        "principalId": principal["id"],
        "resourceId": graph["id"],
    }
    grants = f"/v1.0/servicePrincipals/{graph['id']}/appRoleAssignedTo"
    grant = deployer("POST", grants, body, 201)
    assert deployer("GET", f"{grants}/{grant['id']}")["principalId"] == principal["id"]
    again = deployer("POST", grants, body, 400)
    assert again["error"]["message"] == "Permission being assigned already exists on the object"

    # ApplicationPassword: add, listed, remove, gone; a second removal fails
    asked = {"passwordCredential": {"displayName": "slot 0", "endDateTime": "2099-01-01T00:00:00Z"}}
    secret = deployer("POST", f"{path}/addPassword", asked, 200)
    assert secret["secretText"]
    assert secret["endDateTime"] == "2099-01-01T00:00:00Z"
    assert [c["keyId"] for c in deployer("GET", path)["passwordCredentials"]] == [secret["keyId"]]
    deployer("POST", f"{path}/removePassword", {"keyId": secret["keyId"]}, 204)
    assert deployer("GET", path)["passwordCredentials"] == []
    deployer("POST", f"{path}/removePassword", {"keyId": secret["keyId"]}, 400)

    # destroy, and what was destroyed already
    for gone in (f"{grants}/{grant['id']}", at, path):
        deployer("DELETE", gone, None, 204)
        assert deployer("GET", gone, None, 404)["error"]["code"] == "Request_ResourceNotFound"
        deployer("DELETE", gone, None, 404)


def test_an_update_sends_everything_and_changes_what_changed(cloud, deployer):
    caller_id = cloud.service(cloud.served.environment_of("Tenant Administrator")["ARM_CLIENT_ID"])["id"]
    app = deployer("POST", "/v1.0/applications", new_application(cloud, caller_id), 201)
    body = {k: v for k, v in new_application(cloud, caller_id).items() if not k.startswith("owners")}
    path = f"/v1.0/applications/{app['id']}"
    deployer(
        "PATCH", path, body | {"id": app["id"], "notes": "plc:changed", "requiredResourceAccess": []}, 204
    )
    after = deployer("GET", path)
    changed = {name for name in after if after[name] != app.get(name)} - {"@odata.context"}
    assert changed == {"notes", "requiredResourceAccess"}


def test_the_group_data_source_reads_a_mail_enabled_group(cloud, deployer):
    (group,) = deployer("GET", "/beta/groups?$filter=displayName eq 'Travel Desk Mailboxes'")["value"]
    assert (group["mailEnabled"], group["securityEnabled"], group["groupTypes"]) == (True, True, [])
    assert deployer("GET", f"/beta/groups/{group['id']}")["mail"] == "travel-desk-mailboxes@contoso.example"
    for relation, count in (("members", 2), ("transitiveMembers", 2), ("owners", 1)):
        found = deployer("GET", f"/beta/groups/{group['id']}/{relation}")["value"]
        assert [one["@odata.type"] for one in found] == ["#microsoft.graph.user"] * count


def test_the_user_data_source_selects_many_properties(cloud, deployer):
    (user,) = deployer("GET", "/v1.0/users?$filter=userPrincipalName eq 'ada.ashby@contoso.example'")["value"]
    fields = (
        "accountEnabled,ageGroup,businessPhones,city,companyName,consentProvidedForMinor,country,creationType,"
        "department,displayName,employeeHireDate,employeeId,employeeOrgData,employeeType,externalUserState,"
        "faxNumber,givenName,id,imAddresses,jobTitle,mail,mailNickname,mobilePhone,officeLocation,"
        "onPremisesDistinguishedName,onPremisesDomainName,onPremisesImmutableId,onPremisesSamAccountName,"
        "onPremisesSecurityIdentifier,onPremisesSyncEnabled,onPremisesUserPrincipalName,otherMails,postalCode,"
        "preferredLanguage,proxyAddresses,showInAddressList,state,streetAddress,surname,usageLocation,"
        "userPrincipalName,userType"
    )
    whole = deployer("GET", f"/v1.0/users/{user['id']}?$select={fields}")
    assert set(fields.split(",")) == {name for name in whole if "@" not in name}
    deployer("GET", f"/v1.0/users/{user['id']}/manager", None, 404)


def test_the_domain_data_source(deployer):
    (domain,) = deployer("GET", "/v1.0/domains")["value"]
    assert {"isAdminManaged", "isVerified", "isDefault", "isInitial", "isRoot", "supportedServices"} < set(
        domain
    )
