"""Who has the addresses and aliases that a stack names, in as few calls as possible."""

from collections.abc import Collection, Iterable

from exchange import directory
from exchange.admin_api import ExchangeAdmin
from exchange.records import Recipient
from exchange.rooms import MANY, list_rooms

_PROPERTIES = (*directory.PROPERTIES, "Alias")


class Occupancy:
    """What Exchange answered: recipients by address, secondary ones included, by alias and by name."""

    def __init__(self, found: Iterable[Recipient]) -> None:
        everyone = list(found)
        self._by_address = {address: one for one in everyone for address in one.addresses}
        self._by_alias = {one.alias.lower(): one for one in everyone}
        self._by_name = {one.common_name.lower(): one for one in everyone}

    def of_address(self, address: str) -> Recipient | None:
        """Whose primary or secondary address it is."""
        return self._by_address.get(address.lower())

    def of_alias(self, alias: str) -> Recipient | None:
        """Whose alias it is."""
        return self._by_alias.get(alias.lower())

    def of_name(self, name: str) -> Recipient | None:
        """Who goes by it in Exchange, where display names may differ."""
        return self._by_name.get(name.lower())


def occupancy(
    exchange: ExchangeAdmin,
    *,
    rooms: Collection[str],
    addresses: Collection[str],
    aliases: Collection[str],
    names: Collection[str],
) -> Occupancy:
    """Look up all of these; `rooms` are addresses too, most of them of room mailboxes."""
    conditions = [
        *(directory.has_address(address) for address in sorted(set(addresses))),
        *(directory.equals("Alias", alias) for alias in sorted(set(aliases))),
        *(directory.equals("Name", name) for name in sorted(set(names))),
    ]
    found = list_rooms(exchange) if len(rooms) > MANY else []
    known = {address for one in found for address in one.addresses}
    rest = [directory.has_address(address) for address in sorted(set(rooms) - known)]
    for asked in (conditions, rest):
        found += map(Recipient.of, directory.filtered(exchange, asked, _PROPERTIES))
    return Occupancy(found)
