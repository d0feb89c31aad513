"""What a stack keeps secret appears in no message, whatever is wrong with it."""

import json

import pytest

import settings
from settings import Problem, SettingsError, settings_from_config_json

SECRET = "Hunter2-hunter2"


@pytest.mark.parametrize("key", [*settings.keys(), "clientSecret"])
@pytest.mark.parametrize("value", [SECRET, json.dumps([SECRET]), json.dumps([f"{SECRET}@c.example"] * 2)])
def test_a_secret_value_is_never_told(parse, key, value):
    changes = {key: value}
    if key in ("roomGroupName", "roomGroupAlias", "staffGroupName", "staffGroupAlias", "applicationName"):
        changes["protect"] = "maybe"  # these take any text: something else has to be wrong
    with pytest.raises(SettingsError) as error:
        parse(secret_keys=(key,), **changes)
    told = str(error.value) + repr(error.value.problems)
    assert SECRET.lower() not in told.lower()
    assert error.value.__cause__ is None


def test_the_message_of_another_key_does_not_tell_it_either(parse):
    with pytest.raises(SettingsError) as error:
        parse(
            rooms=["Hidden.Room@contoso.example"],
            deniedMailboxes=["hidden.room@contoso.example"],
            secret_keys=("rooms",),
        )
    assert "it is a room too" in str(error.value)
    assert "hidden.room" not in str(error.value).lower()


def test_a_secret_that_was_not_decrypted_says_so(tmp_path):
    with pytest.raises(SettingsError) as error:
        settings_from_config_json({"placeos-m365:rooms": {"secret": True}}, project_root=tmp_path)
    [problem] = [problem for problem in error.value.problems if problem.key == "rooms"]
    assert "encrypted" in problem.reason
    assert "--show-secrets" in problem.fix


def test_a_secret_that_is_cut_off_where_a_value_is_shortened_is_hidden_too(parse):
    with pytest.raises(SettingsError) as error:
        parse(protect="x" * 95 + SECRET, roomGroupName=SECRET, secret_keys=("roomGroupName",))
    assert SECRET[:5] not in str(error.value)


def test_what_the_tenant_has_against_a_secret_value_does_not_tell_it(parse):
    """Values are read in lower case, and the engine masks what is spelt as in the configuration only."""
    hidden = parse(roomGroupOwner="Secret.Person@contoso.example", secret_keys=("roomGroupOwner",))
    address = hidden.room_group_owner
    error = hidden.refused([Problem("roomGroupOwner", address, f"nobody has {address}", "write another")])
    assert "secret.person" not in str(error).lower()
