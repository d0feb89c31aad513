"""From keys and texts to the values of the settings' fields, or to everything that is wrong."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inventory import Inventory, InventoryError, read_inventory
from nearest import did_you_mean
from settings.keys import key_of
from settings.problems import Problem, RefusedValueError, SettingsError
from settings.rules import broken_rules

Field = dataclasses.Field[Any]


def read_values(
    fields: Sequence[Field], texts: Mapping[str, str | None], project_root: Path, hidden: Mapping[str, str]
) -> dict[str, Any]:
    """The value of each field, by field name; SettingsError, which tells nothing hidden, if one is wrong."""
    known = [key_of(field.name) for field in fields]
    problems = [
        Problem(key, text, f"there is no such setting; {did_you_mean(key, known)}", f"pulumi config rm {key}")
        for key, text in texts.items()
        if key not in known
    ]
    values: dict[str, Any] = {}
    for field in fields:
        problems += _read_field(field, texts, values)
    if values.get("inventory") is not None:
        problems += _read_inventory(project_root, values)
    problems += broken_rules(values, member_addresses(values.get("inventory"), values.get("rooms", ())))
    if problems:
        raise SettingsError(problems, hidden=hidden)
    return values


def as_text(value: object) -> str | None:
    """A value as Pulumi keeps it."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def member_addresses(inventory: Inventory | None, rooms: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses of the rooms that settings name by themselves, sorted."""
    return rooms if inventory is None else inventory.member_addresses()


def _read_field(field: Field, texts: Mapping[str, str | None], values: dict[str, Any]) -> list[Problem]:
    """Put the field's value among the values, or say what is wrong with it."""
    key = key_of(field.name)
    text = texts.get(key, "")
    required = field.default is dataclasses.MISSING
    if text is None:
        return [
            Problem(key, "", "it is encrypted, and only its cipher was read", "read it with --show-secrets")
        ]
    if text == "" and required:
        because, example = field.metadata["because"], field.metadata["example"]
        return [Problem(key, None, because, f"set it, for example: pulumi config set {key} {example}")]
    if not required and (key not in texts or (text == "" and field.default in (None, (), ""))):
        values[field.name] = field.default
        return []
    problems: list[Problem] = []
    try:
        values[field.name] = field.metadata["read"](text)
    except* RefusedValueError as group:
        problems += [
            Problem(key, text if refused.shown is None else refused.shown, refused.reason, refused.fix)
            for refused in group.exceptions
            if isinstance(refused, RefusedValueError)
        ]
    return problems


def _read_inventory(project_root: Path, values: dict[str, Any]) -> list[Problem]:
    """Put the inventory in the place of its path."""
    path = values.pop("inventory")
    try:
        values["inventory"] = read_inventory(project_root / path)
    except InventoryError as error:
        reason = "\n".join(error.lines)
        return [
            Problem("inventory", path, reason, "correct the files, or the path (relative to Pulumi.yaml)")
        ]
    return []
