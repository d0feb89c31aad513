"""What the code says of a stack: its settings, with the ids that the engine has recorded."""

from collections.abc import Mapping
from typing import Any

from drift.code import Code, CodeGroup
from exchange import rooms
from exchange.admin_api import ExchangeAdmin
from exchange.mailbox_kinds import KINDS, ROOMS
from roomctl import entra_resources as entra
from roomctl.leftovers import recorded_keys
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack
from settings import Settings

_PROOF = "placeos-scope-configured-access"
_GROUPS = {"rooms": "placeos-rooms-group", "staff": "placeos-staff-group"}
"""The names among the stack's resources; a test finds them among what the program declares."""


def code_of_stack(recorded: RecordedStack, settings: Settings, exchange: ExchangeAdmin) -> Code:
    """What is compared with the tenant; ends the command with 1 for a stack that was never brought up.

    With everyRoomMailbox the code says: whatever room the tenant has, so Exchange is asked for them.
    """
    proof = recorded.outputs.get(_PROOF)
    if proof is None:
        could_not_look(
            f"The stack {recorded.called} has no scope in its state yet, so there is nothing to compare the "
            f"tenant with. Run: pulumi up --stack {recorded.called}"
        )
    lists = {"rooms": _rooms(settings, exchange), "staff": _staff(settings)}
    return Code(
        stack=recorded.called,
        mark=recorded.mark,
        application=str(proof["applicationObjectId"]).lower(),
        client_id=str(proof["appId"]).lower(),
        principal=str(proof["servicePrincipalObjectId"]).lower(),
        name=settings.application_name,
        existing=bool(settings.application_client_id),
        permissions=frozenset(one.name for one in settings.permissions),
        accepted_permissions=frozenset(settings.accepted_permissions),
        accepted_policies=frozenset(settings.accepted_policies),
        owners=_owners(recorded),
        secrets=frozenset(recorded_keys(recorded)),
        groups=tuple(_group(recorded, settings, one, lists) for one in proof["groups"]),
    )


def require_its_tenant(recorded: RecordedStack, tenant_id: str) -> None:
    """Ends the command with 1 for a stack that was brought up in another tenant, where nothing is asked."""
    outputs = recorded.outputs.get(f"{recorded.project}-{recorded.short_name}", {})
    own = str(outputs.get("tenantId") or tenant_id).lower()
    if own != tenant_id.lower():
        could_not_look(
            f"The stack {recorded.called} was brought up in the tenant {own}, and ARM_TENANT_ID is "
            f"{tenant_id}: nothing was asked there. Sign in to the stack's own tenant."
        )


def _group(
    recorded: RecordedStack,
    settings: Settings,
    group: Mapping[str, Any],
    lists: Mapping[str, Mapping[str, str] | None],
) -> CodeGroup:
    kind = KINDS[group["mailboxes"]]
    own = recorded.outputs.get(_GROUPS[kind.name], {})
    address = str(own.get("address") or settings.staff_group)
    members = lists[kind.name]
    owner = "" if members is None else settings.room_group_owner
    return CodeGroup(str(group["objectId"]).lower(), address, kind, members, owner)


def _rooms(settings: Settings, exchange: ExchangeAdmin) -> Mapping[str, str]:
    addresses = settings.member_addresses
    if addresses is None:
        return {one.address: one.name for one in rooms.list_rooms(exchange) if ROOMS.has(one)}
    return dict.fromkeys(addresses, "")


def _staff(settings: Settings) -> Mapping[str, str] | None:
    return None if settings.staff_group else dict.fromkeys(settings.staff, "")


def _owners(recorded: RecordedStack) -> frozenset[str]:
    """Those of the application and of its principal, as they were when Pulumi last made or changed them."""
    ids: set[str] = set()
    for place in (entra.APPLICATION, entra.PRINCIPAL):
        ids |= {str(one).lower() for one in recorded.outputs.get(place.name, {}).get("owners") or ()}
    return frozenset(ids)
