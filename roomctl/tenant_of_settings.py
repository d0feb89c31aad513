"""A tenant that has what settings take for granted, as a file of the emulator: nothing of it is real.

Whatever `prerequisites` looks up is there, so that who has no rights can preview a stack and bring it up.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import permissions
from inventory import RoomType, Status
from rights import DEPLOY, On, names, useful
from roomctl.outcome import could_not_look
from roomctl.private_file import new_private_file
from settings import Settings, SettingsError, keys

_DEPLOYER = "Deployer"
_OUTSIDERS = 12
_STAFF = _ROOMS = 3
_KINDS = {RoomType.EQUIPMENT: "equipment", RoomType.WORKSPACE: "workspace"}
_RIGHTS = useful(DEPLOY, "applicationOwners", "applicationClientId", "everyRoomMailbox", "keyVault")


@dataclass(frozen=True)
class StandInTenant:
    """The description for `--tenant`, and sentences on what is not as in the real one."""

    document: Mapping[str, Any]
    remarks: tuple[str, ...]
    begins: datetime

    def write(self, path: Path) -> Path:
        """Make the tenant file, where nothing is yet; nobody else may read it."""
        with new_private_file(path) as file:
            json.dump(self.document, file, indent=1)  # JSON is YAML
        return path


def settings_of(values: Mapping[str, object], project: Path, ref: str = "") -> Settings:
    """The settings in values by key; ends the command with 1 when they are wrong.

    `project` is the folder that paths are relative to. `ref`: the git ref that they are of, which may know
    keys that this code does not; "" is this checkout.
    """
    known = {key: value for key, value in values.items() if not ref or key in keys()}
    try:
        return Settings.parse(known, project_root=project)
    except SettingsError as error:
        could_not_look(f"The settings of {ref} are not understood: {error}" if ref else str(error))


def tenant_of_settings(*several: Settings) -> StandInTenant:
    """What all of these settings together take for granted; the first of them say when the tenant begins.

    It begins with a period of client secrets, so that what is said of dates is the same on every day.
    """
    own = {
        address for one in several for address in (one.room_group_address, one.staff_group_address) if address
    }
    aliases = {alias.lower() for one in several for alias in (one.room_group_alias, one.staff_group_alias)}
    people = _People(several[0].room_group_address.rpartition("@")[2], taken=own | aliases)
    for one in several:
        _named(people, one)
    outsiders = people.new("outsider", _OUTSIDERS)
    _unnamed(people, several)
    groups = _existing_groups(people, several)
    apps = _existing_applications(several)
    begins = several[0].rotation_anchor + timedelta(hours=12)
    document = {
        "name": "Stand-in",
        "domain": people.domain,
        "domains": sorted({address.rpartition("@")[2] for address in own}),
        "start": begins.isoformat(),
        "policy_delay_minutes": 0,
        "deployer": _DEPLOYER,
        "apps": [_deployer(), *apps],
        # Exchange lists the first it has, and among them the proof looks for people outside.
        "mailboxes": [*outsiders, *(one for one in people.all() if one not in outsiders)],
        "groups": groups,
        "key_vaults": _vaults(several),
    }
    return StandInTenant(document, tuple(_remarks(several, apps)), begins)


class _People:
    """Mailboxes by address: one that is named twice is there once, as it was named first."""

    def __init__(self, domain: str, taken: Iterable[str]) -> None:
        """`taken`: addresses and aliases of groups that are yet to be made."""
        self.domain = domain
        self._taken = set(taken)
        self._by_address: dict[str, dict[str, Any]] = {}

    def all(self) -> list[dict[str, Any]]:
        """Every mailbox, in the order of their names."""
        return list(self._by_address.values())

    def add(self, address: str, kind: str, name: str = "") -> dict[str, Any]:
        """The mailbox of the address, made if it is new."""
        if address not in self._by_address:
            local = address.partition("@")[0]
            alias = next(one for one in _numbered(local) if one not in self._taken)
            self._taken |= {alias, address}
            made = {"address": address, "name": name or local, "type": kind, "alias": alias}
            self._by_address[address] = made
        return self._by_address[address]

    def new(self, what: str, number: int, kind: str = "person") -> list[dict[str, Any]]:
        """So many mailboxes that nobody named."""
        free = (
            address
            for count in itertools.count(1)
            if (address := f"{what}.{count}@{self.domain}") not in self._taken
        )
        return [self.add(address, kind) for address in itertools.islice(free, number)]


def _numbered(name: str) -> Iterator[str]:
    """An alias, and others like it for when it is taken."""
    yield name
    yield from (f"{name}.{count}" for count in itertools.count(2))


def _named(people: _People, settings: Settings) -> None:
    """Everybody whose address the settings say."""
    for room in settings.inventory.rooms if settings.inventory else ():
        if room.status is Status.ACTIVE:
            people.add(room.email, _KINDS.get(room.type, "room"), room.name)
    for address in settings.rooms:
        people.add(address, "room")
    for address in (*settings.staff, *settings.denied_mailboxes):
        people.add(address, "person")
    for owner in settings.application_owners:
        if "@" in owner:
            people.add(owner, "person")
    people.add(settings.room_group_owner, "person")


def _unnamed(people: _People, several: Sequence[Settings]) -> None:
    """Everybody else whom they take for granted, and who of those named administers Exchange."""
    for owner in dict.fromkeys(owner for one in several for owner in one.application_owners):
        if "@" not in owner:
            people.new("owner", 1)[0]["id"] = owner
    if any(one.every_room_mailbox for one in several):
        people.new("room", _ROOMS, "room")
    denied = {address for one in several for address in one.denied_mailboxes}
    for address in {one.room_group_owner for one in several} - denied:
        people.add(address, "person")["roles"] = ["Exchange Administrator"]


def _existing_groups(people: _People, several: Sequence[Settings]) -> list[dict[str, Any]]:
    addresses = dict.fromkeys(one.staff_group for one in several if one.staff_group)
    return [
        {
            "name": f"Staff at {address}",
            "alias": f"existing-staff-group-{count}",
            "type": "mail_security",
            "address": address,
            "members": [one["address"] for one in people.new("staff", _STAFF)],
        }
        for count, address in enumerate(addresses, 1)
    ]


def _deployer() -> dict[str, Any]:
    return {
        "name": _DEPLOYER,
        "secret": True,
        "token_lifetime_minutes": 1440,  # it outlives every wait, which moves the emulated clock
        "permissions": {on.value: names(_RIGHTS, on) for on in (On.GRAPH, On.EXCHANGE_ONLINE)},
        "exchange_roles": names(_RIGHTS, On.EXCHANGE_ROLE),
    }


def _existing_applications(several: Sequence[Settings]) -> list[dict[str, Any]]:
    client_ids = dict.fromkeys(one.application_client_id for one in several if one.application_client_id)
    return [
        {
            "name": f"Existing application {client_id}",
            "client_id": client_id,
            "owners": [_DEPLOYER],
            "permissions": {On.GRAPH.value: _consented(client_id, several)},
        }
        for client_id in client_ids
    ]


def _consented(client_id: str, several: Sequence[Settings]) -> list[str]:
    """What it holds already: what all who take it accept, or the others would refuse it."""
    accepted = [set(one.accepted_permissions) for one in several if one.application_client_id == client_id]
    return sorted(set.intersection(*accepted) & set(permissions.names()))


def _vaults(several: Sequence[Settings]) -> list[dict[str, Any]]:
    actions = [*names(_RIGHTS, On.VAULT_ACTION), *names(_RIGHTS, On.VAULT_DATA_ACTION)]
    vaults = {one.key_vault.name.lower(): one.key_vault for one in reversed(several) if one.key_vault}
    return [
        {
            "name": vault.name,
            "resource_group": vault.resource_group,
            "subscription": vault.subscription_id,
            "grants": {_DEPLOYER: actions},
        }
        for vault in vaults.values()
    ]


def _remarks(several: Sequence[Settings], apps: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    if any(one.every_room_mailbox for one in several):
        yield f"everyRoomMailbox: {_ROOMS} rooms stand in for those of the tenant, whose number is not known"
    for group in sorted({one.staff_group for one in several if one.staff_group}):
        yield f"staffGroup: {_STAFF} people stand in for those in {group}"
    held = {name for app in apps for name in app["permissions"][On.GRAPH.value]}
    accepted = {name for one in several for name in one.accepted_permissions}
    if left := sorted(accepted - held):
        yield f"acceptedPermissions: the stand-in application does not hold {', '.join(left)}"
