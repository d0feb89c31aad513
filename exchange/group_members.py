"""A group's members as one resource: authoritative, in any order, with a brake on removals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from exchange import members, rooms
from exchange.admin_api import SERVICE, ExchangeAdmin, current_exchange
from exchange.mailbox_kinds import KINDS, MailboxKind
from exchange.patience import looks, until_there
from exchange.provider import Properties, Stopped, TenantProvider, is_known
from exchange.records import Recipient
from wire import NotReady


class GroupMembersProvider(TenantProvider):
    """Keeps the group's members equal to the inventory, or to the list of staff."""

    def problems(self, olds: Properties, news: Properties) -> list[str]:
        """Apply the brake to what this code took out since the last run."""
        if not is_known(news, "members", "allowRemovals") or not olds:
            return []
        return _brake(KINDS[news["mailboxes"]], olds["members"], news["members"], news["allowRemovals"])

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> Any:
        """Compare addresses; another display name changes nothing in Exchange."""
        result = super().diff(_id, _olds, _news)
        result.changes = (
            not is_known(_news, "groupObjectId", "members")
            or _olds.get("groupObjectId") != _news["groupObjectId"]
            or set(_olds.get("members", {})) != set(_news["members"])
        )
        return result

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Fill the group; one that was adopted may lose members, within the brake.

        The program has just looked everybody up, and the proof that follows looks at every member before
        anything is granted: so nobody is looked up here once more. A group that was made a moment ago has
        nobody to lose, and may not be known everywhere yet.
        """
        exchange, group = current_exchange(), props["groupObjectId"]
        present = _known_at_last(exchange, group) if props["groupAdopted"] else []
        change = self._change(props, present, approved=False)
        return group, until_there(exchange.clock, lambda: change.made(add=change.added))

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Read every member; a page that fails is an error, never a short list."""
        found = members.list_members(current_exchange(), props["groupObjectId"])
        if found is None:
            return None
        known = props["members"]
        there = members.by_address(found)
        return {**props, "members": {key: known.get(key, one.name) for key, one in there.items()}}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Add and remove what differs in the tenant now, whoever changed it.

        Permissions may be consented already, so who is added is looked at first.
        """
        change = self._change(news, self._present(news), approved=True)
        found = rooms.resolve(current_exchange(), change.added)
        _refuse_others(change.kind, found)
        return change.made(add=[one.object_id for one in found])

    def deletes(self, id_: str, props: Properties) -> None:
        """Keep the members: the group outlives the stack until `roomctl finish-destroy`."""

    def _present(self, props: Properties) -> list[Recipient]:
        present = members.list_members(current_exchange(), props["groupObjectId"])
        if present is None:
            raise Stopped(
                f"the group {props['groupObjectId']} is gone from Exchange, so it has no members to "
                "change. Run pulumi up --refresh: the group is made anew first."
            )
        return present

    def _change(self, props: Properties, present: Sequence[Recipient], *, approved: bool) -> "_Change":
        """What has to happen to a group with these members; Stopped when it must not.

        `approved`: the brake of `check` has let pass what this code takes out.
        """
        wanted: Mapping[str, str] = props["members"]
        kind = KINDS[props["mailboxes"]]
        there = members.by_address(present)
        # Who is not of the kind was put there by hand and goes whatever their number: no panel gets dark.
        names = {address: one.name for address, one in there.items() if kind.has(one)}
        if stopped := _brake(kind, names, wanted, props["allowRemovals"], approved=approved):
            raise Stopped(stopped[0])
        _refuse_others(kind, [one for address, one in there.items() if address in wanted])
        return _Change(props, kind, present, added=sorted(set(wanted) - set(there)))


@dataclass(frozen=True)
class _Change:
    """A group's members as they are, and the addresses that are missing among them."""

    props: Properties
    kind: MailboxKind
    present: Sequence[Recipient]
    added: Sequence[str]

    def made(self, add: Sequence[str]) -> Properties:
        """Add these, by address or object id, and remove whom the code does not name."""
        there = members.by_address(self.present)
        removed = [there[address] for address in sorted(set(there) - set(self.props["members"]))]
        group = self.props["groupObjectId"]
        members.change(current_exchange(), group, present=self.present, add=add, remove=removed)
        return dict(self.props)


class GroupMembers(Resource, module="exchange", name="GroupMembers"):
    """Members of a mail-enabled security group; the proof that follows reads them back."""

    def __init__(  # noqa: PLR0913 - what the members are
        self,
        resource_name: str,
        *,
        group_object_id: pulumi.Input[str],
        group_adopted: pulumi.Input[bool],
        mailboxes: MailboxKind,
        members: Mapping[str, str],
        allow_removals: int,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            GroupMembersProvider(),
            resource_name,
            {
                "groupObjectId": group_object_id,
                "groupAdopted": group_adopted,
                "mailboxes": mailboxes.name,
                "members": {address.lower(): name for address, name in sorted(members.items())},
                "allowRemovals": allow_removals,
            },
            opts,
        )


def _known_at_last(exchange: ExchangeAdmin, group: str) -> list[Recipient]:
    """The members of a group that was found a moment ago, once this cmdlet's servers know it; NotReady."""
    for _ in looks(exchange.clock):
        found = members.list_members(exchange, group)
        if found is not None:
            return found
    raise NotReady(
        SERVICE,
        f"Get-DistributionGroupMember {group}",
        "Exchange does not know the group",
        advice="Run pulumi up --refresh in a few minutes: a group that is gone is made anew first.",
    )


def _refuse_others(kind: MailboxKind, wanted: Sequence[Recipient]) -> None:
    others = [f"{one.address} {kind.why_not(one)}" for one in wanted if not kind.has(one)]
    if others:
        raise Stopped(
            f"{kind.source} has what is no {kind.wanted}: {_few(others)}. "
            f"Nothing was changed. Whoever is in the group can be read and booked: correct {kind.source}."
        )


def _brake(
    kind: MailboxKind,
    before: Mapping[str, str],
    after: Mapping[str, str],
    allowed: int,
    *,
    approved: bool = False,
) -> list[str]:
    """At most one sentence: removing many at once is more often half a spreadsheet than a decision.

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
            f"{len(removed)} of {len(before)} {kind.noun} would leave the group: {named}. "
            f"Nothing was changed. If meant: pulumi config set {kind.brake} {len(removed)}"
        )
    ]


def _few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:10]) + (f" and {len(texts) - 10} more" if len(texts) > 10 else "")
