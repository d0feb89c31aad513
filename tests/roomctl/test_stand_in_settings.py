"""`Pulumi.<stack>.yaml` without any key to its secrets."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from roomctl.stand_in_settings import StandInSettings, stand_in_settings
from settings import PROJECT, Settings, examples

ROOT = Path(__file__).parents[2]
CIPHER = {"secure": "v1:abc:def"}
PLAIN = {"rooms": ["room@firm.example"], **examples()}


def written(folder: Path, document: object) -> Path:
    path = folder / "Pulumi.prod.yaml"
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document))
    return path


def read(folder: Path, settings: dict[str, Any], **rest: Any) -> StandInSettings:
    config = {f"{PROJECT}:{key}": value for key, value in settings.items()}
    return stand_in_settings(written(folder, {"config": config, **rest}))


def test_a_secret_is_left_out_and_said_and_never_decrypted(tmp_path: Path) -> None:
    found = read(
        tmp_path, {**PLAIN, "deniedMailboxes": ["a@firm.example", CIPHER], "applicationName": CIPHER}
    )
    assert found.values == PLAIN
    assert found.not_seen == (
        "applicationName is a secret: its default was used",
        "deniedMailboxes is a secret: its default was used",
    )


@pytest.mark.parametrize("key", [*examples(), "rooms"])
def test_something_that_parses_stands_in_for_a_required_secret(tmp_path: Path, key: str) -> None:
    found = read(tmp_path, {**PLAIN, key: CIPHER})
    assert any(sentence.endswith("in for it") for sentence in found.not_seen)
    Settings.parse(found.values, project_root=ROOT)


@pytest.mark.parametrize(
    "said",
    [
        {"staff": CIPHER, "staffGroupAddress": "staff@firm.example"},
        {"staff": ["a@firm.example"], "staffGroupAddress": CIPHER},
        {"staff": CIPHER, "staffGroupAddress": CIPHER},
        {"keyVault": CIPHER, "secretOutputs": False},
        {"applicationClientId": CIPHER, "acceptedPermissions": ["Mail.Read"]},
    ],
)
def test_what_another_setting_takes_for_granted_is_there(tmp_path: Path, said: dict[str, Any]) -> None:
    Settings.parse(read(tmp_path, {**PLAIN, **said}).values, project_root=ROOT)


def test_only_the_settings_of_the_project_are_kept(tmp_path: Path) -> None:
    config = {"azuread:tenantId": "x", "azure-native:location": "y", "consent": "manual"}
    plain = {f"{PROJECT}:{key}": value for key, value in PLAIN.items()}
    path = written(
        tmp_path,
        {
            "config": config | plain,
            "encryptionsalt": "s",
            "encryptedkey": "k",
            "secretsprovider": "azurekeyvault://v",
            "environment": ["prod", "shared"],
        },
    )
    found = stand_in_settings(path)
    assert found.values == PLAIN | {"consent": "manual"}
    assert found.not_seen == (
        "the ESC environments prod, shared were not read",
        "settings of providers were left out: azure-native:location, azuread:tenantId",
    )
    file = found.write(tmp_path / "stand-in.yaml")
    assert yaml.safe_load(file.read_text()) == {"config": plain | {f"{PROJECT}:consent": "manual"}}
    assert file.stat().st_mode & 0o077 == 0


def test_required_settings_may_come_from_an_environment_that_is_not_read(tmp_path: Path) -> None:
    found = read(tmp_path, {}, environment={"values": {}})
    Settings.parse(found.values, project_root=ROOT)
    assert found.not_seen[0] == "the ESC environment of the stack was not read"
    assert "roomGroupOwner may come from ESC: exchange.admin@example.com stands in for it" in found.not_seen


def test_a_secret_that_is_no_setting_is_refused_as_it_would_be(tmp_path: Path) -> None:
    found = read(tmp_path, {**PLAIN, "clientSecret": CIPHER})
    with pytest.raises(ValueError, match="there is no such setting"):
        Settings.parse(found.values, project_root=ROOT)


def test_words_are_read_as_pulumi_reads_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "config:\n  applicationName: yes\n  rotationAnchor: 2026-01-05\n  protect: false\n"
        "  rotationPeriodDays: 90\n  conferenceType:\n  internalDomain: 12:30:00\n",
    )
    found = stand_in_settings(path)
    expected = {"applicationName": "yes", "rotationAnchor": "2026-01-05", "protect": False,
                "rotationPeriodDays": 90, "conferenceType": "", "internalDomain": "12:30:00"}  # fmt: skip
    assert json.dumps(found.values) == json.dumps(expected)
    assert stand_in_settings(found.write(tmp_path / "stand-in.yaml")).values == expected


def test_the_stacks_of_the_project_have_nothing_to_hide() -> None:
    for name in ("dev", "example"):
        assert stand_in_settings(ROOT / f"Pulumi.{name}.yaml").not_seen == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("config: [", "is not YAML"),
        ("- config", "is no mapping"),
        ("config: [a]", "config in"),
        ("config: {1: a}", "config in"),
        ("[" * 5000, "nests too deeply"),
        ("a: 0x8\nb: !!int x", "is not YAML"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    with pytest.raises(typer.Exit) as ended:
        stand_in_settings(written(tmp_path, text))
    told = capsys.readouterr().err
    assert (ended.value.exit_code, told.count("\n")) == (1, 1)
    assert says in told
    assert "Pulumi.prod.yaml" in told


def test_a_missing_file_is_told_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        stand_in_settings(tmp_path / "Pulumi.none.yaml")
    assert "Pulumi.none.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"environment": ["prod"]}, "environment"),
        ({"secretsprovider": "azurekeyvault://other"}, "secretsprovider"),
        ({"encryptedkey": "another"}, "encryptedkey"),
        ({"config": {"azuread:metadataHost": "elsewhere.example"}}, "azuread:metadataHost"),
        ({"config": {f"{PROJECT}:permissions": {"secure": "v1:another"}}}, "permissions"),
    ],
)
def test_what_is_not_seen_and_is_otherwise_is_known(tmp_path: Path, more: dict[str, Any], key: str) -> None:
    document: dict[str, Any] = {"config": {f"{PROJECT}:{name}": value for name, value in PLAIN.items()}}
    document["config"][f"{PROJECT}:permissions"] = CIPHER
    before = stand_in_settings(written(tmp_path, document))
    after = {**document, **more, "config": {**document["config"], **more.get("config", {})}}
    now = stand_in_settings(written(tmp_path, after))
    assert now.otherwise_unseen(before) == (key,)
    assert before.otherwise_unseen(now) == (key,)
    assert now.otherwise_unseen(now) == ()
