"""The members of a group: read in pages, changed one by one or all at once."""

from collections.abc import Callable, Iterable, Sequence

from exchange.admin_api import ExchangeAdmin
from exchange.directory import PROPERTIES
from exchange.records import Recipient
from wire import AlreadyExists, NotFound, in_parallel

# Up to here each change is its own small call; beyond, one call replaces the whole list.
SMALL = 20
# Update-DistributionGroupMember takes no more members, and times out with many
# (learn.microsoft.com/powershell/module/exchangepowershell/update-distributiongroupmember).
_MOST_AT_ONCE = 10_000
GROUPS = ("MailUniversalSecurityGroup", "MailUniversalDistributionGroup", "MailNonUniversalGroup")
"""The kinds of groups whose members Exchange lists."""
_AS_ADMINISTRATOR = {"BypassSecurityGroupManagerCheck": True}


def list_members(exchange: ExchangeAdmin, group: str) -> list[Recipient] | None:
    """Every direct member of the group with this object id, by address; None when there is no such group.

    A member may be a person without mailbox: its address is "" (Microsoft365DSC #6426).
    """
    try:
        records = exchange.run(
            "Get-DistributionGroupMember", select=PROPERTIES, Identity=group, ResultSize="Unlimited"
        )
    except NotFound:
        return None
    return sorted((Recipient.of(record) for record in records), key=lambda one: (one.address, one.object_id))


def by_address(found: Iterable[Recipient]) -> dict[str, Recipient]:
    """Members by address; by object id those who have none (Microsoft365DSC #6426)."""
    return {one.address or one.object_id: one for one in found}


def expanded(
    found: Iterable[Recipient], members_of: Callable[[str], Iterable[Recipient] | None]
) -> list[Recipient]:
    """These members and, for each group among them, its members: access policies honour nested groups.

    `members_of` lists a group's, as `list_members` does, by its object id. Groups whose members can't be
    listed, such as Microsoft 365 groups, stay as they are.
    """
    everyone: dict[str, Recipient] = {}
    waiting = list(found)
    while waiting:
        one = waiting.pop()
        if one.object_id not in everyone:
            everyone[one.object_id] = one
            if one.type_details in GROUPS:
                waiting += members_of(one.object_id) or []
    return list(everyone.values())


def change(
    exchange: ExchangeAdmin,
    group: str,
    *,
    present: Sequence[Recipient],
    add: Sequence[str],
    remove: Sequence[Recipient],
) -> None:
    """Add and remove members of a group whose members are `present`; `add` are addresses or object ids.

    Large changes, and what fills an empty group, replace the whole list in one call, so `present` must have
    been read just before. NotFound when nobody has an address.
    """
    final = {*(one.object_id for one in present), *add} - {one.object_id for one in remove}
    is_large = len(add) + len(remove) > SMALL or (add and not present)
    if is_large and len(final) <= _MOST_AT_ONCE:
        exchange.ensure(
            "Update-DistributionGroupMember",
            Identity=group,
            Members=sorted(final),
            Confirm=False,
            **_AS_ADMINISTRATOR,
        )
        return
    in_parallel(_adding(exchange, group), list(add))
    in_parallel(_removing(exchange, group), [one.object_id for one in remove])


def _adding(exchange: ExchangeAdmin, group: str) -> Callable[[str], None]:
    def add(member: str) -> None:
        try:
            exchange.ensure("Add-DistributionGroupMember", Identity=group, Member=member, **_AS_ADMINISTRATOR)
        except AlreadyExists:
            return

    return add


def _removing(exchange: ExchangeAdmin, group: str) -> Callable[[str], None]:
    def remove(member: str) -> None:
        try:
            exchange.ensure(
                "Remove-DistributionGroupMember",
                Identity=group,
                Member=member,
                Confirm=False,
                **_AS_ADMINISTRATOR,
            )
        except NotFound:
            return

    return remove
