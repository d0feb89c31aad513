"""From the text of a cell to its value. Each reader raises RefusedCellError with reason and fix."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from addresses import address_fault, addresses_in
from inventory import damage
from inventory.problems import RefusedCellError
from nearest import did_you_mean, nearest

_Choice = TypeVar("_Choice", bound=StrEnum)

# Excel writes its own yes and no in the language of the person who saved the file.
_YES = frozenset(("yes", "y", "true", "1", "ja", "j", "wahr", "oui", "vrai"))
_NO = frozenset(("no", "n", "false", "0", "nein", "nee", "falsch", "non", "faux"))

# Control characters, and those that break a line or turn its direction.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

_WHOLE = re.compile(r"\d{1,9}")
_WHOLE_WITH_ZEROS = re.compile(r"(\d{1,9})[.,]0+")


def text(cell: str) -> str:
    """Any text of at most 256 characters."""
    if len(cell) > 256:
        raise RefusedCellError(f"has {len(cell)} characters, and 256 are allowed", "Shorten it")
    return cell


def code(cell: str) -> str:
    """A short text that other cells or systems refer to: what spreadsheets like to turn into a date."""
    _refuse(damage.date(cell) or damage.scientific(cell))
    if len(cell) > 64:
        raise RefusedCellError(f"has {len(cell)} characters, and 64 are allowed", "Shorten it")
    return cell


def address(cell: str) -> str:
    """One email address, in lower case: Exchange compares them without case."""
    several = addresses_in(cell)
    if len(several) > 1:
        raise RefusedCellError(
            f"holds {len(several)} addresses, and one row is one room",
            f"Keep the room's own address ({' or '.join(several)}), or give each room a row of its own",
        )
    if fault := address_fault(cell):
        raise RefusedCellError(f"is no email address: {fault}", "Write the room mailbox's primary address")
    return cell.lower()


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers within the bounds, which are allowed themselves."""

    def read(cell: str) -> int:
        _refuse(damage.date(cell) or damage.scientific(cell))
        if with_zeros := _WHOLE_WITH_ZEROS.fullmatch(cell):
            raise RefusedCellError(
                "has decimals, and a whole number belongs here",
                f"Write {with_zeros[1]}",
                (with_zeros[1],),
            )
        unsigned = cell.removeprefix("-")
        if not (unsigned.isascii() and _WHOLE.fullmatch(unsigned)):
            raise RefusedCellError("is no whole number", f"Write a whole number from {low} to {high}")
        if not low <= int(cell) <= high:
            raise RefusedCellError(
                f"is outside of {low} to {high}", f"Write a whole number from {low} to {high}"
            )
        return int(cell)

    return read


def yes_no(cell: str) -> bool:
    """Yes or no as English, German, Dutch and French spreadsheets write them.

    A cross is refused: in a column of crosses an empty cell means no, and here it means the default.
    """
    word = cell.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise RefusedCellError("is neither yes nor no", "Write yes or no")


def one_of(choices: type[_Choice]) -> Callable[[str], _Choice]:
    """A reader of the names of an enumeration, in any case."""

    def read(cell: str) -> _Choice:
        try:
            return choices(cell.casefold())
        except ValueError:
            known = did_you_mean(cell, (choice.value for choice in choices))
            raise RefusedCellError(
                f"is unknown: {known}", f"Write one of {', '.join(choice.value for choice in choices)}"
            ) from None

    return read


def listed(cell: str) -> tuple[str, ...]:
    """Texts separated by vertical bars, sorted; a repetition counts once."""
    if ";" in cell or "," in cell:
        wanted = " | ".join(part.strip() for part in re.split("[;,]", cell) if part.strip())
        raise RefusedCellError("separates its parts by a comma or semicolon", f"Write {wanted}")
    return tuple(sorted({part.strip() for part in cell.split("|")} - {""}))


def time_zone(cell: str) -> str:
    """The name of a time zone in the IANA database, as PlaceOS wants it: Europe/Berlin."""
    try:
        ZoneInfo(cell)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = available_timezones()
        if not zones:
            raise RefusedCellError(
                "can't be checked: this machine has no time zones", "Install the package tzdata"
            ) from None
        raise RefusedCellError(
            f"is no IANA time zone: {_zones_like(cell, zones)}",
            "Write a name of the IANA database, such as Europe/Berlin",
        ) from None
    return cell


def check_whole(cell: str) -> None:
    """Raise RefusedCellError for what no column can hold.

    That is a very long text, a formula, an error value, a line break, and characters that nobody sees but
    that a terminal or browser obeys.
    """
    if len(cell) > 2000:
        raise RefusedCellError(f"has {len(cell):,} characters, and 2,000 are allowed", "Shorten it")
    _refuse(damage.formula(cell))
    if "\n" in cell or "\r" in cell:
        raise RefusedCellError("holds a line break", "Write it on one line, and check the quotes around it")
    if found := _INVISIBLE.search(cell):
        raise RefusedCellError(
            f"holds an invisible control character, U+{ord(found[0]):04X}", "Write the cell anew"
        )


def _refuse(found: damage.Damage | None) -> None:
    if found is not None:
        raise RefusedCellError(found.reason, found.fix, found.likely)


def _zones_like(cell: str, zones: set[str]) -> str:
    """The zone of a city that was written alone, or the nearest names."""
    cities = sorted(zone for zone in zones if zone.rpartition("/")[2].casefold() == cell.casefold())
    like = cities or nearest(cell, zones, count=2)
    return f"it may be {' or '.join(like)}" if like else "such names look like Region/City"
