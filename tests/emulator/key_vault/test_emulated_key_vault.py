"""A vault by both ways: what one writes the other reads, and each refuses in its own words."""

import pytest

NAMED = "placeos-client-secret"

DEPLOYER, OPERATOR, ADMINISTRATOR = "Deployer", "PlaceOS Operator", "Tenant Administrator"
VALUE = "hunter2~of~the~vault"
WRITTEN = {
    "properties": {"value": VALUE, "contentType": "Entra client secret", "attributes": {"exp": 1830297600}},
    "tags": {"keyId": "key-1"},
}


def error(answer):
    found = answer.json()["error"]
    return answer.status_code, found["code"], found.get("innererror", {}).get("code")


def test_a_token_is_for_one_of_the_services(cloud, arm, at_vault, vault_id):
    metadata = cloud.http.get("/metadata/endpoints?api-version=2022-09-01").json()
    [audience] = metadata["authentication"]["audiences"]
    assert audience == metadata["resourceManager"] != metadata["microsoftGraphResourceId"].rstrip("/")
    app = cloud.app("User.Read.All")
    headers = {"Authorization": f"Bearer {cloud.calling_as(app).token}"}
    answer = cloud.http.get(f"/arm{vault_id}?api-version=2024-11-01", headers=headers)
    assert error(answer) == (401, "InvalidAuthenticationToken", None)


def test_azure_resource_manager_tells_the_vault_s_address_and_its_name_in_metadata(cloud, arm, vault_id):
    vault = arm(ADMINISTRATOR)("GET", vault_id)
    suffix = cloud.http.get("/metadata/endpoints").json()["suffixes"]["keyVaultDns"]
    assert vault.json()["properties"]["vaultUri"] == f"https://contoso-rooms{suffix}/"


def test_what_is_written_is_told_without_its_value_and_read_at_the_vault(arm, at_vault, vault_id):
    deployer, path = arm(DEPLOYER), f"{vault_id}/secrets/{NAMED}"
    assert error(deployer("GET", path)) == (404, "ResourceNotFound", None)
    made = deployer("PUT", path, WRITTEN)
    assert made.status_code == 201
    read = deployer("GET", path)
    assert read.json() == made.json()
    assert VALUE not in made.text
    assert made.json()["properties"]["attributes"]["exp"] == 1830297600
    found = at_vault(OPERATOR)("GET", f"/secrets/{NAMED}").json()
    assert (found["value"], found["contentType"], found["tags"]) == (
        VALUE,
        "Entra client secret",
        {"keyId": "key-1"},
    )
    assert found["id"] == made.json()["properties"]["secretUriWithVersion"]


def test_another_value_is_another_version_and_the_old_one_stays_readable(arm, at_vault, vault_id):
    deployer, operator = arm(DEPLOYER), at_vault(OPERATOR)
    path = f"{vault_id}/secrets/{NAMED}"
    first = deployer("PUT", path, WRITTEN).json()["properties"]["secretUriWithVersion"]
    again = deployer("PUT", path, {"properties": {"value": "next"}})
    assert again.status_code == 200
    assert operator("GET", f"/secrets/{NAMED}").json()["value"] == "next"
    version = first.rpartition("/")[2]
    assert operator("GET", f"/secrets/{NAMED}/{version}").json()["value"] == VALUE
    assert len(operator("GET", f"/secrets/{NAMED}/versions").json()["value"]) == 2


def test_attributes_content_and_tags_change_without_a_new_version(arm, at_vault, vault_id):
    deployer, path = arm(DEPLOYER), f"{vault_id}/secrets/{NAMED}"
    made = deployer("PUT", path, WRITTEN).json()["properties"]["secretUriWithVersion"]
    changed = deployer("PATCH", path, {"properties": {"contentType": "other"}, "tags": {}}).json()
    assert changed["properties"]["secretUriWithVersion"] == made
    assert (changed["properties"]["contentType"], changed["tags"]) == ("other", {})
    version = made.rpartition("/")[2]
    at_vault(ADMINISTRATOR)("PATCH", f"/secrets/{NAMED}/{version}", {"attributes": {"enabled": False}})
    refused = at_vault(OPERATOR)("GET", f"/secrets/{NAMED}")
    assert error(refused) == (403, "Forbidden", "SecretDisabled")


def test_a_deleted_name_is_taken_until_it_is_recovered_or_purged(arm, at_vault, vault_id):
    deployer, at = arm(DEPLOYER), at_vault(DEPLOYER)
    path = f"{vault_id}/secrets/{NAMED}"
    deployer("PUT", path, WRITTEN)
    deleted = at("DELETE", f"/secrets/{NAMED}")
    assert deleted.json()["recoveryId"].endswith(f"/deletedsecrets/{NAMED}")
    assert VALUE not in deleted.text
    assert error(at("DELETE", f"/secrets/{NAMED}")) == (404, "SecretNotFound", None)
    assert deployer("GET", path).status_code == 404
    taken = deployer("PUT", path, WRITTEN)
    assert error(taken) == (409, "Conflict", "ObjectIsDeletedButRecoverable")
    assert "deleted but recoverable" in taken.text
    assert at("POST", f"/deletedsecrets/{NAMED}/recover").is_success
    assert error(at("GET", f"/deletedsecrets/{NAMED}")) == (404, "SecretNotFound", None)
    assert deployer("PUT", path, WRITTEN).status_code == 200
    at("DELETE", f"/secrets/{NAMED}")
    assert at_vault(ADMINISTRATOR)("DELETE", f"/deletedsecrets/{NAMED}").status_code == 204
    assert deployer("PUT", path, WRITTEN).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/secrets/x", "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
        ("PUT", "/secrets/x", "Microsoft.KeyVault/vaults/secrets/setSecret/action"),
        ("DELETE", "/deletedsecrets/x", "Microsoft.KeyVault/vaults/secrets/purge/action"),
    ],
)
def test_a_vault_names_the_action_that_is_missing(at_vault, method, path, action):
    refused = at_vault(DEPLOYER)(method, path, {"value": "x"} if method == "PUT" else None)
    assert error(refused) == (403, "Forbidden", "ForbiddenByRbac")
    assert f"Action: '{action}'" in refused.json()["error"]["message"]


def test_azure_resource_manager_names_the_action_that_is_missing(arm, vault_id):
    refused = arm(OPERATOR)("PUT", f"{vault_id}/secrets/x", WRITTEN)
    assert error(refused) == (403, "AuthorizationFailed", None)
    assert "action 'Microsoft.KeyVault/vaults/secrets/write'" in refused.json()["error"]["message"]
    elsewhere = arm(DEPLOYER)("GET", vault_id.replace("contoso-rooms", "other") + "/secrets/x")
    assert error(elsewhere) == (403, "AuthorizationFailed", None)
    other = arm(DEPLOYER)("GET", "/subscriptions/0" + vault_id[15:])
    assert error(other) == (404, "SubscriptionNotFound", None)


PERMISSIONS = "/providers/Microsoft.Authorization/permissions"


def test_whoever_signed_in_learns_what_it_may_do_itself(arm, vault_id):
    def listed(name):
        answer = arm(name)("GET", vault_id + PERMISSIONS, version="2022-04-01")
        assert answer.status_code == 200
        return answer.json()["value"]

    [deployer] = listed(DEPLOYER)
    assert "Microsoft.KeyVault/vaults/secrets/write" in deployer["actions"]
    assert "Microsoft.KeyVault/vaults/secrets/delete" in deployer["dataActions"]
    assert deployer["notActions"] == deployer["notDataActions"] == []
    [operator] = listed(OPERATOR)
    assert operator["actions"] == []
    assert operator["dataActions"]


def test_permissions_are_of_a_resource_that_is_there_and_of_a_version(arm, vault_id):
    deployer = arm(DEPLOYER)
    elsewhere = deployer(
        "GET", vault_id.replace("contoso-rooms", "other") + PERMISSIONS, version="2022-04-01"
    )
    assert error(elsewhere) == (404, "ResourceNotFound", None)
    assert error(deployer("GET", vault_id + PERMISSIONS))[1] == "NoRegisteredProviderFound"


def test_a_vault_with_access_policies_asks_them_and_not_the_roles(cloud, arm, at_vault, vault_id):
    store = cloud.served.store
    [vault] = store.all("keyVault")
    own = cloud.served.environment_of(OPERATOR)["ARM_CLIENT_ID"]
    [operator] = [one["id"] for one in store.all("servicePrincipal") if one["appId"] == own]
    store.put("keyVault", vault["name"], vault | {"_policies": {operator: ["delete"]}})
    arm(DEPLOYER)("PUT", f"{vault_id}/secrets/{NAMED}", WRITTEN)
    refused = at_vault(OPERATOR)("GET", f"/secrets/{NAMED}")
    assert error(refused) == (403, "Forbidden", "ForbiddenByPolicy")
    assert "does not have secrets get permission" in refused.json()["error"]["message"]
    assert at_vault(OPERATOR)("DELETE", f"/secrets/{NAMED}").is_success
    told = arm(ADMINISTRATOR)("GET", vault_id).json()["properties"]
    assert not told["enableRbacAuthorization"]
    [policy] = told["accessPolicies"]
    assert (policy["objectId"], policy["permissions"]["secrets"]) == (operator, ["delete"])


def test_a_vault_says_where_to_sign_in(cloud, at_vault):
    answer = at_vault("")("GET", "/secrets/x")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer authorization="{cloud.url}/{cloud.tenant.id}", resource="{cloud.tenant.vault_resource}"'
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("under_score", WRITTEN),
        ("x", {"properties": {}}),
        ("x", {"properties": {"value": "x" * 25_601}}),
        ("x", {"properties": {"value": "x", "contentType": "x" * 256}}),
        ("x", {"properties": {"value": "x", "attributes": {"exp": "soon"}}}),
        ("x", {"properties": {"value": "x"}, "tags": {str(number): "" for number in range(16)}}),
    ],
)
def test_what_a_vault_does_not_take_is_refused(arm, vault_id, name, body):
    assert error(arm(DEPLOYER)("PUT", f"{vault_id}/secrets/{name}", body)) == (400, "BadParameter", None)


def test_a_version_of_the_interface_has_to_be_named(arm, at_vault, vault_id):
    assert error(arm(DEPLOYER)("GET", vault_id, version="")) == (400, "MissingApiVersionParameter", None)
    assert error(arm(DEPLOYER)("GET", vault_id, version="1999-01-01"))[1] == "NoRegisteredProviderFound"
    assert error(at_vault(OPERATOR)("GET", "/secrets/x", version="")) == (400, "BadParameter", None)


def test_what_a_vault_does_not_know_is_said(at_vault):
    assert at_vault(OPERATOR)("GET", "/keys/x").status_code == 501


def test_a_vault_is_found_in_its_own_subscription_only(cloud, arm, vault_id):
    [known] = cloud.store.all("keyVault")
    own = vault_id.split("/")[2]
    other = "1b2c3d4e-0000-4000-8000-0000000000bb"
    elsewhere = vault_id.replace(own, other).replace("contoso-rooms", "other")
    cloud.store.put("keyVault", "other", known | {"name": "other", "id": elsewhere})
    deployer = arm(DEPLOYER)
    assert deployer("GET", elsewhere).status_code == 200
    assert error(deployer("GET", elsewhere.replace(other, own)))[1] == "AuthorizationFailed"  # as if none
    assert deployer("GET", vault_id).status_code == 200
