"""Who is who in Exchange: recipients by address, id or name, many in one call."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from exchange.admin_api import ExchangeAdmin, Record
from exchange.records import Recipient
from wire import in_parallel

# What Recipient is made of; a page of a thousand whole recipients is several megabytes.
PROPERTIES = (
    "ExternalDirectoryObjectId",
    "Guid",
    "Name",
    "DisplayName",
    "PrimarySmtpAddress",
    "EmailAddresses",
    "RecipientType",
    "RecipientTypeDetails",
    "IsDirSynced",
)
_A_FILTER = 50  # conditions joined in one filter; Exchange documents no limit, and refuses very long ones


def find(exchange: ExchangeAdmin, identities: Iterable[str]) -> dict[str, Recipient]:
    """The recipients that these addresses, ids or names mean, by the identity in lower case.

    An address matches a recipient by its secondary addresses too. What does not exist is left out.
    """
    return {identity: found[-1] for identity, found in find_all(exchange, identities).items()}


def find_all(exchange: ExchangeAdmin, identities: Iterable[str]) -> dict[str, list[Recipient]]:
    """The same where one name may mean several."""
    asked = sorted({identity.lower() for identity in identities})
    by_identity: dict[str, list[Recipient]] = {}
    for record in filtered(exchange, [_condition(identity) for identity in asked]):
        for known in set(_known_as(record)):
            by_identity.setdefault(known, []).append(Recipient.of(record))
    return {identity: by_identity[identity] for identity in asked if identity in by_identity}


def filtered(
    exchange: ExchangeAdmin, conditions: Sequence[str], select: Sequence[str] = PROPERTIES
) -> list[Record]:
    """The recipients that meet any of these conditions, asked for many in one call."""
    batches = [conditions[start : start + _A_FILTER] for start in range(0, len(conditions), _A_FILTER)]

    def ask(batch: Sequence[str]) -> list[Record]:
        return exchange.run(
            "Get-Recipient", select=select, Filter=" -or ".join(batch), ResultSize="Unlimited"
        )

    return [record for records in in_parallel(ask, batches) for record in records]


def has_address(address: str) -> str:
    """The condition of having this address, be it a secondary one."""
    return f"EmailAddresses -eq 'smtp:{_escaped(address)}'"


def equals(name: str, value: str) -> str:
    """The condition of a property having this value."""
    return f"{name} -eq '{_escaped(value)}'"


def user_mailboxes(exchange: ExchangeAdmin, *, at_most: int) -> list[Recipient]:
    """People's mailboxes, by address; the first `at_most` that Exchange names."""
    records = exchange.run("Get-Mailbox", RecipientTypeDetails=["UserMailbox"], ResultSize=at_most)
    return sorted((Recipient.of(record) for record in records), key=lambda one: one.address)


def _condition(identity: str) -> str:
    if "@" in identity:
        return has_address(identity)
    if _is_guid(identity):
        return f"{equals('ExternalDirectoryObjectId', identity)} -or {equals('Guid', identity)}"
    return equals("Name", identity)


def _escaped(value: str) -> str:
    return value.replace("'", "''")  # Microsoft365DSC #3044: apostrophes in names


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _known_as(record: Record) -> list[str]:
    proxies: Any = record.get("EmailAddresses") or ()
    names = [record.get(key) for key in ("ExternalDirectoryObjectId", "Guid", "Name", "PrimarySmtpAddress")]
    names += [str(proxy).partition(":")[2] for proxy in proxies if str(proxy).lower().startswith("smtp:")]
    return [str(name).lower() for name in names if name]
