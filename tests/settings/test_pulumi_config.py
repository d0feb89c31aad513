"""Settings as Pulumi hands them over, and the files of the project that hold them."""

import json
from pathlib import Path

import pytest
import yaml

import settings
from docs.tables import settings_table
from settings import SettingsError, settings_from_config_json, settings_from_pulumi_config

ROOT = Path(__file__).parents[2]
PROJECT_FILE = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
TYPES = {str: "string", int: "integer", bool: "boolean", list: "array"}

CONFIG = {
    "rooms": '["harbour@contoso.example"]',
    "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": "placeosroombooking@contoso.example",
    "roomGroupOwner": "exchange.admin@contoso.example",
    "rotationAnchor": "2026-01-01",
}


def declared_defaults() -> dict[str, str]:
    return {
        f"placeos-m365:{key}": value if isinstance(value := schema["default"], str) else json.dumps(value)
        for key, schema in PROJECT_FILE["config"].items()
    }


def of_stack(name: str) -> dict[str, str]:
    """The configuration that the engine makes of a stack file and the project's defaults."""
    stack = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["config"]
    return declared_defaults() | {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in stack.items()
    }


def test_declared_keys_are_the_keys_that_are_read_and_the_keys_of_the_table():
    in_table = [line.split("`")[1] for line in settings_table().splitlines()[2:]]
    assert list(PROJECT_FILE["config"]) == in_table
    assert sorted(PROJECT_FILE["config"]) == sorted(settings.keys())


@pytest.mark.parametrize("key", settings.keys())
def test_the_project_file_declares_types_defaults_and_meanings(key):
    schema = PROJECT_FILE["config"][key]
    required = key not in settings.defaults()
    assert schema["default"] == ("" if required else settings.defaults()[key])
    assert schema["type"] == TYPES[type(schema["default"])]
    assert schema["description"].endswith(".")
    assert "secret" not in schema


def test_the_project_is_a_python_program_in_its_own_environment():
    assert PROJECT_FILE["name"] == settings.PROJECT
    assert PROJECT_FILE["runtime"] == {"name": "python", "options": {"virtualenv": ".venv"}}
    assert "main" not in PROJECT_FILE


def test_the_declared_defaults_alone_lack_what_is_required():
    with pytest.raises(SettingsError) as error:
        settings_from_pulumi_config(declared_defaults(), project_root=ROOT)
    assert {problem.key for problem in error.value.problems} == {
        "inventory",
        "mailboxAccess",
        "roomGroupAddress",
        "roomGroupOwner",
        "rotationAnchor",
    }


def test_the_stack_of_the_emulated_tenant_works_as_it_is():
    read = settings_from_pulumi_config(of_stack("Pulumi.dev.yaml"), project_root=ROOT)
    assert len(read.member_addresses or ()) == 48
    assert read.protect is False
    assert "encryptionsalt" in yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))


def test_the_example_stack_works_with_rooms_of_ones_own(tmp_path):
    (tmp_path / "rooms/prod").mkdir(parents=True)
    (tmp_path / "rooms/prod/rooms.csv").write_text(
        "room_id,email,name,building,level\nr1,r1@example.com,A,b,1\n"
    )
    read = settings_from_pulumi_config(of_stack("Pulumi.example.yaml"), project_root=tmp_path)
    assert read.member_addresses == ("r1@example.com",)
    assert read.protect is True
    assert "secure" not in (ROOT / "Pulumi.example.yaml").read_text(encoding="utf-8")


def test_keys_of_providers_are_left_alone(tmp_path):
    config = {f"placeos-m365:{key}": value for key, value in CONFIG.items()}
    plain = settings_from_pulumi_config(config, project_root=tmp_path)
    assert settings_from_pulumi_config({**config, "azuread:tenantId": "x"}, project_root=tmp_path) == plain


def test_a_project_may_have_another_name(tmp_path):
    config = {f"rooms:{key}": value for key, value in CONFIG.items()}
    read = settings_from_pulumi_config(config, project_root=tmp_path, project="rooms")
    assert read.rooms == ("harbour@contoso.example",)


def test_the_program_and_the_command_line_read_the_same(tmp_path):
    config = {f"placeos-m365:{key}": value for key, value in CONFIG.items()}
    document: dict[str, dict[str, object]] = {
        key: {"value": value, "secret": False} for key, value in config.items()
    }
    document["placeos-m365:rooms"]["objectValue"] = ["harbour@contoso.example"]
    assert settings_from_config_json(document, project_root=tmp_path) == settings_from_pulumi_config(
        config, project_root=tmp_path
    )


def test_a_secret_key_of_the_engine_is_hidden(tmp_path):
    config = {f"placeos-m365:{key}": value for key, value in CONFIG.items()} | {
        "placeos-m365:cloud": "hidden-cloud"
    }
    with pytest.raises(SettingsError) as error:
        settings_from_pulumi_config(config, project_root=tmp_path, secret_keys=["placeos-m365:cloud"])
    assert "hidden-cloud" not in str(error.value)
    assert 'cloud: "[secret]"' in str(error.value)
