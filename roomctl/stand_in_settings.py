"""A stack's settings as far as everybody may read them: no secret is decrypted, something stands in for it.

The stack file: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from roomctl.outcome import could_not_look
from roomctl.private_file import new_private_file
from settings import PROJECT, examples, keys

_OURS = f"{PROJECT}:"
_ROOM_SOURCES = ("inventory", "rooms", "everyRoomMailbox")
_ROOMS = ["room.1@example.com", "room.2@example.com"]
_VAULT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/example"
    "/providers/Microsoft.KeyVault/vaults/example-vault"
)
# A key that may be left out, unless one of these others is set.
_WANTED_BY: Mapping[str, tuple[object, tuple[str, ...]]] = {
    "staff": (["person.1@example.com", "person.2@example.com"], ("staffGroupAddress",)),
    "staffGroupAddress": ("placeosstaff@example.com", ("staff",)),
    "keyVault": (_VAULT, ("keyVaultSecretName", "secretOutputs")),
    "applicationClientId": (
        "00000000-0000-0000-0000-000000000002",
        ("acceptedPermissions", "acceptedPolicies"),
    ),
}


@dataclass(frozen=True)
class StandInSettings:
    """The values by key, without the project's name, and sentences on what was not seen.

    `unseen`: that itself, as it stands in the file, so that a change of it can be told.
    """

    values: Mapping[str, object]
    not_seen: tuple[str, ...]
    unseen: Mapping[str, str] = field(default_factory=dict)

    def otherwise_unseen(self, before: "StandInSettings") -> tuple[str, ...]:
        """What of that which is not seen is otherwise than it was, by key: it may say anything."""
        keys = self.unseen.keys() | before.unseen.keys()
        return tuple(sorted(key for key in keys if self.unseen.get(key) != before.unseen.get(key)))

    def write(self, path: Path) -> Path:
        """Make the file to pass as `pulumi --config-file`, where nothing is yet; nobody else may read it.

        Paths in it are relative to the project still: the program reads them so, wherever the file is.
        """
        with new_private_file(path) as file:
            yaml.safe_dump({"config": {_OURS + key: value for key, value in self.values.items()}}, file)
        return path


class _AsPulumi(yaml.SafeLoader):
    """Reads plain words as Go's yaml.v3 does, by which Pulumi reads: `yes` and 2026-01-05 are texts."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - the base's form


for _tag, _form, _begins in (
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _AsPulumi.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), list(_begins))


def stand_in_settings(stack_file: Path) -> StandInSettings:
    """Read Pulumi.<stack>.yaml; ends the command with 1 when it can't be read.

    A secret is left out where the key has a default, else something that parses stands in for it.
    """
    document = _document(stack_file)
    config = _mapping(document.get("config"), f"config in {stack_file}")
    ours = {
        key.removeprefix(_OURS): "" if value is None else value
        for key, value in config.items()
        if key.startswith(_OURS) or ":" not in key
    }
    secret = [key for key, value in ours.items() if _holds_secret(value)]
    values = {key: value for key, value in ours.items() if key not in secret}
    said = _said_of_others(config, document.get("environment"))
    for key in secret:
        stand_in = _stand_in(key, values)
        if stand_in is not None:
            values[key] = stand_in
        said.append(f"{key} is a secret: {_shown(stand_in)}")
    if not any(values.get(key) for key in _ROOM_SOURCES) and (
        document.get("environment") or set(_ROOM_SOURCES) & set(secret)
    ):
        values["rooms"] = _ROOMS
        said.append(f"which rooms there are was not seen: {_shown(_ROOMS)}")
    if document.get("environment"):
        for key, example in examples().items():
            if key not in values:
                values[key] = example
                said.append(f"{key} may come from ESC: {_shown(example)}")
    return StandInSettings(values, tuple(said), _unseen(document, config, secret))


def _unseen(document: Mapping[str, Any], config: Mapping[str, Any], secret: Iterable[str]) -> dict[str, str]:
    others = {key: value for key, value in document.items() if key != "config"}
    others |= {key: value for key, value in config.items() if ":" in key and not key.startswith(_OURS)}
    others |= {key: config.get(_OURS + key, config.get(key)) for key in secret}
    return {key: json.dumps(value, sort_keys=True, default=str) for key, value in others.items()}


def _document(path: Path) -> Mapping[str, Any]:
    try:
        # A safe loader by its class: it makes plain values only.
        found = yaml.load(path.read_text(encoding="utf-8"), _AsPulumi)  # noqa: S506
    except FileNotFoundError:
        could_not_look(
            f"There is no {path}. Name a stack that has a file, or run this in the project's folder."
        )
    except OSError as error:
        could_not_look(f"{path} can't be read: {error.strerror}.")
    except (UnicodeDecodeError, RecursionError) as error:
        wrong = "nests too deeply" if isinstance(error, RecursionError) else "is not text in UTF-8"
        could_not_look(f"{path} {wrong}. Correct it.")
    except (yaml.YAMLError, ValueError) as error:
        could_not_look(f"{path} is not YAML: {' '.join(str(error).split())}. Correct it.")
    return _mapping(found, str(path))


def _mapping(found: object, what: str) -> dict[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        could_not_look(f"{what} is no mapping of keys to values. Correct it.")
    return found


def _holds_secret(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def _stand_in(key: str, seen: Mapping[str, object]) -> object:
    """None: the key may be left out."""
    if key in examples():
        return examples()[key]
    if key not in keys():
        return "(secret)"  # so that it is refused as unknown, as it would be
    stand_in, wanted_by = _WANTED_BY.get(key, (None, ()))
    return stand_in if any(one in seen for one in wanted_by) else None


def _shown(stand_in: object) -> str:
    if stand_in is None:
        return "its default was used"
    items = stand_in if isinstance(stand_in, list) else [stand_in]
    return f"{', '.join(map(str, items))} {'stand' if len(items) > 1 else 'stands'} in for it"


def _said_of_others(config: Iterable[str], environment: object) -> list[str]:
    """What else is in the file and has no use without rights."""
    said = []
    if environment:
        named = [str(one) for one in environment] if isinstance(environment, list) else []
        several = len(named) > 1
        what = f"environment{'s' * several} {', '.join(named)}" if named else "environment of the stack"
        said.append(f"the ESC {what} {'were' if several else 'was'} not read")
    others = sorted(key for key in config if ":" in key and not key.startswith(_OURS))
    if others:
        said.append(f"settings of providers were left out: {', '.join(others)}")
    return said
