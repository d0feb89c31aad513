"""What the code says of a stack: its settings, with the ids that the engine has recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

from drift.code import Code, CodeGroup, Source
from exchange import rooms
from exchange.admin_api import ExchangeAdmin
from exchange.mailbox_kinds import KINDS, ROOMS, MailboxKind
from review.types import CLIENT_SECRET, VAULT_SECRET
from roomctl import entra_resources as entra
from roomctl.current_secret import SLOTS
from roomctl.leftovers import recorded_keys
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack
from settings import Settings

_PROOF = "placeos-scope-configured-access"
_IDENTITY = "placeos-identity"
_IN_VAULT = "placeos-key-vault-value"
_STAFF_GROUP = "placeos-staff-group"
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
        owners=_owners(recorded, settings),
        administrators=frozenset(settings.application_administrators),
        secrets=frozenset(recorded_keys(recorded)),
        groups=tuple(_group(recorded, settings, one, lists) for one in proof["groups"]),
        unrecorded={name: kind for name, kind in _asked_for(settings) if name not in recorded.outputs},
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
    """As the settings say it: what is recorded of it may be what somebody made of it.

    Only a staff group that the settings name no more is called as it is recorded.
    """
    kind = KINDS[group["mailboxes"]]
    object_id, members = str(group["objectId"]).lower(), lists[kind.name]
    if members is None:
        return CodeGroup(object_id, settings.staff_group, kind, None)
    name, alias, address = _called(settings, kind)
    address = address or str(recorded.outputs.get(_STAFF_GROUP, {}).get("address") or object_id)
    source = _source(settings) if kind is ROOMS else Source.STAFF
    return CodeGroup(object_id, address, kind, members, settings.room_group_owner, name, alias, source)


def _source(settings: Settings) -> Source:
    """Where the settings name the rooms."""
    if settings.every_room_mailbox:
        return Source.EVERY_ROOM_MAILBOX
    return Source.INVENTORY if settings.inventory else Source.ROOMS


def _called(settings: Settings, kind: MailboxKind) -> tuple[str, str, str]:
    """Name, alias and address of the stack's own group of these mailboxes, if the settings ask for one."""
    if kind is ROOMS:
        return settings.room_group_name, settings.room_group_alias, settings.room_group_address
    if not settings.staff_group_address:
        return "", "", ""
    return settings.staff_group_name, settings.staff_group_alias, settings.staff_group_address


def _asked_for(settings: Settings) -> Iterator[tuple[str, str]]:
    """The resources that a look at the tenant alone would not miss once a refresh dropped them."""
    yield from ((slot, CLIENT_SECRET) for slot in SLOTS)
    if settings.key_vault is not None:
        yield _IN_VAULT, VAULT_SECRET


def _rooms(settings: Settings, exchange: ExchangeAdmin) -> Mapping[str, str]:
    addresses = settings.member_addresses
    if addresses is None:
        return {one.address: one.name for one in rooms.list_rooms(exchange) if ROOMS.has(one)}
    return dict.fromkeys(addresses, "")


def _staff(settings: Settings) -> Mapping[str, str] | None:
    return None if settings.staff_group else dict.fromkeys(settings.staff, "")


def _owners(recorded: RecordedStack, settings: Settings) -> frozenset[str]:
    """Those of the settings, and those that the last run declared: who signed in to it is one of them.

    The last run also looked up those that the settings name by address. The owners in the state of the
    application and its principal are the tenant's of the last refresh; a stack that an older version made has
    no others.
    """
    places = [(_IDENTITY,), (entra.APPLICATION.name, entra.PRINCIPAL.name)]
    declared = (
        {str(one).lower() for name in names for one in recorded.outputs.get(name, {}).get("owners") or ()}
        for names in places
    )
    named = {one.lower() for one in settings.application_owners if "@" not in one}
    return frozenset(named | next(filter(None, declared), set()))
