"""The settings of a stack: one frozen object, made in one place.

Plain dataclasses rather than pydantic: the rules between keys must run on whatever could be read, so that
all problems are told at once, and the program is spared 0.1 s of imports at every preview.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from inventory import Inventory
from permissions import PROFILES, Permission, profile
from settings import values as v
from settings.application_rules import NEW_APPLICATION
from settings.keys import key_of
from settings.problems import Problem, SettingsError
from settings.reading import Field, as_text, member_addresses, read_values
from settings.vault import SECRET_NAME, Vault, vault, vault_secret_name

# A secret is valid for two periods, and Microsoft's portal allows 24 months
# (devblogs.microsoft.com/microsoft365dev/client-secret-expiration-now-limited-to-a-maximum-of-two-years).
_PERIOD_BOUNDS = (
    "below 7 days a failed scheduled run leaves no time to notice; above 365 a secret, which is valid for two"
    " periods, outlives the 24 months that Microsoft's portal allows"
)
_WAIT_BOUNDS = "a run waits for at most 12 hours, as long as a new policy may take by PlaceOS's set-up page"
_REMOVAL_BOUNDS = "it is the number of rooms that may leave the group in one run"

_STAFF_REMOVAL_BOUNDS = "it is the number of people who may leave the staff group in one run"

_ADDRESSES = v.list_of(v.address, str)


def _read_by(reader: Callable[[str], Any]) -> dict[str, Any]:
    """What makes a field a setting: the reader of its value."""
    return {"read": reader}


def _required(reader: Callable[[str], Any], because: str, example: str) -> dict[str, Any]:
    """The same for a key that must be set, with what is told to who left it out."""
    return {"read": reader, "because": because, "example": example}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a stack asks for. A field is named after its key: `room_group_name` is `roomGroupName`.

    Fields without a default are required. Addresses are in lower case; lists are sorted, so that neither
    order nor case of the stack file shows.
    """

    application_name: str = field(default=NEW_APPLICATION, metadata=_read_by(v.text(256)))
    # "" is a new application.
    application_client_id: str = field(default="", metadata=_read_by(v.client_id))
    accepted_permissions: tuple[str, ...] = field(default=(), metadata=_read_by(v.list_of(v.text(200), str)))
    accepted_policies: tuple[str, ...] = field(default=(), metadata=_read_by(v.list_of(v.text(400), str)))
    application_owners: tuple[str, ...] = field(default=(), metadata=_read_by(v.list_of(v.owner, str)))
    application_administrators: tuple[str, ...] = field(
        default=(), metadata=_read_by(v.list_of(v.object_id, str))
    )
    # Always the list that is granted: the explicit one, or else the profile's.
    permissions: tuple[Permission, ...] = field(
        default=(), metadata=_read_by(v.list_of(v.permission, lambda permission: permission.name))
    )
    permission_profile: str = field(default="room-booking", metadata=_read_by(v.one_of(*PROFILES)))
    consent: str = field(default="code", metadata=_read_by(v.one_of("code", "manual")))
    inventory: Inventory | None = field(default=None, metadata=_read_by(v.path))
    rooms: tuple[str, ...] = field(default=(), metadata=_read_by(_ADDRESSES))
    every_room_mailbox: bool = field(default=False, metadata=_read_by(v.flag))
    mailbox_access: str = field(
        metadata=_required(
            v.mailbox_access,
            "you must choose how the application is kept to the rooms: nothing else closes the tenant",
            "applicationAccessPolicy",
        )
    )
    room_group_name: str = field(default="PlaceOS Room Booking", metadata=_read_by(v.text(64)))
    room_group_alias: str = field(default="placeosroombooking", metadata=_read_by(v.alias))
    room_group_address: str = field(
        metadata=_required(
            v.address, "the room group needs an address of its own", "placeosroombooking@example.com"
        )
    )
    room_group_owner: str = field(
        metadata=_required(
            v.address,
            "an Exchange administrator must own the room group, and is the only one who may mail it",
            "exchange.admin@example.com",
        )
    )
    # "" is no existing group.
    staff_group: str = field(default="", metadata=_read_by(v.address))
    staff: tuple[str, ...] = field(default=(), metadata=_read_by(_ADDRESSES))
    staff_group_name: str = field(default="PlaceOS Staff", metadata=_read_by(v.text(64)))
    staff_group_alias: str = field(default="placeosstaff", metadata=_read_by(v.alias))
    staff_group_address: str = field(default="", metadata=_read_by(v.address))
    denied_mailboxes: tuple[str, ...] = field(default=(), metadata=_read_by(_ADDRESSES))
    rotation_period_days: int = field(default=90, metadata=_read_by(v.whole_number(7, 365, _PERIOD_BOUNDS)))
    # Midnight UTC. It may lie in the future: the calendar of periods runs in both directions from it.
    rotation_anchor: datetime = field(
        metadata=_required(
            v.day, "client secrets are renewed in periods that are counted from a fixed day", "2026-01-05"
        )
    )
    # None is the real clock.
    clock: datetime | None = field(default=None, metadata=_read_by(v.instant))
    allow_removals: int = field(default=0, metadata=_read_by(v.whole_number(0, 100_000, _REMOVAL_BOUNDS)))
    allow_staff_removals: int = field(
        default=0, metadata=_read_by(v.whole_number(0, 100_000, _STAFF_REMOVAL_BOUNDS))
    )
    protect: bool = field(default=True, metadata=_read_by(v.flag))
    # None: the secret is in the state and the outputs only.
    key_vault: Vault | None = field(default=None, metadata=_read_by(vault))
    key_vault_secret_name: str = field(default=SECRET_NAME, metadata=_read_by(vault_secret_name))
    secret_outputs: bool = field(default=True, metadata=_read_by(v.flag))
    # None: PlaceOS adds no link to the events it makes.
    conference_type: str | None = field(default="teamsForBusiness", metadata=_read_by(v.conference_type))
    # "" is the domain of the room group's address.
    internal_domain: str = field(default="", metadata=_read_by(v.domain))
    enforcement_wait_minutes: int = field(default=30, metadata=_read_by(v.whole_number(0, 720, _WAIT_BOUNDS)))
    cloud: str = field(
        default="public", metadata=_read_by(v.one_of("public", "usgovernment", "dod", "china"))
    )
    allow_unsupported_cloud: bool = field(default=False, metadata=_read_by(v.flag))

    # No setting: what the stack keeps secret, by key, so that no later message shows it.
    hidden: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def parse(
        cls, mapping: Mapping[str, object], *, project_root: Path, secret_keys: Collection[str] = ()
    ) -> Self:
        """The settings in a mapping of keys without namespace; paths are relative to the project's root.

        Values are text as Pulumi keeps it, or the plain value itself. None stands for a value that is
        encrypted and wasn't decrypted. Raises SettingsError with everything that is wrong, the inventory
        included; values of `secret_keys` don't appear in it.
        """
        texts = {key: as_text(value) for key, value in mapping.items()}
        hidden = {key: texts.get(key) or "" for key in secret_keys}
        values = read_values(_fields(), texts, project_root, hidden)
        values["permissions"] = values["permissions"] or profile(values["permission_profile"])
        return cls(**values, hidden=hidden)

    def refused(self, problems: Iterable[Problem]) -> SettingsError:
        """The error that tells what the tenant has against these settings."""
        return SettingsError(problems, hidden=self.hidden)

    @property
    def member_addresses(self) -> tuple[str, ...] | None:
        """The members of the room group, sorted; None: every room mailbox that the tenant has."""
        return None if self.every_room_mailbox else member_addresses(self.inventory, self.rooms)


def keys() -> tuple[str, ...]:
    """The keys that a stack may set, in the order of the documentation."""
    return tuple(key_of(one.name) for one in _fields())


def defaults() -> dict[str, object]:
    """The default of each key that isn't required, as Pulumi.yaml writes it."""
    return {
        key_of(one.name): _as_declared(one.default)
        for one in _fields()
        if one.default is not dataclasses.MISSING
    }


def examples() -> dict[str, str]:
    """A value of each required key, as it is told to who left it out."""
    return {
        key_of(one.name): str(one.metadata["example"])
        for one in _fields()
        if one.default is dataclasses.MISSING
    }


def _fields() -> tuple[Field, ...]:
    return tuple(one for one in dataclasses.fields(Settings) if "read" in one.metadata)


def _as_declared(default: object) -> object:
    """A default in YAML's terms; what may be left out has the empty text."""
    if default is None:
        return ""
    return list(default) if isinstance(default, tuple) else default
