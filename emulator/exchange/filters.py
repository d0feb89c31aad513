"""OPATH filters: the part of them that asks for texts, joined by -or.

learn.microsoft.com/powershell/exchange/recipient-filters: values stand between apostrophes, and an
apostrophe inside a value is doubled.
"""

import re
from collections.abc import Callable

from emulator.directory import groups
from emulator.exchange.errors import NotModelledError, bad_value
from emulator.store import Document, Store

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
        "MemberOfGroup",
        "Guid",
        "Name",
        "PrimarySmtpAddress",
        "RecipientType",
        "RecipientTypeDetails",
        "UserPrincipalName",
    )
}


def parse(text: str) -> Callable[[Document], bool]:
    """A test for recipients; a filter that asks for it needs their `MemberOfGroup`, see `direct_groups`.

    Values are compared without regard to case. CmdletError and NotModelledError as `clauses`.
    """
    wanted: dict[str, set[str]] = {}
    for name, value in clauses(text):
        wanted.setdefault(name, set()).add(value.lower())
    return lambda recipient: any(_values(recipient, name) & values for name, values in wanted.items())


def direct_groups(store: Store) -> dict[str, list[str]]:
    """The distinguished names of the groups that hold an object directly, by its id in small letters."""
    found: dict[str, list[str]] = {}
    for group in groups(store):
        for member in group["Members"]:
            found.setdefault(member.lower(), []).append(group["DistinguishedName"])
    return found


def clauses(text: str) -> list[tuple[str, str]]:
    """What a filter asks for: properties as Exchange spells them, with their values.

    CmdletError for a wrong filter, NotModelledError for a part that isn't modelled.
    """
    found = []
    place = 0
    while True:
        clause = _CLAUSE.match(text, place)
        if clause is None:
            raise _refusal(text, place)
        found.append((_property(clause["name"]), clause["value"].replace("''", "'")))
        place = clause.end()
        if place == len(text):
            return found
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
