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
_A_FILTER = 50  # names joined in one filter; Exchange documents no limit, and refuses very long ones


def find(exchange: ExchangeAdmin, identities: Iterable[str]) -> dict[str, Recipient]:
    """The recipients that these addresses, ids or names mean, by the identity in lower case.

    An address matches a recipient by its secondary addresses too. What does not exist is left out.
    """
    asked = sorted({identity.lower() for identity in identities})
    batches = [asked[start : start + _A_FILTER] for start in range(0, len(asked), _A_FILTER)]

    def ask(batch: Sequence[str]) -> list[Record]:
        condition = " -or ".join(_condition(identity) for identity in batch)
        return exchange.run("Get-Recipient", select=PROPERTIES, Filter=condition, ResultSize="Unlimited")

    by_identity: dict[str, Recipient] = {}
    for records in in_parallel(ask, batches):
        for record in records:
            by_identity.update(dict.fromkeys(_known_as(record), Recipient.of(record)))
    return {identity: by_identity[identity] for identity in asked if identity in by_identity}


def user_mailboxes(exchange: ExchangeAdmin, *, at_most: int) -> list[Recipient]:
    """People's mailboxes, by address; the first `at_most` that Exchange names."""
    records = exchange.run("Get-Mailbox", RecipientTypeDetails=["UserMailbox"], ResultSize=at_most)
    return sorted((Recipient.of(record) for record in records), key=lambda one: one.address)


def _condition(identity: str) -> str:
    quoted = "'" + identity.replace("'", "''") + "'"  # Microsoft365DSC #3044: apostrophes in names
    if "@" in identity:
        return f"EmailAddresses -eq 'smtp:{quoted[1:]}"
    if _is_guid(identity):
        return f"ExternalDirectoryObjectId -eq {quoted} -or Guid -eq {quoted}"
    return f"Name -eq {quoted}"


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
