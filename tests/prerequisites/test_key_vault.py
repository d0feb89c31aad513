"""A wrong key vault is told before anything is made."""

from typing import Any

import pytest

from prerequisites import NewNames
from rights import Role, needed
from tests.docs import test_deployer_rights
from tests.emulated import Emulated
from tests.emulated_vault import asking_arm, vault_id
from tests.prerequisites.conftest import MARK, settings
from wire import NotAuthorised, Transient

NAME = "placeos-client-secret"
ELSEWHERE = "00000000-0000-4000-8000-000000000000"
READS = ["Microsoft.KeyVault/vaults/read", "Microsoft.KeyVault/vaults/secrets/read"]
RIGHTS = {one.name: one for one in needed({Role.APPLY}, "keyVault") if one.setting == "keyVault"}


@pytest.fixture
def id_(emulated: Emulated) -> str:
    return vault_id(emulated.tenant)


def is_written(emulated: Emulated, id_: str, **tags: str) -> None:
    body = {"properties": {"value": "hush"}, "tags": tags}
    assert asking_arm(emulated.tenant, "Deployer")("PUT", f"{id_}/secrets/{NAME}", body).is_success


def looks_at_azure(emulated: Emulated) -> list[dict[str, Any]]:
    return [one for one in emulated.tenant.store.logged() if one["path"].startswith("/arm/")]


def test_a_vault_that_takes_the_secret_is_fine_and_only_read(emulated, lacking, id_):
    assert lacking(keyVault=id_) == []
    assert {one["method"] for one in looks_at_azure(emulated)} == {"GET"}


def test_without_a_vault_azure_is_not_asked(emulated, lacking):
    assert lacking() == []
    assert looks_at_azure(emulated) == []


def test_a_vault_that_is_not_there_or_may_not_be_read_is_one_problem_with_both_ways_out(lacking, id_):
    for wrong in (id_.replace("contoso-rooms", "contoso-lobby"), id_.replace("/rooms/", "/other/")):
        [problem] = lacking(keyVault=wrong)
        assert (problem.key, problem.value) == ("keyVault", wrong)
        assert (
            "does not have authorization to perform action Microsoft.KeyVault/vaults/read" in problem.reason
        )
        assert "grant the deployer" in problem.fix
        assert "az keyvault show --name" in problem.fix


def test_an_unknown_subscription_is_said_to_be_unknown(lacking, id_):
    [problem] = lacking(keyVault="/".join(["", "subscriptions", ELSEWHERE, *id_.split("/")[3:]]))
    assert "SubscriptionNotFound" in problem.reason


def test_a_vault_that_is_gone_is_said_to_be_gone_to_who_may_read_around_it(emulated, lacking, id_):
    told = {"error": {"code": "ResourceNotFound", "message": "was not found"}}
    emulated.fault(path="/vaults/", status=404, body=told)
    [problem] = lacking(keyVault=id_)
    assert "Azure has no such vault" in problem.reason


def test_another_tenant_s_vault_is_no_vault_of_ours(emulated, lacking, id_):
    [vault] = emulated.tenant.store.all("keyVault")
    emulated.tenant.store.put("keyVault", vault["name"], vault | {"tenantId": ELSEWHERE})
    [problem] = lacking(keyVault=id_)
    assert ELSEWHERE in problem.reason


@pytest.mark.parametrize("name", [*READS, "Microsoft.KeyVault/vaults/secrets/write"])
def test_an_action_that_the_run_takes_and_the_deployer_lacks_is_named(emulated, lacking, id_, name):
    with test_deployer_rights.lacking(emulated.tenant.store, RIGHTS[name]):
        [problem] = lacking(keyVault=id_)
        preview = lacking(keyVault=id_, role=Role.READ)
    assert f"does not have authorization to perform action {name}" in problem.reason
    assert bool(preview) == (name in READS), "a preview writes nothing"


def test_a_data_action_that_is_taken_later_stops_no_run(emulated, lacking, id_):
    """Where a vault has access policies, no role tells of them at all."""
    with test_deployer_rights.lacking(
        emulated.tenant.store, RIGHTS["Microsoft.KeyVault/vaults/secrets/recover/action"]
    ):
        assert lacking(keyVault=id_) == []


def test_a_name_that_somebody_else_has_is_taken(emulated, lacking, id_):
    is_written(emulated, id_, mark="plc:another")
    [problem] = lacking(keyVault=id_)
    assert (problem.key, problem.value) == ("keyVaultSecretName", NAME)
    assert "which this stack does not know" in problem.reason
    assert lacking(keyVault=id_, keyVaultSecretName="another") == []
    assert "hush" not in str(problem)


def test_what_a_killed_run_wrote_is_told_unless_the_state_is_lost_as_a_whole(emulated, lacking, id_):
    is_written(emulated, id_, mark=MARK)
    assert lacking(keyVault=id_) == [], "roomctl recover leads back, and runs the program first"
    [problem] = [one for one in lacking({"placeos": {}}, keyVault=id_) if one.key == "keyVaultSecretName"]
    assert "killed" in problem.reason
    assert "az keyvault secret delete" in problem.fix
    recorded = {"placeos": {}, "placeos-key-vault-value": {"name": NAME}}
    recorded["placeos-key-vault"] = {"secret_id": f"{id_}/secrets/other"}
    assert not [one for one in lacking(recorded, keyVault=id_) if one.key == "keyVaultSecretName"]


def test_could_not_look_is_never_nothing_there(emulated, lacking, id_):
    emulated.fault(path="/arm/", status=503, times=99)
    with pytest.raises(Transient, match="Azure Resource Manager"):
        lacking(keyVault=id_)


def test_a_list_of_permissions_that_is_refused_is_no_list(emulated, lacking, id_):
    action = "Microsoft.Authorization/permissions/read"
    told = {"code": "AuthorizationFailed", "message": f"not allowed to perform action '{action}' here"}
    emulated.fault(path="Microsoft.Authorization/permissions", status=403, body={"error": told})
    with pytest.raises(NotAuthorised, match=f"grant {action}"):
        lacking(keyVault=id_)


@pytest.mark.parametrize(
    ("recorded", "new"),
    [
        ({}, True),
        ({"placeos-key-vault": {"secret_id": "ID/secrets/placeos-client-secret"}}, False),
        ({"placeos-key-vault": {"secret_id": "ID/secrets/other"}}, True),
        ({"placeos-key-vault": {"secret_id": "/subscriptions/x/secrets/placeos-client-secret"}}, True),
        ({"placeos-key-vault": {}, "placeos-key-vault-value": {"name": NAME}}, False),
    ],
)
def test_a_vault_is_looked_up_when_it_is_new(recorded, new):
    id_ = f"/subscriptions/{ELSEWHERE}/resourceGroups/rooms/providers/Microsoft.KeyVault/vaults/contoso-rooms"
    outputs = {
        name: {key: value.replace("ID", id_.upper()) for key, value in one.items()}
        for name, one in recorded.items()
    }
    assert NewNames.of(settings(keyVault=id_), outputs, "placeos").key_vault is new
    assert not NewNames.of(settings(), outputs, "placeos").key_vault
