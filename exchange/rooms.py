"""The room mailboxes of the tenant."""

from collections.abc import Sequence

from exchange import directory
from exchange.admin_api import ExchangeAdmin
from exchange.records import ROOM_TYPES, Recipient
from wire import Invalid, NotFound

# From here on, listing every room of the tenant, a thousand a page, is fewer calls than asking by name.
MANY = 50
_NAMED = 10


def list_rooms(exchange: ExchangeAdmin) -> list[Recipient]:
    """Every room and equipment mailbox, by address."""
    records = exchange.run(
        "Get-Recipient",
        select=directory.PROPERTIES,
        RecipientTypeDetails=list(ROOM_TYPES),
        ResultSize="Unlimited",
    )
    return sorted((Recipient.of(record) for record in records), key=lambda room: room.address)


def resolve(exchange: ExchangeAdmin, addresses: Sequence[str]) -> list[Recipient]:
    """The recipients that have these primary addresses, in this order.

    NotFound naming every address that nobody has; Invalid naming those that are somebody's secondary address:
    members are compared by primary address, so such a room would be added and removed in turn.
    """
    if not addresses:
        return []
    wanted = [address.lower() for address in addresses]
    found = {room.address: room for room in list_rooms(exchange)} if len(wanted) > MANY else {}
    found |= directory.find(exchange, (address for address in wanted if address not in found))
    operation = "looking up rooms"
    if missing := [address for address in wanted if address not in found]:
        raise NotFound(
            "Exchange",
            operation,
            f"{len(missing)} of {len(wanted)} addresses belong to nobody: {_named(missing)}",
            advice="Correct the inventory, or create the room mailboxes first.",
        )
    renamed = [
        f"{address} is {found[address].address}" for address in wanted if found[address].address != address
    ]
    if renamed:
        raise Invalid(
            "Exchange",
            operation,
            f"the inventory has secondary addresses: {_named(renamed)}",
            advice="Write the primary addresses into the inventory.",
        )
    return [found[address] for address in wanted]


def _named(items: Sequence[str]) -> str:
    more = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
    return ", ".join(items[:_NAMED]) + more
