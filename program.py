"""How the program's settings become the component's arguments, and the component's outputs a document."""

import hashlib
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azuread as azuread

from clock import clock_from_environment
from clouds import require_cloud
from components import RoomCalendarAccess, RoomCalendarAccessArgs
from components.secret_slots import Recorded, Secret, SecretSlots, plan_slots
from https_json import EndpointError
from moments import moment
from placeos.calendar_config import calendar_config_document
from recorded_state import recorded_outputs
from settings import Settings, SettingsError, settings_from_pulumi_config

_TOLD = 32
"""The exit code of a program whose error has been shown: Pulumi then adds nothing of its own."""
_ROOT = Path(__file__).parent
NAME = "placeos"
"""The component's name, which begins the names of all resources."""


def read_settings() -> Settings:
    """The stack's settings; everything that is wrong with them ends the program in one message."""
    try:
        settings = settings_from_pulumi_config(
            json.loads(os.environ.get("PULUMI_CONFIG", "{}")),
            project_root=_ROOT,
            secret_keys=json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]")),
            project=pulumi.get_project(),
        )
        require_cloud(settings.cloud)
    except (SettingsError, EndpointError) as error:
        pulumi.log.error(str(error))
        sys.exit(_TOLD)
    for warning in settings.inventory.warnings if settings.inventory else ():
        pulumi.log.warn(warning)
    return settings


def secret_slots(settings: Settings) -> SecretSlots:
    """The plan of this moment. The secrets that exist are in the stack's state."""
    now = settings.clock or clock_from_environment().now()
    period = timedelta(days=settings.rotation_period_days)
    return plan_slots(now, settings.rotation_anchor, period, _recorded_secrets())


def arguments(settings: Settings, slots: SecretSlots) -> RoomCalendarAccessArgs:
    """The component's arguments."""
    return {
        "application_name": settings.application_name,
        "application_owners": _owners(settings),
        "permissions": [permission.name for permission in settings.permissions],
        "group_name": settings.room_group_name,
        "group_alias": settings.room_group_alias,
        "group_address": settings.room_group_address,
        "group_owner": settings.room_group_owner,
        "rooms": _rooms(settings),
        "denied_mailboxes": settings.denied_mailboxes,
        "allow_removals": settings.allow_removals,
        "enforcement_wait_minutes": settings.enforcement_wait_minutes,
        "secret_slots": slots,
        "mark": _mark(),
        "protect": settings.protect,
    }


def tenant_id() -> str:
    """The tenant that azuread is signed in to."""
    return azuread.get_client_config().tenant_id


def calendar_config(settings: Settings, access: RoomCalendarAccess) -> pulumi.Output[dict[str, Any]]:
    """The settings of PlaceOS's calendar driver, secret as a whole."""
    parts = pulumi.Output.all(access.identity.client_id, access.secret.value)
    tenant = tenant_id()
    return pulumi.Output.secret(
        parts.apply(
            lambda known: calendar_config_document(tenant, known[0], known[1], settings.conference_type)
        )
    )


def _recorded_secrets() -> Recorded:
    found = recorded_outputs(_stack(), "azuread:index/applicationPassword:ApplicationPassword")

    def secret(slot: int) -> Secret | None:
        outputs = found.get(f"{NAME}-secret-slot-{slot}")
        if outputs is None:
            return None
        number = (outputs.get("rotateWhenChanged") or {}).get("number", "0")  # an imported one has none
        return Secret(int(number), moment(outputs["endDate"]))

    return secret(0), secret(1)


def _owners(settings: Settings) -> list[str]:
    """The owners' object ids; the deployer is always one, or it could not rotate what it only owns."""
    named = [owner for owner in settings.application_owners if "@" in owner]
    users = azuread.get_users(user_principal_names=named).object_ids if named else []
    ids = [owner for owner in settings.application_owners if "@" not in owner]
    return sorted({*ids, *users, azuread.get_client_config().object_id})


def _rooms(settings: Settings) -> dict[str, str]:
    """The rooms' addresses and names; the tenant is asked only when the settings want all of its rooms."""
    if settings.every_room_mailbox:
        # Everything of Exchange costs a preview its import, so only who asks the tenant pays.
        from exchange.admin_api import current_exchange  # noqa: PLC0415
        from exchange.rooms import list_rooms  # noqa: PLC0415

        return {room.address: room.name for room in list_rooms(current_exchange())}
    if settings.inventory:
        members = set(settings.inventory.member_addresses())
        return {room.email: room.name for room in settings.inventory.rooms if room.email in members}
    return dict.fromkeys(settings.rooms, "")


def _mark() -> str:
    """The stack's ownership mark: short, because descriptions count against the tenant's limit."""
    return f"plc:{hashlib.sha256(_stack().encode()).hexdigest()[:8]}"


def _stack() -> str:
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
