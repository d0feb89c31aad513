"""What spreadsheets do to cells: a level `2-3` comes back as `02-Mar`, a room `2E3` as `2.00E+03`.

A damaged cell can't be repaired by guessing, because two originals may lead to the same damage; so it is
refused, and the likely originals are named.
"""

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Damage:
    """What the cell became, as half a sentence, what to do, and what it probably was, likeliest first."""

    reason: str
    fix: str
    likely: tuple[str, ...] = ()


_ABBREVIATIONS = (  # English, German, Dutch, French, Spanish and Italian spreadsheets
    "jan janv ene gen",
    "feb fév févr",
    "mar mär mrz mrt mars",
    "apr avr abr",
    "may mai mei mag",
    "jun juin giu",
    "jul juil lug",
    "aug août ago",
    "sep sept set",
    "oct okt ott",
    "nov",
    "dec dez déc dic",
)
_MONTHS = {word: number for number, words in enumerate(_ABBREVIATIONS, 1) for word in words.split()}

_PASTE_VALUES = "Copy the column, paste its values over it, and save again"

_FORMULA = re.compile(r"=.+")
_ERROR_VALUE = re.compile(r"#+|#[A-ZÀ-Ü0-9/_ ]+[!?]?")
_DAY_MONTH = re.compile(r"(\d{1,2})[-./ ]{1,2}([^\W\d_]{3,5})\.?([-./ ]\d{2,4})?")
_MONTH_NUMBER = re.compile(r"([^\W\d_]{3,5})\.?[-./ ](\d{1,2})")
_WHOLE_DATE = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(20[1-4]\d)")
_ISO_DATE = re.compile(r"(?:19|20)\d\d-(\d\d)-(\d\d)([ T]00:00(:00(\.0+)?)?)?")
# Spreadsheets write decimals or the exponent's plus; a room that is really called 2E3 has neither.
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+E[+-]|E\+)\d{1,3}", re.IGNORECASE)


def formula(text: str) -> Damage | None:
    """A formula, or the error that stands where its result should be; no column can hold one."""
    if _FORMULA.fullmatch(text):
        return Damage("is a formula, not its result", _PASTE_VALUES)
    if text.startswith("#") and _ERROR_VALUE.fullmatch(text):
        return Damage(
            "is a spreadsheet's error, not a value", "Repair the formula behind it, or write a value"
        )
    return None


def date(text: str) -> Damage | None:
    """A date where a code like 2-3 belongs."""
    for pattern, originals in (
        (_DAY_MONTH, _from_day_month),
        (_MONTH_NUMBER, _from_month_number),
        (_WHOLE_DATE, _from_whole_date),
        (_ISO_DATE, _from_iso_date),
    ):
        if (found := pattern.fullmatch(text)) and (likely := originals(found)):
            return Damage("is a date", _as_text(likely), likely)
    return None


def scientific(text: str) -> Damage | None:
    """A number in scientific notation where a code or a count belongs."""
    if not _SCIENTIFIC.fullmatch(text):
        return None
    number = Decimal(text.replace(",", ".").upper())
    if number != number.to_integral_value():
        return Damage("is in scientific notation", _as_text(()))
    digits = str(int(number))
    mantissa = digits.rstrip("0") or "0"
    likely = (digits, f"{mantissa}E{len(digits) - len(mantissa)}")
    return Damage("is in scientific notation", _as_text(likely), likely)


def _as_text(likely: tuple[str, ...]) -> str:
    """What to do about a cell that the spreadsheet took for something else than text."""
    meant = likely[0] if len(likely) == 1 else "what was meant"
    return f"Format the column as text and write {meant}"


def _from_day_month(found: re.Match[str]) -> tuple[str, ...]:
    """Typed `2-3`, shown `02-Mar` where days come first; typed `3-2`, shown `2-Mar` in the United States."""
    day, month = int(found[1]), _MONTHS.get(found[2].casefold())
    if month is None or not 1 <= day <= 31:
        return ()
    if found[1].startswith("0"):
        return (f"{day}-{month}",)
    return tuple(dict.fromkeys((f"{month}-{day}", f"{day}-{month}")))


def _from_month_number(found: re.Match[str]) -> tuple[str, ...]:
    """Typed `3-26`, shown `Mar-26`: March of 2026."""
    month = _MONTHS.get(found[1].casefold())
    return () if month is None else (f"{month}-{int(found[2])}",)


def _from_whole_date(found: re.Match[str]) -> tuple[str, ...]:
    """Typed `2-3`, and the spreadsheet added the year that it was."""
    first, second = int(found[1]), int(found[3])
    plausible = 1 <= min(first, second) <= 12 and max(first, second) <= 31
    return (f"{first}-{second}",) if plausible else ()


def _from_iso_date(found: re.Match[str]) -> tuple[str, ...]:
    """Typed `2-3` where days come first, or `3-2` where months do."""
    month, day = int(found[1]), int(found[2])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ()
    return tuple(dict.fromkeys((f"{day}-{month}", f"{month}-{day}")))
