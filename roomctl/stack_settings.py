"""What a stack's settings say, as far as a command needs it: without its inventory, and without secrets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import permissions
from exchange.personal_consent import BY_PERSON
from roomctl.outcome import could_not_look
from roomctl.pulumi import ask_pulumi_json
from roomctl.recorded_stack import RecordedStack
from settings import Settings, SettingsError, defaults, settings_from_config_json

_ROOT = Path(__file__).parent.parent
"""The project's folder, to which the paths in the settings are relative."""


@dataclass(frozen=True)
class StackSettings:
    """The texts of the settings by their keys; what is wrong with the others is no matter here."""

    texts: Mapping[str, str]

    def text(self, key: str) -> str:
        """The value of a setting; "" when it is not set."""
        return self.texts.get(key, "")

    @property
    def client_id(self) -> str:
        """The client id of the existing application; "" for one that this stack makes."""
        return self.text("applicationClientId")

    @property
    def consent_by_person(self) -> bool:
        """Whether a person consents, and not this code."""
        return self.text("consent") == BY_PERSON

    @property
    def rotation_period(self) -> timedelta:
        """For how long one client secret is the current one; ends the command with 1 on a wrong setting."""
        days = self.text("rotationPeriodDays") or str(defaults()["rotationPeriodDays"])
        try:
            return timedelta(days=int(days))
        except (ValueError, OverflowError):
            could_not_look(f"the setting rotationPeriodDays is no number of days: {days}")

    def asked(self) -> tuple[str, ...]:
        """The permissions that are to be consented to, by name; ends the command with 1 on wrong ones."""
        try:
            explicit = [permissions.find(name) for name in json.loads(self.text("permissions") or "[]")]
            wanted = explicit or permissions.profile(
                self.text("permissionProfile") or str(defaults()["permissionProfile"])
            )
            kept = json.loads(self.text("acceptedPermissions") or "[]")
            return tuple(one.name for one in wanted if one.name not in kept)
        except (ValueError, TypeError) as error:
            could_not_look(
                f"the settings permissions and permissionProfile are needed, and one is wrong: {error}"
            )


def whole_settings(recorded: RecordedStack, stack: str | None) -> Settings:
    """Every setting, the inventory included; ends the command with 1 when they can't be used."""
    config = ask_pulumi_json("config", "--json", "--show-secrets", stack=stack)
    try:
        return settings_from_config_json(config, project_root=_ROOT, project=recorded.project)
    except SettingsError as error:
        could_not_look(str(error))


def stack_settings(recorded: RecordedStack, stack: str | None) -> StackSettings:
    """The settings of the stack; ends the command with 1 when Pulumi can't tell them."""
    config = ask_pulumi_json("config", "--json", stack=stack)
    prefix = f"{recorded.project}:"
    return StackSettings(
        {
            key.removeprefix(prefix): str(entry.get("value") or "")
            for key, entry in config.items()
            if key.startswith(prefix)
        }
    )
