"""What must hold between settings, once each is right by itself.

A rule sees the values that could be read, by field name; what couldn't be read is reported already, and a
rule that needs it says nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import permissions
from settings.application_rules import broken_application_rules
from settings.group_rules import broken_group_rules
from settings.problems import Problem
from settings.vault import broken_vault_rules

_ROOM_SOURCES = {"inventory": "inventory", "rooms": "rooms", "everyRoomMailbox": "every_room_mailbox"}
_CALENDAR = frozenset(("Calendars.Read", "Calendars.ReadWrite"))


def broken_rules(values: Mapping[str, Any], members: tuple[str, ...]) -> Iterator[Problem]:
    """Every rule that the values break; `members` are the addresses of the rooms, as far as known."""
    yield from _one_source_of_rooms(values)
    yield from _one_source_of_permissions(values)
    yield from _supported_cloud(values)
    yield from broken_group_rules(values, frozenset(members))
    yield from broken_application_rules(values)
    yield from broken_vault_rules(values)


def _one_source_of_rooms(values: Mapping[str, Any]) -> Iterator[Problem]:
    if "every_room_mailbox" not in values:
        return
    # A list of rooms that couldn't be read has been said all the same.
    said = [key for key, field in _ROOM_SOURCES.items() if values.get(field, True)]
    if not said:
        yield Problem(
            "inventory",
            None,
            "nothing says which rooms PlaceOS may reach",
            "set one of inventory (a rooms.csv), rooms (addresses) or everyRoomMailbox: true",
        )
    for key in said[1:]:
        yield Problem(
            key,
            "true" if key == "everyRoomMailbox" else "[…]",
            f"{said[0]} says already which rooms PlaceOS may reach",
            f"keep one of {', '.join(said)}: pulumi config rm {key}",
        )


def _one_source_of_permissions(values: Mapping[str, Any]) -> Iterator[Problem]:
    if "permissions" not in values or "permission_profile" not in values:
        return
    explicit = [permission.name for permission in values["permissions"]]
    if explicit and values["permission_profile"] != "room-booking":
        yield Problem(
            "permissions",
            ", ".join(explicit),
            f"the profile {values['permission_profile']} says already which permissions are granted",
            "keep one of the two: pulumi config rm permissionProfile",
        )
    if explicit and not _CALENDAR.intersection(explicit):
        wanted = ", ".join(permission.name for permission in permissions.profile("room-booking"))
        yield Problem(
            "permissions",
            ", ".join(explicit),
            "no permission among them reads calendars, so there is nothing for PlaceOS to show",
            f"add Calendars.ReadWrite; the profile room-booking holds {wanted}",
        )


def _supported_cloud(values: Mapping[str, Any]) -> Iterator[Problem]:
    cloud, allowed = values.get("cloud", "public"), values.get("allow_unsupported_cloud", True)
    if cloud != "public" and not allowed:
        yield Problem(
            "cloud",
            cloud,
            "PlaceOS's own Graph client knows only the public cloud's hosts, so it can't use this tenant",
            "write public, or allowUnsupportedCloud: true if your PlaceOS is different",
        )
