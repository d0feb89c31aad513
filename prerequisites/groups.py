"""The groups that a stack makes must find their names free; one that exists must fit an access policy."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from exchange import groups, members
from exchange.admin_api import ExchangeAdmin
from exchange.occupancy import Occupancy
from exchange.records import Recipient
from settings import Problem, Settings

_POLICY = "an access policy needs a mail-enabled security group"


@dataclass(frozen=True)
class OwnGroup:
    """A group that this stack makes; `key` begins the names of its settings; `was`: its recorded address."""

    key: str
    address: str
    alias: str
    name: str
    was: str = ""

    def is_recorded(self, outputs: Mapping[str, Any]) -> bool:
        """Whether an earlier run gave the group these very names."""
        wanted = {"address": self.address, "alias": self.alias, "name": self.name}
        return all(str(outputs.get(key)).lower() == value.lower() for key, value in wanted.items())


def own_groups(settings: Settings) -> list[OwnGroup]:
    """The room group, and the staff group when people are named by address."""
    rooms = OwnGroup(
        "roomGroup", settings.room_group_address, settings.room_group_alias, settings.room_group_name
    )
    staff = OwnGroup(
        "staffGroup", settings.staff_group_address, settings.staff_group_alias, settings.staff_group_name
    )
    return [rooms, staff] if settings.staff else [rooms]


def group_problems(group: OwnGroup, who: Occupancy, mark: str, exchange: ExchangeAdmin) -> Iterator[Problem]:
    """Whoever has the group's address, alias or name already, unless it is this stack's own group."""
    by_address, was = who.of_address(group.address), who.of_address(group.was)
    own = {one.object_id for one in (by_address, was) if one}
    if by_address and by_address != was and (reason := _taken(by_address, group, mark, exchange)):
        yield Problem(f"{group.key}Address", group.address, reason, "write an address that nobody has yet")
    alias, name = who.of_alias(group.alias), who.of_name(group.name)
    if alias and alias.object_id not in own:
        yield Problem(
            f"{group.key}Alias",
            group.alias,
            f"{alias.address or alias.name} ({alias.type_details}) has this alias already",
            "write an alias that nobody has yet",
        )
    if name and name.object_id not in own:
        yield Problem(
            f"{group.key}Name",
            group.name,
            f"{name.address or name.name} ({name.type_details}) has this name already",
            "write a name that nobody has yet",
        )


def staff_group_problems(address: str, denied: Collection[str], exchange: ExchangeAdmin) -> Iterator[Problem]:
    """An existing staff group that is none, or that holds a mailbox that must be refused."""
    found = groups.find(exchange, address)
    if found is None:
        yield Problem(
            "staffGroup", address, "no group has this address", "correct it, or create the group first"
        )
        return
    if not found.is_mail_enabled_security:
        reason = f"it is a {found.recipient_type}, and {_POLICY}"
        yield Problem("staffGroup", address, reason, "name another group, or the people themselves in staff")
        return
    direct = members.list_members(exchange, found.object_id) if denied else None
    inside = members.by_address(members.expanded(direct or (), partial(members.list_members, exchange)))
    for one in denied:
        if one in inside:
            yield Problem(
                "deniedMailboxes",
                one,
                f"it is in the staff group {address}, whose mailboxes PlaceOS may open",
                "name a mailbox that is in no group of PlaceOS, or leave deniedMailboxes out",
            )


def _taken(one: Recipient, group: OwnGroup, mark: str, exchange: ExchangeAdmin) -> str:
    """Why the recipient that has the group's address can't be this stack's group; "" when it is."""
    if one.is_synced and one.type_details.endswith("Group"):
        return "a group synchronised from on premises has it, and Exchange Online can't change that one"
    if one.type_details != "MailUniversalSecurityGroup":
        return f"{one.name} ({one.type_details}) has it already"
    found = groups.find(exchange, one.address)
    if found is None or mark not in found.notes:
        return (
            f"the group {one.name} has it already and does not carry this stack's mark {mark} in its notes; "
            f"to hand it over: Set-Group -Identity {group.address} -Notes '{mark}' "
            "-BypassSecurityGroupManagerCheck"
        )
    return ""
