"""Settings from Pulumi's configuration: the program's own, or the answer of `pulumi config --json`."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

from settings.model import Settings

_Value = TypeVar("_Value")

PROJECT = "placeos-m365"


def settings_from_pulumi_config(
    config: Mapping[str, str],
    *,
    project_root: Path,
    secret_keys: Collection[str] = (),
    project: str = PROJECT,
) -> Settings:
    """The settings of the running program.

    `config` maps `project:key` to text, as the engine hands it over (PULUMI_CONFIG), and `secret_keys` are
    the keys that it calls secret (PULUMI_CONFIG_SECRET_KEYS), in the same form. Keys of other namespaces
    belong to providers and are left alone. Raises SettingsError.
    """
    return Settings.parse(
        _of_project(config, project),
        project_root=project_root,
        secret_keys=_of_project(dict.fromkeys(secret_keys), project),
    )


def settings_from_config_json(
    document: Mapping[str, Mapping[str, object]], *, project_root: Path, project: str = PROJECT
) -> Settings:
    """The settings in the parsed answer of `pulumi config --json`, with `--show-secrets` or without.

    Each key there has `secret` and, unless it is hidden, `value`. Raises SettingsError.
    """
    entries = _of_project(document, project)
    return Settings.parse(
        {key: entry.get("value") for key, entry in entries.items()},
        project_root=project_root,
        secret_keys=[key for key, entry in entries.items() if entry.get("secret")],
    )


def _of_project(config: Mapping[str, _Value], project: str) -> dict[str, _Value]:
    """The entries of the project's namespace, without it."""
    prefix = f"{project}:"
    return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}
