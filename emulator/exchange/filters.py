"""OPATH filters: the part of them that asks for texts, joined by -or.

learn.microsoft.com/powershell/exchange/recipient-filters: values stand between apostrophes, and an
apostrophe inside a value is doubled.
"""

import re
from collections.abc import Callable

from emulator.exchange.errors import NotModelledError, bad_value
from emulator.store import Document

_CLAUSE = re.compile(r"\s*\(?\s*(?P<name>\w+)\s+-eq\s+'(?P<value>(?:[^']|'')*)'\s*\)?\s*", re.IGNORECASE)
_OR = re.compile(r"-or\b", re.IGNORECASE)
_UNMODELLED = re.compile(r"-(and|not|ne|like|notlike|gt|lt|ge|le)\b|-eq\s+[$\d]", re.IGNORECASE)
_PROPERTIES = {
    name.lower(): name
    for name in (
        "Alias",
        "DisplayName",
        "DistinguishedName",
        "EmailAddresses",
        "ExternalDirectoryObjectId",
        "Guid",
        "Name",
        "PrimarySmtpAddress",
        "RecipientType",
        "RecipientTypeDetails",
        "UserPrincipalName",
    )
}


def parse(text: str) -> Callable[[Document], bool]:
    """A test for recipients; CmdletError for a wrong filter, NotModelledError for a part that isn't modelled.

    Values are compared without regard to case.
    """
    wanted: dict[str, set[str]] = {}
    place = 0
    while True:
        clause = _CLAUSE.match(text, place)
        if clause is None:
            raise _refusal(text, place)
        wanted.setdefault(_property(clause["name"]), set()).add(clause["value"].replace("''", "'").lower())
        place = clause.end()
        if place == len(text):
            return lambda recipient: any(_values(recipient, name) & values for name, values in wanted.items())
        joined = _OR.match(text, place)
        if joined is None:
            raise _refusal(text, place)
        place = joined.end()


def _values(recipient: Document, name: str) -> set[str]:
    value = recipient.get(name, "")
    return {text.lower() for text in (value if isinstance(value, list) else [value])}


def _property(name: str) -> str:
    if name.lower() not in _PROPERTIES:
        raise bad_value("Filter", f'"{name}" is not a recognized filterable property.')
    return _PROPERTIES[name.lower()]


def _refusal(text: str, place: int) -> Exception:
    if _UNMODELLED.search(re.sub(r"'(?:[^']|'')*'", "''", text)):
        return NotModelledError(f"The emulated tenant does not model the filter {text!r}: -eq and -or only.")
    return bad_value("Filter", f'Invalid filter syntax. Filter "{text}" at position {place + 1}.')
