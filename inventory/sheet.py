"""From a CSV file, as spreadsheets write it, to rows of checked cells.

Accepted: comma, semicolon or tab; a line `sep=;` before the header; UTF-8 with or without its mark, UTF-16
with its mark, Windows-1252 (with a warning); headers in any case, order and of several names; spaces,
no-break spaces and zero-width characters around a cell.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory import cells
from inventory.encoding import UnreadableError, decode
from inventory.problems import Problem, RefusedCellError, shortened
from nearest import nearest

_DELIMITERS = ",;\t"
_NO_BREAK = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\u2060": ""}
)
_AROUND = " \t\u200c\u200d\u00ad"
_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t])\"?\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the other headers by which it goes, what it means and how a cell is read.

    The cells of a `required` column may not be empty; an empty cell of another, or of a column that the file
    doesn't have, is left out of the row.
    """

    name: str
    meaning: str
    read: Callable[[str], Any]
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row's values by column name; `number` counts as a spreadsheet does, the header being row 1."""

    number: int
    values: dict[str, Any]


@dataclass(slots=True)
class Sheet:
    """The rows, and what is wrong with them: a row lacks the values that couldn't be read."""

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, reason: str, fix: str, **where: Any) -> None:
        """Note a problem of this file; `where` are the other fields of Problem."""
        self.problems.append(Problem(self.file, reason, fix, **where))


def read_sheet(path: Path, columns: Sequence[Column]) -> Sheet:
    """Every row of the file; whatever is wrong with it is in `problems`, nothing is raised for it."""
    sheet = Sheet(path.name)
    text = _text_of(path, sheet)
    if text is None:
        return sheet
    records = _records(text, columns, sheet)
    header = next((record for record in records if any(record[1])), None)
    if header is None:
        sheet.refuse("the file is empty", f"Write a header row: {', '.join(_required(columns))}")
        return sheet
    number, headings = header
    places = _places([shortened(heading) for heading in headings], columns, sheet, number)
    for number, record in records:
        if any(record):
            _read_row(number, record, headings, places, sheet)
    return sheet


def _text_of(path: Path, sheet: Sheet) -> str | None:
    """The file's text, or None with a problem noted."""
    try:
        text, doubt = decode(path.read_bytes())
    except OSError as error:
        sheet.refuse(f"the file can't be read ({error.strerror})", f"Check the path {path}")
        return None
    except UnreadableError as error:
        sheet.refuse(error.reason, error.fix)
        return None
    if doubt:
        sheet.warnings.append(f'{sheet.file} {doubt}. If that is wrong, save it as "CSV UTF-8".')
    return text


def _records(text: str, columns: Sequence[Column], sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The records with their row numbers, cells trimmed; broken quotes end them with a problem."""
    number = 0
    if separator := _SEPARATOR_LINE.match(text):
        number, delimiter, text = 1, separator[1], text[separator.end() :]
    else:
        delimiter = _delimiter(text, columns)
    records = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    while True:
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a quotation mark is not closed, or stands inside a quoted cell"
            if "field larger than field limit" in str(error):  # as csv says it, without the length
                reason = f"a cell has more than {csv.field_size_limit():,} characters, or {reason}"
            sheet.refuse(
                reason,
                'Close it, or write it twice ("") inside a quoted cell; the rows from here on were not read',
                row=number,
            )
            return
        yield number, [_trimmed(cell) for cell in record]


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """The delimiter under which the header row names the most columns that we know."""
    first_line = io.StringIO(text.lstrip("\r\n"), newline="").readline()
    known = _by_heading(columns)

    def recognised(delimiter: str) -> tuple[int, int]:
        headings = next(csv.reader([first_line], delimiter=delimiter, skipinitialspace=True), [])
        return sum(_heading(heading) in known for heading in headings), len(headings)

    return max(_DELIMITERS, key=recognised)


def _places(
    headings: list[str], columns: Sequence[Column], sheet: Sheet, row: int
) -> list[tuple[Column, int | None]]:
    """Where each column stands in the file; missing, doubled and misspelt headers become problems."""
    known = _by_heading(columns)
    found: dict[str, int] = {}
    strangers = []
    for place, heading in enumerate(headings):
        column = known.get(_heading(heading))
        if column is None:
            strangers.append(heading)
        elif column.name in found:
            sheet.refuse(
                f'"{headings[found[column.name]]}" and "{heading}" are both headers of {column.name}',
                "Keep one of them",
                row=row,
            )
        else:
            found[column.name] = place
    missing = [column for column in columns if column.name not in found]
    _judge_missing(missing, list(filter(None, strangers)), sheet, row)
    return [(column, found.get(column.name)) for column in columns]


def _judge_missing(missing: list[Column], strangers: list[str], sheet: Sheet, row: int) -> None:
    """A header that is nearly one of ours is a mistake; any other is a column for somebody else."""
    for column in missing:
        like = nearest(column.name, strangers, cutoff=0.6 if column.required else 0.75)
        if like:
            strangers.remove(like[0])
            sheet.refuse(
                f'the column {column.name} is missing, and "{like[0]}" is no known header',
                f'Rename "{like[0]}" to {column.name} if that is meant, or to something less alike',
                row=row,
            )
        elif column.required:
            sheet.refuse(f"the column {column.name} is missing", "Add it to the header row", row=row)
    if strangers:
        more = f" and {len(strangers) - 10} more" if len(strangers) > 10 else ""
        sheet.warnings.append(f"{sheet.file}: nothing reads the columns {', '.join(strangers[:10])}{more}.")


def _read_row(
    number: int,
    record: list[str],
    headings: list[str],
    places: list[tuple[Column, int | None]],
    sheet: Sheet,
) -> None:
    """Add the row to the sheet, or its problems."""
    if len(record) < len(headings) or any(record[len(headings) :]):
        sheet.refuse(
            f"the row has {len(record)} cells and the header {len(headings)}",
            "Put a cell that holds the delimiter in quotation marks, and leave no cell out",
            row=number,
        )
        return
    values: dict[str, Any] = {}
    for column, place in places:
        cell = "" if place is None else record[place]
        if not cell:
            if column.required and place is not None:
                sheet.refuse("the cell is empty", "Fill it in", row=number, column=column.name)
            continue
        try:
            cells.check_whole(cell)
            values[column.name] = column.read(cell)
        except RefusedCellError as refused:
            sheet.refuse(
                refused.reason,
                refused.fix,
                row=number,
                column=column.name,
                value=cell,
                likely=refused.likely,
            )
    sheet.rows.append(Row(number, values))


def _trimmed(cell: str) -> str:
    """The cell without what nobody sees: spaces around it, no-break spaces, zero-width characters."""
    if cell.isascii():
        return cell.strip(" \t")
    return unicodedata.normalize("NFC", cell).translate(_NO_BREAK).strip(_AROUND)


def _required(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns if column.required]


def _by_heading(columns: Sequence[Column]) -> dict[str, Column]:
    return {_heading(name): column for column in columns for name in (column.name, *column.also)}


def _heading(text: str) -> str:
    """A header's letters and digits alone, without case: `E-Mail` is `email`."""
    return "".join(letter for letter in _trimmed(text).casefold() if letter.isalnum())
