"""Who has the addresses and aliases that a stack names, in as few calls as possible."""

from collections.abc import Collection, Iterable, Sequence

from exchange import directory
from exchange.admin_api import ExchangeAdmin
from exchange.records import Recipient
from exchange.rooms import list_rooms
from wire import in_parallel

# From here on, listing every room of the tenant, a thousand a page, is fewer calls than asking by name.
_MANY_ROOMS = 50
_A_FILTER = 50
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
    others = [
        *(_address_is(address) for address in sorted(set(addresses))),
        *(f"Alias -eq '{_quoted(alias)}'" for alias in sorted(set(aliases))),
        *(f"Name -eq '{_quoted(name)}'" for name in sorted(set(names))),
    ]
    found = list_rooms(exchange) if len(rooms) > _MANY_ROOMS else []
    known = {address for one in found for address in one.addresses}
    rest = [_address_is(address) for address in sorted(set(rooms) - known)]
    for more in in_parallel(lambda batch: _ask(exchange, batch), [*_batches(others), *_batches(rest)]):
        found += more
    return Occupancy(found)


def _batches(conditions: Sequence[str]) -> list[Sequence[str]]:
    return [conditions[start : start + _A_FILTER] for start in range(0, len(conditions), _A_FILTER)]


def _ask(exchange: ExchangeAdmin, conditions: Sequence[str]) -> list[Recipient]:
    condition = " -or ".join(conditions)
    records = exchange.run("Get-Recipient", select=_PROPERTIES, Filter=condition, ResultSize="Unlimited")
    return [Recipient.of(record) for record in records]


def _address_is(address: str) -> str:
    return f"EmailAddresses -eq 'smtp:{_quoted(address)}'"


def _quoted(text: str) -> str:
    return text.replace("'", "''")  # Microsoft365DSC #3044: apostrophes in names
