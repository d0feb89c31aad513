"""What a stack asks for: `Settings.parse` and the two ways in which Pulumi hands it over."""

from settings.model import Settings, defaults, examples, keys
from settings.problems import Problem, SettingsError, without_secrets
from settings.pulumi_config import PROJECT, settings_from_config_json, settings_from_pulumi_config
from settings.reading import as_text

__all__ = [
    "PROJECT",
    "Problem",
    "Settings",
    "SettingsError",
    "as_text",
    "defaults",
    "examples",
    "keys",
    "settings_from_config_json",
    "settings_from_pulumi_config",
    "without_secrets",
]
