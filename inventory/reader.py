"""Reads rooms.csv and, where they stand beside it, buildings.csv and levels.csv."""

from collections.abc import Sequence
from pathlib import Path

from inventory.checks import agree, refuse_emptiness, refuse_repetitions
from inventory.columns import BUILDING_COLUMNS, LEVEL_COLUMNS, ROOM_COLUMNS
from inventory.model import Building, Inventory, Level, Room
from inventory.problems import InventoryError
from inventory.sheet import Column, Row, Sheet, read_sheet


def read_inventory(path: Path) -> Inventory:
    """The inventory in the rooms file at `path` and in buildings.csv and levels.csv beside it, if there.

    Raises InventoryError with everything that is wrong in all three files.
    """
    rooms = read_sheet(path, ROOM_COLUMNS)
    buildings = _beside(path, "buildings.csv", BUILDING_COLUMNS)
    levels = _beside(path, "levels.csv", LEVEL_COLUMNS)
    sheets = [sheet for sheet in (rooms, buildings, levels) if sheet is not None]

    refuse_repetitions(rooms, "room_id")
    refuse_repetitions(rooms, "email")
    if buildings is not None:
        refuse_repetitions(buildings, "code")
    if levels is not None:
        agree(levels, ("building",), buildings, ("code",))
        refuse_repetitions(levels, "building", "code")
    agree(rooms, ("building",), buildings, ("code",))
    agree(rooms, ("building", "level"), levels, ("building", "code"))
    refuse_emptiness(rooms)

    if problems := [problem for sheet in sheets for problem in sheet.problems]:
        raise InventoryError(problems)
    return Inventory(
        rooms=tuple(sorted((Room(**row.values, row=row.number) for row in rooms.rows), key=_room_order)),
        buildings=tuple(sorted((Building(**row.values) for row in _rows(buildings)), key=_building_order)),
        levels=tuple(sorted((Level(**row.values) for row in _rows(levels)), key=_level_order)),
        warnings=tuple(warning for sheet in sheets for warning in sheet.warnings),
        file=path.name,
    )


def read_rooms(path: Path) -> tuple[Room, ...]:
    """The rooms alone; raises InventoryError as `read_inventory` does."""
    return read_inventory(path).rooms


def _beside(path: Path, name: str, columns: Sequence[Column]) -> Sheet | None:
    """The optional file of that name beside `path`; None when there is none."""
    neighbour = path.with_name(name)
    return read_sheet(neighbour, columns) if neighbour.exists() else None


def _rows(sheet: Sheet | None) -> list[Row]:
    return [] if sheet is None else sheet.rows


def _room_order(room: Room) -> str:
    return room.room_id.casefold()


def _building_order(building: Building) -> str:
    return building.code.casefold()


def _level_order(level: Level) -> tuple[str, int, str]:
    return level.building.casefold(), level.order, level.code.casefold()
