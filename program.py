"""How the program's settings become the component's arguments, and the component's outputs a document."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pulumi
import pulumi_azuread as azuread

import permissions
from clock import clock_from_environment
from clouds import require_cloud
from components import RoomCalendarAccess, RoomCalendarAccessArgs
from components.existing_application import ExistingApplicationArgs
from components.existing_staff_group import ExistingStaffGroupArgs
from components.key_vault_secret import KeyVaultArgs
from components.refusals import answered, existing
from components.secret_slots import Secret, SecretSlots, plan_slots
from components.staff_group import StaffGroupArgs
from deployer import current_deployer, require_one_identity
from exchange.admin_api import current_exchange
from exchange.personal_consent import BY_PERSON
from exchange.records import Recipient
from exchange.rooms import list_rooms
from fault import in_one_line
from graph import applications
from graph.api import current_graph
from graph.containment import containment, removed_secrets
from marks import mark_of
from moments import moment
from placeos.calendar_config import calendar_config_document
from placeos.legacy_engine import legacy_engine_environment, legacy_engine_settings
from prerequisites import Asker, NewNames, questions, secret_problems, unmet
from recorded_state import Recorded, recorded_outputs
from resource_manager.api import current_resource_manager
from rights import Role
from secret_expiry import URGENT, ends_within, was_handed_out
from settings import Problem, Settings, SettingsError, settings_from_pulumi_config
from visible import visible
from wire import NotAuthorised

_Text = TypeVar("_Text")

_TOLD = 32
"""The exit code of a program whose error has been shown: Pulumi then adds nothing of its own."""
_ROOT = Path(__file__).parent
NAME = "placeos"
"""The component's name, which begins the names of all resources."""


@contextmanager
def told() -> Iterator[None]:
    """End the program in one message when it can't go on: Pulumi would show the traceback of an exception."""
    try:
        yield
    except SettingsError as error:
        pulumi.log.error(str(error))
    except Exception as error:  # noqa: BLE001 - told, and the program ends
        # The SDK raises a plain Exception with the words of a plugin that refused.
        in_words = isinstance(error, pulumi.RunError) or type(error) is Exception
        pulumi.log.error(visible(" ".join(str(error).split())) if in_words else in_one_line(error))
        pulumi.log.debug(traceback.format_exc())
    else:
        return
    sys.exit(_TOLD)


def read_settings() -> Settings:
    """The stack's settings."""
    config = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    require_one_identity(config, os.environ)
    settings = settings_from_pulumi_config(
        config,
        project_root=_ROOT,
        secret_keys=json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]")),
        project=pulumi.get_project(),
    )
    require_cloud(settings.cloud)
    for warning in settings.inventory.warnings if settings.inventory else ():
        pulumi.log.warn(warning)
    return settings


def recorded_stack() -> Recorded:
    """What the engine has recorded of this stack's resources, by their names."""
    return recorded_outputs(_stack())


def still_there(recorded: Recorded) -> Recorded:
    """What is recorded, without the secrets that `roomctl contain` removed.

    Ends the program in one message while the recorded application is contained; nothing is made then.
    azuread is asked, which is signed in anyway: a run without changes has no other reason to sign in. A
    stack without a recorded application asks nothing.
    """
    object_id = recorded.get(f"{NAME}-identity-application", {}).get("objectId") or recorded.get(
        f"{NAME}-scope-configured-access", {}
    ).get("applicationObjectId")
    if not object_id:
        return recorded
    found = existing(lambda: azuread.get_application(object_id=object_id), right="Application.Read.All")
    notes = found.notes if found else ""
    if contained := containment(notes):
        raise pulumi.RunError(
            f"contained since {contained.since} by {contained.by}; run roomctl resume --stack "
            f"{pulumi.get_stack()} once the leak is closed. Nothing was made or changed."
        )
    removed = removed_secrets(notes)
    return {name: outputs for name, outputs in recorded.items() if outputs.get("keyId") not in removed}


def check_tenant(settings: Settings, recorded: Recorded) -> None:
    """Look up what is new in the settings; what the tenant lacks ends the program in one message.

    Nothing has been made then, not even with `--skip-preview`.
    """
    new = NewNames.of(settings, recorded, NAME)
    if not new:
        return
    deployer = current_deployer()
    # Who may only look, previews; a run that makes something asks for itself.
    role = Role.READ if pulumi.runtime.is_dry_run() else Role.APPLY
    asker = Asker(mark_of(_stack()), deployer.client_id, deployer.tenant_id, role)
    asked = questions(
        settings, new, asker, current_exchange(), current_graph(), azure=current_resource_manager
    )
    try:
        problems = unmet(asked)
    except NotAuthorised as error:
        if new.first_run:
            raise
        raise pulumi.RunError(
            f"{error} It was asked because the settings name something new. Who rotates need not look it up: "
            "let the deployer apply the settings first. Nothing was made or changed."
        ) from None
    if problems:
        raise settings.refused(problems)


def secret_slots(settings: Settings, recorded: Recorded) -> SecretSlots:
    """The plan of this moment; it starts from the secrets that exist."""
    now, period = _now(settings), timedelta(days=settings.rotation_period_days)
    secrets = (_secret(recorded, 0), _secret(recorded, 1))
    return plan_slots(now, settings.rotation_anchor, period, secrets, _proven(recorded))


def warn_of_ends(settings: Settings, recorded: Recorded, slots: SecretSlots) -> None:
    """Say when the secret before the current one ends: whoever was not given the current one stops then."""
    before = slots.secrets[1 - slots.current]
    made_by_this_run = before not in (_secret(recorded, 0), _secret(recorded, 1))
    if made_by_this_run or not was_handed_out(before.number):
        return
    period = timedelta(days=settings.rotation_period_days)
    days = ends_within(before.end, _now(settings), period)
    if days is None:
        return
    tell = pulumi.log.warn if days <= URGENT else pulumi.log.info
    tell(
        f"The client secret before the current one ends on {before.end:%Y-%m-%d}, in less than {days} days. "
        f"If PlaceOS was not given the current one, do it now: roomctl handover --stack {pulumi.get_stack()}"
    )


def warn_of_consents(settings: Settings, recorded: Recorded) -> None:
    """Say what becomes of the consents of before, once a person is to consent: they are this stack's own."""
    given = _consented_by_code(recorded)
    if settings.consent == BY_PERSON and given:
        pulumi.log.warn(
            f"This stack consented to {', '.join(given)} by code, and consent: manual takes that away at the "
            "end of this run; tokens that were issued work for about an hour more. Have a person consent "
            f"then, for whom the next run waits: roomctl consent --stack {pulumi.get_stack()}"
        )


def check_secrets(settings: Settings, recorded: Recorded, slots: SecretSlots) -> None:
    """When this run makes a secret: a tenant that does not let it live ends the program in one message."""
    if slots.secrets == (_secret(recorded, 0), _secret(recorded, 1)):
        return
    graph, now = current_graph(), _now(settings)
    try:
        problems = list(secret_problems(settings, _application_object_id(settings, recorded), now, graph))
    except NotAuthorised:
        pulumi.log.info(
            "Not looked at: whether the tenant limits client secrets, for the deployer has no "
            "Policy.Read.All. Where it does, Entra refuses one that would live too long."
        )
        return
    if problems:
        raise settings.refused(problems)


def arguments(settings: Settings, recorded: Recorded, slots: SecretSlots) -> RoomCalendarAccessArgs:
    """The component's arguments."""
    return {
        "application_name": settings.application_name,
        "application_owners": _owners(settings, recorded),
        "permissions": [permission.name for permission in settings.permissions],
        "consent": settings.consent,
        "consented_by_code": _consented_by_code(recorded),
        "group_name": settings.room_group_name,
        "group_alias": settings.room_group_alias,
        "group_address": settings.room_group_address,
        "group_owner": settings.room_group_owner,
        "rooms": _rooms(settings),
        "staff": _staff(settings),
        "existing_application": _existing_application(settings),
        "denied_mailboxes": settings.denied_mailboxes,
        "allow_removals": settings.allow_removals,
        "enforcement_wait_minutes": settings.enforcement_wait_minutes,
        "secret_slots": slots,
        "key_vault": _key_vault(settings),
        "mark": mark_of(_stack()),
        "protect": settings.protect,
    }


def tenant_id() -> str:
    """The tenant that azuread is signed in to."""
    return answered(azuread.get_client_config).tenant_id


def calendar_config(settings: Settings, access: RoomCalendarAccess) -> pulumi.Output[dict[str, Any]]:
    """The settings of PlaceOS's calendar driver, secret as a whole."""
    return _document(
        access,
        lambda tenant, client, secret: calendar_config_document(
            tenant, client, secret, settings.conference_type
        ),
    )


def legacy_settings(access: RoomCalendarAccess) -> pulumi.Output[str]:
    """The settings of the older Engine's driver, secret as a whole."""
    return _document(access, legacy_engine_settings)


def legacy_environment(settings: Settings, access: RoomCalendarAccess) -> pulumi.Output[str]:
    """The environment of the older Engine's container, secret as a whole."""
    domain = settings.internal_domain or settings.room_group_address.partition("@")[2]
    return _document(
        access,
        lambda tenant, client, secret: legacy_engine_environment(tenant, client, secret, domain),
    )


def key_vault_secret_uri(access: RoomCalendarAccess) -> pulumi.Input[str]:
    """Where in a key vault the current secret is; "" without a vault."""
    return access.key_vault.uri if access.key_vault else ""


def _document(access: RoomCalendarAccess, compose: Callable[[str, str, str], _Text]) -> pulumi.Output[_Text]:
    """What `compose` makes of tenant id, client id and secret: composed here, so that it is all secret."""
    parts = pulumi.Output.all(access.identity.client_id, access.secret.value)
    tenant = tenant_id()
    return pulumi.Output.secret(parts.apply(lambda known: compose(tenant, known[0], known[1])))


def _now(settings: Settings) -> datetime:
    return settings.clock or clock_from_environment().now()


def _secret(recorded: Recorded, slot: int) -> Secret | None:
    outputs = recorded.get(f"{NAME}-secret-slot-{slot}")
    if outputs is None:
        return None
    number = (outputs.get("rotateWhenChanged") or {}).get("number", "0")  # an imported one has none
    return Secret(int(number), moment(outputs["endDate"]))


def _proven(recorded: Recorded) -> list[int]:
    """The numbers of the secrets that the last proof was for; none before the first."""
    plan = recorded.get(f"{NAME}-enforced-access", {}).get("secretPlan") or ()
    return [int(secret.partition(" ")[0]) for secret in plan]


def _consented_by_code(recorded: Recorded) -> list[str]:
    """The permissions whose consents are in the state, by name."""
    return [name for name in permissions.names() if f"{NAME}-consent-{name}" in recorded]


def _application_object_id(settings: Settings, recorded: Recorded) -> str | None:
    """None while there is no application yet."""
    if settings.application_client_id:
        found = applications.by_client_id(current_graph(), settings.application_client_id)
        return found.object_id if found else None
    return (recorded.get(f"{NAME}-identity-application") or {}).get("objectId")


def _existing_application(settings: Settings) -> ExistingApplicationArgs | None:
    if not settings.application_client_id:
        return None
    return {
        "client_id": settings.application_client_id,
        "accepted_permissions": list(settings.accepted_permissions),
        "accepted_policies": list(settings.accepted_policies),
    }


def _staff(settings: Settings) -> StaffGroupArgs | ExistingStaffGroupArgs | None:
    if settings.staff_group:
        return {"address": settings.staff_group}
    if not settings.staff:
        return None
    return {
        "group_name": settings.staff_group_name,
        "alias": settings.staff_group_alias,
        "address": settings.staff_group_address,
        "owner": settings.room_group_owner,
        "members": dict.fromkeys(settings.staff, ""),
        "allow_removals": settings.allow_staff_removals,
        "mark": mark_of(_stack()),
        "protect": settings.protect,
    }


def _key_vault(settings: Settings) -> KeyVaultArgs | None:
    if settings.key_vault is None:
        return None
    return {
        "subscription_id": settings.key_vault.subscription_id,
        "resource_group": settings.key_vault.resource_group,
        "vault": settings.key_vault.name,
        "secret_name": settings.key_vault_secret_name,
    }


def _owners(settings: Settings, recorded: Recorded) -> list[str]:
    """The owners' object ids; the deployer is always one, or it could not rotate what it only owns.

    Who runs this and is no owner, such as an identity that previews or rotates, takes nobody's place.
    """
    named = [owner for owner in settings.application_owners if "@" in owner]
    users = (
        answered(lambda: azuread.get_users(user_principal_names=named), right="User.Read.All").object_ids
        if named
        else []
    )
    ids = [owner for owner in settings.application_owners if "@" not in owner]
    own = answered(azuread.get_client_config).object_id
    # As the last run declared them: a refresh writes the tenant's into the application's state. Stacks of an
    # older version have no others.
    places = (f"{NAME}-identity", f"{NAME}-identity-application")
    owners = next(filter(None, (recorded.get(one, {}).get("owners") for one in places)), [own])
    return sorted({*ids, *users, *([own] if own in owners else owners)})


def _rooms(settings: Settings) -> dict[str, str]:
    """The rooms' addresses and names; the tenant is asked only when the settings want all of its rooms."""
    if settings.every_room_mailbox:
        return {room.address: room.name for room in _every_room(settings)}
    if settings.inventory:
        members = set(settings.inventory.member_addresses())
        return {room.email: room.name for room in settings.inventory.rooms if room.email in members}
    return dict.fromkeys(settings.rooms, "")


def _every_room(settings: Settings) -> list[Recipient]:
    found = list_rooms(current_exchange())
    if not found:
        reason = "the tenant has no room or equipment mailbox, so the room group would be empty"
        raise settings.refused([Problem("everyRoomMailbox", "true", reason, "create the mailboxes first")])
    return found


def _stack() -> str:
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
