"""What must hold between rows, and between files, once each cell is right by itself."""

from inventory.model import Status
from inventory.sheet import Row, Sheet
from nearest import did_you_mean


def refuse_repetitions(sheet: Sheet, *columns: str) -> None:
    """No two rows may have the same values in these columns; case doesn't count."""
    seen: dict[tuple[str, ...], int] = {}
    last = columns[-1]
    for row in sheet.rows:
        key = _key(row, columns)
        if not all(key):
            continue
        first = seen.setdefault(key, row.number)
        if first != row.number:
            sheet.refuse(
                f"is in row {first} already",
                f"Remove one of the two rows, or correct its {last}",
                row=row.number,
                column=last,
                value=row.values[last],
            )


def agree(
    sheet: Sheet, columns: tuple[str, ...], reference: Sheet | None, listed_as: tuple[str, ...]
) -> None:
    """Give every code in the last of the columns one spelling, and refuse those that the reference lacks.

    The columns before it say where the code counts: a level within its building. Without a reference file
    the rows must agree among themselves. One whose own codes couldn't all be read has to be repaired first.
    """
    if reference is None:
        _agree_among_themselves(sheet, columns)
    elif not any(problem.column in (None, *listed_as) for problem in reference.problems):
        _agree_with(sheet, columns, reference, listed_as)


def refuse_emptiness(rooms: Sheet) -> None:
    """An inventory without rooms, or without an active one, would empty the room group."""
    if rooms.problems:
        return
    if not rooms.rows:
        rooms.refuse("the file lists no room", "List the rooms that PlaceOS may reach, one a row")
    elif not any(row.values.get("status", Status.ACTIVE) is Status.ACTIVE for row in rooms.rows):
        rooms.refuse(
            f"none of the {len(rooms.rows)} rooms is active, so the room group would be empty",
            "Set the status of the rooms that PlaceOS may reach to active",
        )


def _agree_among_themselves(sheet: Sheet, columns: tuple[str, ...]) -> None:
    column = columns[-1]
    spellings: dict[tuple[str, ...], str] = {}
    for row in sheet.rows:
        code = row.values.get(column)
        if code is not None and spellings.setdefault(_key(row, columns), code) != code:
            sheet.refuse(
                f"is written {spellings[_key(row, columns)]} in a row above",
                "Write it the same way in every row",
                row=row.number,
                column=column,
                value=code,
            )


def _agree_with(sheet: Sheet, columns: tuple[str, ...], reference: Sheet, listed_as: tuple[str, ...]) -> None:
    column = columns[-1]
    spellings = {_key(row, listed_as): row.values[listed_as[-1]] for row in reference.rows}
    for row in sheet.rows:
        code, key = row.values.get(column), _key(row, columns)
        if code is None:
            continue
        if key in spellings:
            row.values[column] = spellings[key]
            continue
        near = [spelling for other, spelling in spellings.items() if other[:-1] == key[:-1]]
        known = did_you_mean(code, near) if near else f"it has no {column} for this building"
        sheet.refuse(
            f"is not in {reference.file}: {known}",
            f"Correct it, or add it to {reference.file}",
            row=row.number,
            column=column,
            value=code,
        )


def _key(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row.values.get(column, "")).casefold() for column in columns)
