"""Tenants of any size, and the inventories that name their rooms."""

from pathlib import Path

import yaml

from emulator.tenants import CONTOSO

_HEADER = "room_id,email,name,building,level"
_BUILDING, _LEVEL = "hq", "01"


def write_tenant(folder: Path, rooms: int) -> Path:
    """The file of a tenant that is contoso but for its rooms, of which it has so many."""
    described = yaml.safe_load(CONTOSO.read_text(encoding="utf-8"))
    seats = {_room(number): 6 for number in range(rooms)}
    described |= {
        "buildings": [{"code": _BUILDING, "name": "Headquarters", "levels": {_LEVEL: seats}}],
        "policy_delay_minutes": 0,  # what is measured in such a tenant does not wait
        "events": [],
    }
    path = folder / f"tenant-of-{rooms}.yaml"
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    return path


def write_inventory(folder: Path, rooms: int) -> Path:
    """An inventory of the first so many rooms of such a tenant, with the files that belong beside it."""
    lines = [
        f"{room},{_BUILDING}-{_LEVEL}-{room}@contoso.example,{room},{_BUILDING},{_LEVEL}"
        for room in map(_room, range(rooms))
    ]
    path = folder / "rooms.csv"
    path.write_text("\n".join([_HEADER, *lines, ""]), encoding="utf-8")
    path.with_name("buildings.csv").write_text(
        f"code,name,timezone,region,address\n{_BUILDING},Headquarters,Europe/London,EMEA,\n", encoding="utf-8"
    )
    path.with_name("levels.csv").write_text(
        f"building,code,name,order,map_url\n{_BUILDING},{_LEVEL},Level 1,1,\n", encoding="utf-8"
    )
    return path


def _room(number: int) -> str:
    return f"room-{number:05}"
