"""The stand-in as the engine talks to it: a secret in a vault, made, read and deleted as by the real one."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from components.azure_native import VERSION
from emulator.azure_native_plugin.servicer import AzureNativeServicer
from emulator.faults import Fault, Match
from emulator.server import EmulatedTenant
from tests.emulated_vault import Ask, asking_vault
from tests.emulator.azuread_plugin.provider_client import CheckFailedError, Made, ProviderClient

SECRET = "azure-native:keyvault:Secret"
VALUE = "hunter2~of~the~vault"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rooms",
    "vaultName": "contoso-rooms",
    "secretName": "it",
    "properties": {"value": VALUE, "contentType": "text", "attributes": {"expires": 1830297600}},
    "tags": {"keyId": "one"},
}


def failure(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    with pytest.raises(grpc.RpcError) as raised:
        call(*arguments, **named)
    message = str(raised.value.details())
    assert "Traceback" not in message
    assert VALUE not in message
    return message


def make(provider: ProviderClient, **changes: Any) -> Made:
    return provider.create(SECRET, **{**INPUTS, **changes})


def test_it_is_written_and_recorded_without_its_value(
    provider: ProviderClient, operator: Ask, tenant: EmulatedTenant
) -> None:
    made = make(provider)
    subscription = tenant.tenant.settings["subscription"]
    assert made.id == (
        f"/subscriptions/{subscription}/resourceGroups/rooms/providers/Microsoft.KeyVault/vaults/contoso-rooms"
        "/secrets/it"
    )
    assert "value" not in made.state["properties"]
    assert made.state["azureApiVersion"] == "2024-11-01"
    assert made.state["properties"]["attributes"]["expires"] == 1830297600
    found = operator("GET", "/secrets/it").json()
    assert (found["value"], found["tags"]) == (VALUE, {"keyId": "one"})
    assert found["attributes"]["exp"] == 1830297600


def test_a_preview_asks_nothing(provider: ProviderClient, operator: Ask) -> None:
    assert provider.preview_create(SECRET, **INPUTS).state["properties"]["contentType"] == "text"
    assert operator("GET", "/secrets/it").status_code == 404


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"vaultName": None}, "missing required property 'vaultName'"),
        ({"properties": None}, "missing required property 'properties'"),
        ({"vaultName": "my_vault"}, "'vaultName' does not match expression '^[a-zA-Z0-9-]{3,24}$'"),
        ({"secretName": "a.b"}, "'secretName' does not match expression"),
        ({"tags": "one"}, "'tags' should be of type 'object' but got a str"),
        ({"properties": {"attributes": {"expires": "soon"}}}, "'properties.attributes.expires' should be of"),
        ({"properties": {"content_type": "x"}}, "'properties.content_type' is no input; the real plugin"),
    ],
)
def test_wrong_inputs_are_refused(provider: ProviderClient, changes: dict[str, Any], reason: str) -> None:
    inputs = {name: value for name, value in {**INPUTS, **changes}.items() if value is not None}
    with pytest.raises(CheckFailedError) as refused:
        provider.check(SECRET, inputs)
    assert any(reason in one for one in refused.value.args), refused.value.args


def test_inputs_are_compared_with_inputs_and_another_name_is_another_secret(provider: ProviderClient) -> None:
    made = make(provider)
    assert provider.diff(made, **INPUTS).paths == {}
    changed = {**INPUTS, "properties": {**INPUTS["properties"], "value": "next"}, "tags": {"keyId": "two"}}
    assert provider.diff(made, **changed).paths == {"properties.value": "UPDATE", "tags.keyId": "UPDATE"}
    other = provider.diff(made, **{**INPUTS, "secretName": "other"})
    assert other.paths == {"secretName": "UPDATE_REPLACE"}
    assert other.replaces == ["secretName"]


def test_an_update_is_a_new_version(provider: ProviderClient, operator: Ask) -> None:
    made = make(provider)
    updated = provider.update(
        made, **{**INPUTS, "properties": {**INPUTS["properties"], "value": "next"}, "tags": {"keyId": "two"}}
    )
    assert operator("GET", "/secrets/it").json()["value"] == "next"
    assert len(operator("GET", "/secrets/it/versions").json()["value"]) == 2
    assert updated.state["tags"] == {"keyId": "two"}


def test_a_refresh_sees_what_azure_tells_and_keeps_what_it_does_not(
    provider: ProviderClient, tenant: EmulatedTenant
) -> None:
    made = make(provider)
    asking_vault(tenant, "Tenant Administrator")(
        "PUT", "/secrets/it", {"value": "by hand", "tags": {"keyId": "two", "by": "hand"}}
    )
    seen = provider.refresh(made)
    assert seen is not None
    assert seen.inputs["tags"] == {"keyId": "two", "by": "hand"}
    assert seen.inputs["properties"] == {"value": VALUE, "attributes": {}}
    assert sorted(provider.diff(seen, **INPUTS).paths) == [
        "properties.attributes.expires",
        "properties.contentType",
        "tags.by",
        "tags.keyId",
    ]


def test_an_import_knows_all_but_the_value(provider: ProviderClient) -> None:
    made = make(provider)
    found = provider.import_(SECRET, made.id)
    assert found is not None
    assert found.inputs["properties"] == {
        "contentType": "text",
        "attributes": {"enabled": True, "expires": 1830297600},
    }
    assert {name: found.inputs[name] for name in ("resourceGroupName", "vaultName", "secretName")} == {
        name: INPUTS[name] for name in ("resourceGroupName", "vaultName", "secretName")
    }


def test_what_is_there_is_not_taken_over(provider: ProviderClient) -> None:
    make(provider)
    assert "cannot create already existing resource" in failure(make, provider)


def test_it_is_deleted_at_the_vault_and_recovered_by_the_next_create(
    provider: ProviderClient, operator: Ask
) -> None:
    made = make(provider)
    provider.delete(made)
    assert operator("GET", "/deletedsecrets/it").is_success
    assert provider.refresh(made) is None
    provider.delete(made)  # gone already, which is no failure
    make(provider, tags={"keyId": "two"})
    assert operator("GET", "/secrets/it").json()["tags"] == {"keyId": "two"}
    assert len(operator("GET", "/secrets/it/versions").json()["value"]) == 2


def test_a_deleted_name_that_may_not_be_recovered_is_told(
    provider: ProviderClient, tenant: EmulatedTenant
) -> None:
    provider.delete(make(provider))
    may_not(tenant, "recover/action")
    assert "failed to recover soft-deleted secret it" in failure(make, provider)
    may_not(tenant, "readMetadata/action")
    assert 'Status=409 Code="Conflict"' in failure(make, provider)


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("secrets/read", "cannot check existence of resource"),
        ("secrets/write", 'Status=403 Code="AuthorizationFailed"'),
    ],
)
def test_a_missing_right_is_named(
    provider: ProviderClient, tenant: EmulatedTenant, right: str, words: str
) -> None:
    may_not(tenant, right)
    message = failure(make, provider)
    assert words in message
    assert f"Microsoft.KeyVault/vaults/{right}" in message


def test_who_may_not_delete_is_told_by_the_vault(provider: ProviderClient, tenant: EmulatedTenant) -> None:
    made = make(provider)
    may_not(tenant, "secrets/delete")
    assert "Action: 'Microsoft.KeyVault/vaults/secrets/delete'" in failure(provider.delete, made)


@pytest.mark.parametrize("status", [429, 503])
def test_what_passes_is_tried_again(provider: ProviderClient, tenant: EmulatedTenant, status: int) -> None:
    tenant.faults.add([Fault(match=Match(method="PUT"), status=status, times=2)])
    assert make(provider).id


def test_a_subscription_has_to_be_named(
    connect: Callable[[], ProviderClient], environ: dict[str, str]
) -> None:
    del environ["ARM_SUBSCRIPTION_ID"]
    assert "A Subscription ID must be configured" in failure(connect().configure)
    connect().configure(subscriptionId="some")


def test_another_resource_is_not_known(provider: ProviderClient) -> None:
    message = failure(provider.check, "azure-native:keyvault:Key", {})
    assert "attach the real azure-native plugin" in message


def may_not(tenant: EmulatedTenant, ending: str) -> None:
    """Take a right of the deployer's."""
    [vault] = tenant.store.all("keyVault")
    grants = {
        who: [action for action in actions if not action.endswith(ending)]
        for who, actions in vault["_grants"].items()
    }
    tenant.store.put("keyVault", vault["name"], vault | {"_grants": grants})


def test_it_stands_in_for_the_version_that_the_program_names() -> None:
    assert AzureNativeServicer.version == VERSION
