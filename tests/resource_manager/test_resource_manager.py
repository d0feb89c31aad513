"""A vault, its secrets and the caller's permissions, asked of Azure Resource Manager."""

import pytest

from https_json import EndpointError
from resource_manager.key_vault import AccessPolicy, KeyVault, key_vault, secret_tags
from resource_manager.permissions import Permissions, permissions
from tests.emulated_vault import asking_arm, vault_id
from wire import Invalid, NotAuthorised, NotFound, Transient

READ, WRITE = "Microsoft.KeyVault/vaults/secrets/read", "Microsoft.KeyVault/vaults/secrets/write"
DELETE = "Microsoft.KeyVault/vaults/secrets/delete"


def test_a_vault_is_told_with_its_tenant_and_what_opens_it(emulated, azure, vault_is):
    found = key_vault(azure, vault_id(emulated.tenant))
    assert (found.tenant_id, found.access_policies) == (emulated.deployer.tenant_id, None)
    vault_is(_policies={"A": ["Get", "list"], "b": ["all"]})
    some, every = key_vault(azure, vault_id(emulated.tenant)).access_policies or ()
    assert some == AccessPolicy("a", frozenset({"get", "list"}))
    assert (some.allows("get"), some.allows("delete"), every.allows("delete")) == (True, False, True)


def test_a_vault_says_how_long_it_keeps_what_is_deleted(emulated, azure):
    found = key_vault(azure, vault_id(emulated.tenant))
    assert (found.kept_days, found.purgeable) == (90, True)
    protected = {"tenantId": "T", "softDeleteRetentionInDays": 7, "enablePurgeProtection": True}
    found = KeyVault.of({"properties": protected})
    assert (found.kept_days, found.purgeable) == (7, False)
    assert KeyVault.of({"properties": {"tenantId": "T"}}).kept_days is None


def test_a_secret_is_told_by_its_tags_and_without_its_value(emulated, azure):
    path = vault_id(emulated.tenant)
    assert secret_tags(azure, path, "mine") is None
    written = {"properties": {"value": "hush"}, "tags": {"mark": "plc:1"}}
    asking_arm(emulated.tenant, "Deployer")("PUT", f"{path}/secrets/mine", written)
    assert secret_tags(azure, path, "mine") == {"mark": "plc:1"}


def test_who_may_not_read_it_learns_what_lacks_and_that_it_may_not_be_there(emulated, azure):
    elsewhere = vault_id(emulated.tenant).replace("contoso-rooms", "other")
    with pytest.raises(NotAuthorised) as refused:
        key_vault(azure, elsewhere)
    assert "grant Microsoft.KeyVault/vaults/read" in refused.value.advice
    assert "Check the resource id" in refused.value.advice


def test_an_unknown_subscription_is_not_found(emulated, azure):
    _, _, _, *rest = vault_id(emulated.tenant).split("/")
    with pytest.raises(NotFound) as told:
        key_vault(azure, "/".join(["", "subscriptions", "0" * 8 + "-0000-4000-8000-000000000000", *rest]))
    assert told.value.code == "SubscriptionNotFound"


def test_the_caller_learns_its_own_permissions(emulated, azure):
    held = permissions(azure, vault_id(emulated.tenant))
    assert held.allow(WRITE)
    assert held.allow(READ.upper()), "names are told apart without their case"
    assert held.allow_data(DELETE)
    assert not held.allow(DELETE), "which is a data action"
    assert not held.allow_data("Microsoft.KeyVault/vaults/secrets/getSecret/action")


def test_roles_are_added_up_and_exceptions_are_their_own():
    most = {"actions": ["*"], "notActions": [WRITE], "dataActions": [], "notDataActions": []}
    secrets = {
        "actions": ["Microsoft.KeyVault/vaults/secrets/*"],
        "dataActions": ["*"],
        "notDataActions": [DELETE],
    }
    assert Permissions([most]).allow(READ)
    assert not Permissions([most]).allow(WRITE)
    assert Permissions([most, secrets]).allow(WRITE)
    assert not Permissions([most, secrets]).allow_data(DELETE)
    assert not Permissions([]).allow(READ)
    assert Permissions([]).allow_data(DELETE) is False


def test_a_list_that_tells_no_data_actions_says_nothing_of_them():
    """As the versions before 2018-01-01-preview answer."""
    held = Permissions([{"actions": ["*"], "notActions": []}])
    assert held.allow(READ)
    assert held.allow_data(DELETE) is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"x": 1}, Transient),
        ({"value": {}}, Invalid),
        ({"value": ["*"]}, Invalid),
        ({"value": [{"dataActions": ["*"]}]}, Invalid),
    ],
)
def test_an_answer_of_another_shape_allows_nothing(emulated, azure, body, error):
    emulated.fault(path="Microsoft.Authorization/permissions", status=200, body=body)
    with pytest.raises(error):
        permissions(azure, vault_id(emulated.tenant))


@pytest.mark.parametrize("body", [{"properties": {}}, {"properties": []}, {"id": "x"}])
def test_what_is_no_vault_is_none(emulated, azure, body):
    emulated.fault(path="/vaults/", status=200, body=body)
    with pytest.raises(Invalid, match="does not describe a key vault"):
        key_vault(azure, vault_id(emulated.tenant))


def test_the_list_is_read_to_its_end(emulated, azure):
    path = vault_id(emulated.tenant)
    more = f"{emulated.tenant.tenant.arm_url}{path}/providers/Microsoft.Authorization/permissions"
    page = {"value": [{"actions": ["a"]}], "nextLink": f"{more}?api-version=2022-04-01&more=1"}
    emulated.fault(path="Microsoft.Authorization/permissions", status=200, body=page)
    held = permissions(azure, path)
    assert held.allow("a")
    assert held.allow(WRITE)


def test_a_failure_of_the_moment_is_repeated_and_a_wrong_address_is_no_absent_vault(emulated, azure):
    emulated.fault(path="/vaults/", status=503, times=2)
    assert key_vault(azure, vault_id(emulated.tenant)).tenant_id
    emulated.fault(path="/vaults/", status=404, body={})
    with pytest.raises(Invalid):
        key_vault(azure, vault_id(emulated.tenant))


def test_another_tenant_s_subscription_is_said_to_be_one(emulated, azure):
    told = {"error": {"code": "InvalidAuthenticationTokenTenant", "message": "from the wrong issuer"}}
    emulated.fault(path="/vaults/", status=401, body=told, times=2)
    with pytest.raises(NotAuthorised, match="another tenant's"):
        key_vault(azure, vault_id(emulated.tenant))


def test_a_cloud_that_does_not_say_where_it_is_is_told(without_an_address):
    with pytest.raises(EndpointError, match="has no resourceManager"):
        without_an_address()
