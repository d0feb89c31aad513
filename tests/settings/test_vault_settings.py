"""The vault, the secret's name in it, and the outputs that it can stand in for."""

import pytest

from settings.vault import Vault

SUBSCRIPTION = "33333333-0000-4000-8000-000000000000"
GOOD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rooms/providers/Microsoft.KeyVault/vaults/contoso-rooms"


def test_a_resource_id_says_where_the_vault_is(parse):
    assert parse(keyVault=GOOD).key_vault == Vault(SUBSCRIPTION, "rooms", "contoso-rooms")
    assert parse(keyVault=GOOD.replace("resourceGroups", "resourcegroups").upper()).key_vault == Vault(
        SUBSCRIPTION, "ROOMS", "CONTOSO-ROOMS"
    )


def test_without_one_everything_is_as_before(parse):
    settings = parse(keyVault="")
    assert (settings.key_vault, settings.key_vault_secret_name) == (None, "placeos-client-secret")
    assert settings.secret_outputs


def test_the_secret_s_name_and_the_outputs_can_be_chosen(parse):
    settings = parse(keyVault=GOOD, keyVaultSecretName="rooms", secretOutputs=False)
    assert (settings.key_vault_secret_name, settings.secret_outputs) == ("rooms", False)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("keyVault", "contoso-rooms", "it is no resource id of a key vault"),
        ("keyVault", "https://contoso-rooms.vault.azure.net", "it is no resource id of a key vault"),
        ("keyVault", f"{GOOD}/secrets/it", "it is no resource id of a key vault"),
        ("keyVault", GOOD.replace(SUBSCRIPTION, "mine"), "the id of its subscription is no GUID"),
        ("keyVault", GOOD.replace("/rooms/", "/rooms./"), "no period at its end"),
        ("keyVault", GOOD.replace("/rooms/", f"/{'x' * 91}/"), "a resource group's name has up to 90"),
        ("keyVault", GOOD.replace("contoso-rooms", "contoso--rooms"), "single hyphens"),
        ("keyVault", GOOD.replace("contoso-rooms", "rooms-"), "does not end with a hyphen"),
        ("keyVault", GOOD.replace("contoso-rooms", "1rooms"), "begins with a letter"),
        ("keyVault", GOOD.replace("contoso-rooms", "x" * 25), "has 3 to 24 letters"),
        ("keyVaultSecretName", "placeos_secret", "1 to 127 letters, digits and hyphens"),
        ("keyVaultSecretName", "x" * 128, "1 to 127 letters, digits and hyphens"),
        ("secretOutputs", "no", "neither true nor false"),
    ],
)
def test_a_bad_value(refusals, key, value, words):
    [problem] = refusals(**{"keyVault": GOOD, key: value})
    assert problem.key == key
    assert words in problem.reason
    assert problem.fix


@pytest.mark.parametrize(
    ("key", "value"), [("keyVaultSecretName", "rooms"), ("secretOutputs", False), ("secretOutputs", "false")]
)
def test_what_is_about_a_vault_needs_one(refusals, key, value):
    [problem] = refusals(**{key: value})
    assert problem.key == key
    assert "no vault is named" in problem.reason
    assert "keyVault" in problem.fix


def test_a_vault_that_could_not_be_read_is_said_once(refusals):
    assert [one.key for one in refusals(keyVault="mine", secretOutputs=False)] == ["keyVault"]
