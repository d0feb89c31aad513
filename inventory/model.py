"""An inventory as the rest of the product sees it: plain values, in one order, without a file's habits."""

from dataclasses import dataclass, field
from enum import StrEnum


class RoomType(StrEnum):
    """What a row of rooms.csv is."""

    ROOM = "room"
    HUDDLE = "huddle"
    PHONE = "phone"
    WORKSPACE = "workspace"
    EQUIPMENT = "equipment"


class Status(StrEnum):
    """Where a room is in its life. PlaceOS may reach the calendars of active rooms, and of no others."""

    PLANNED = "planned"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One row of rooms.csv. `room_id` never changes in a room's life; `capacity` is a number of seats.

    `row` counts as a spreadsheet does, the header being row 1.
    """

    room_id: str
    email: str
    name: str
    building: str
    level: str
    type: RoomType = RoomType.ROOM
    capacity: int | None = None
    features: tuple[str, ...] = ()
    map_id: str = ""
    bookable: bool = True
    status: Status = Status.ACTIVE
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """One row of buildings.csv; `timezone` is a name of the IANA database."""

    code: str
    name: str
    timezone: str
    region: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One row of levels.csv; `order` sorts the levels of a building, the lowest first."""

    building: str
    code: str
    name: str
    order: int
    map_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The rooms by `room_id`, the buildings by `code`, the levels by building and `order`.

    `file` is the name of the rooms file. `warnings`: sentences about what could be read but should be looked
    at. Two inventories are equal when they say the same, however their files were written.
    """

    rooms: tuple[Room, ...]
    buildings: tuple[Building, ...] = ()
    levels: tuple[Level, ...] = ()
    warnings: tuple[str, ...] = ()
    file: str = field(default="rooms.csv", compare=False)

    def member_addresses(self) -> tuple[str, ...]:
        """The addresses of the active rooms, sorted: the members of the room group.

        A planned room's mailbox may not exist yet, and a retired room's calendar is nobody's business.
        """
        return tuple(sorted(room.email for room in self.rooms if room.status is Status.ACTIVE))
