"""Files to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "room_id,email,name,building,level,type,capacity,features,map_id,bookable,status"
COLUMNS = HEADER.split(",")
GOOD = {
    "room_id": "r1",
    "email": "r1@contoso.example",
    "name": "Harbour",
    "building": "syd",
    "level": "2-3",
    "type": "room",
    "capacity": "12",
    "features": "video|display",
    "map_id": "area-1",
    "bookable": "yes",
    "status": "active",
}


@pytest.fixture
def rooms_csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes rooms.csv, one row for each mapping of what differs from a good room."""

    def write(*differences: dict[str, str]) -> Path:
        rows = [HEADER]
        for number, different in enumerate(differences, 1):
            row = GOOD | {"room_id": f"r{number}", "email": f"r{number}@contoso.example"} | different
            rows.append(",".join(row[column] for column in COLUMNS))
        path = tmp_path / "rooms.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write
