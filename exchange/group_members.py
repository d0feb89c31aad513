"""The room group's members as one resource: authoritative, in any order, with a brake on removals."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from exchange import members, rooms
from exchange.admin_api import current_exchange
from exchange.provider import Properties, Stopped, TenantProvider, is_known
from exchange.records import Recipient


class GroupMembersProvider(TenantProvider):
    """Keeps the group's members equal to the inventory."""

    def problems(self, olds: Properties, news: Properties) -> list[str]:
        """Apply the brake to what this code took out since the last run."""
        if not is_known(news, "members", "allowRemovals") or not olds:
            return []
        return _brake(olds["members"], news["members"], news["allowRemovals"])

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> Any:
        """Compare addresses; a room's new name changes nothing in Exchange."""
        result = super().diff(_id, _olds, _news)
        result.changes = (
            not is_known(_news, "groupObjectId", "members")
            or _olds.get("groupObjectId") != _news["groupObjectId"]
            or set(_olds.get("members", {})) != set(_news["members"])
        )
        return result

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Fill the group; one that was adopted may lose members, within the brake."""
        return props["groupObjectId"], self._synchronise(props, approved=False)

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Read every member; a page that fails is an error, never a short list."""
        found = members.list_members(current_exchange(), props["groupObjectId"])
        if found is None:
            return None
        known = props["members"]
        there = members.by_address(found)
        return {**props, "members": {key: known.get(key, one.name) for key, one in there.items()}}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Add and remove what differs in the tenant now, whoever changed it."""
        return self._synchronise(news, approved=True)

    def deletes(self, id_: str, props: Properties) -> None:
        """Keep the members: the group outlives the stack until `roomctl finish-destroy`."""

    def _synchronise(self, props: Properties, *, approved: bool) -> Properties:
        """`approved`: the brake of `check` has let pass what this code takes out."""
        exchange = current_exchange()
        wanted: Mapping[str, str] = props["members"]
        present = members.list_members(exchange, props["groupObjectId"])
        if present is None:
            raise Stopped(
                f"the room group {props['groupObjectId']} is gone from Exchange, so it has no members to "
                "change. Run pulumi up --refresh: the group is made anew first."
            )
        there = members.by_address(present)
        # Who is no room was put there by hand and goes whatever their number: no panel gets dark for it.
        names = {address: one.name for address, one in there.items() if one.is_room}
        if stopped := _brake(names, wanted, props["allowRemovals"], approved=approved):
            raise Stopped(stopped[0])
        added = rooms.resolve(exchange, sorted(set(wanted) - set(there)))
        _refuse_people([*added, *(one for address, one in there.items() if address in wanted)])
        removed = [there[address] for address in sorted(set(there) - set(wanted))]
        members.change(exchange, props["groupObjectId"], present=present, add=added, remove=removed)
        return dict(props)


class GroupMembers(Resource, module="exchange", name="GroupMembers"):
    """Members of a mail-enabled security group; the proof that follows reads them back."""

    def __init__(
        self,
        resource_name: str,
        *,
        group_object_id: pulumi.Input[str],
        members: Mapping[str, str],
        allow_removals: int,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            GroupMembersProvider(),
            resource_name,
            {
                "groupObjectId": group_object_id,
                "members": {address.lower(): name for address, name in sorted(members.items())},
                "allowRemovals": allow_removals,
            },
            opts,
        )


def _refuse_people(wanted: Sequence[Recipient]) -> None:
    people = [f"{one.address} ({one.type_details})" for one in wanted if not one.is_room]
    if people:
        raise Stopped(
            f"the inventory has what is no room, workspace or equipment mailbox: {_few(people)}. "
            "Nothing was changed. Whoever is in the group can be read and booked: correct the inventory."
        )


def _brake(
    before: Mapping[str, str], after: Mapping[str, str], allowed: int, *, approved: bool = False
) -> list[str]:
    """At most one sentence: removing many rooms at once is more often half a spreadsheet than a decision.

    What was `approved` by number may differ by a few from what the tenant has to lose, since somebody may
    have added or removed members by hand: two exact counts would each refuse the other's number.
    """
    removed = sorted(set(before) - set(after))
    few = max(5, len(before) * 5 // 100)
    if len(removed) <= few or abs(len(removed) - allowed) <= (few if approved and allowed else 0):
        return []
    named = _few([f"{before[address] or address} <{address}>" for address in removed])
    return [
        (
            f"{len(removed)} of {len(before)} rooms would leave the group: {named}. "
            f"Nothing was changed. If meant: pulumi config set allowRemovals {len(removed)}"
        )
    ]


def _few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:10]) + (f" and {len(texts) - 10} more" if len(texts) > 10 else "")
