"""The rooms, as people keep them: `rooms.csv` and, for PlaceOS, `buildings.csv` and `levels.csv`.

One inventory feeds the room group in Exchange and the rooms in PlaceOS. Files come as spreadsheets write
them; what a spreadsheet broke is refused, all of it at once, with row, column and the likely original.
"""

from inventory.model import Building, Inventory, Level, Room, RoomType, Status
from inventory.problems import InventoryError, Problem
from inventory.reader import read_inventory, read_rooms

__all__ = [
    "Building",
    "Inventory",
    "InventoryError",
    "Level",
    "Problem",
    "Room",
    "RoomType",
    "Status",
    "read_inventory",
    "read_rooms",
]
