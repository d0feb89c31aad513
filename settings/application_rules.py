"""What must hold between the settings of a new application and those of an existing one."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.keys import key_of
from settings.problems import Problem

NEW_APPLICATION = "PlaceOS Bookings Visualiser"
"""The default name; whoever takes an existing application need not take it away."""
_ONLY_NEW = ("application_name", "application_owners", "application_administrators")
_ONLY_EXISTING = ("accepted_permissions", "accepted_policies")


def broken_application_rules(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Every rule about the application that the values break."""
    if "application_client_id" not in values:
        return
    existing = values["application_client_id"]
    for field in _ONLY_EXISTING if not existing else ():
        if values.get(field):
            yield Problem(
                key_of(field),
                "[…]",
                "it is about an existing application, and this stack makes a new one",
                f"set applicationClientId, or: pulumi config rm {key_of(field)}",
            )
    for field in _ONLY_NEW if existing else ():
        if values.get(field) not in (None, (), NEW_APPLICATION):
            yield Problem(
                key_of(field),
                "[…]",
                f"the existing application {existing} is left as it is",
                f"pulumi config rm {key_of(field)}; or rm applicationClientId to make a new application",
            )
