"""The columns of the three files: their names, the other headers they go by, what a cell may hold."""

from inventory import cells
from inventory.model import RoomType, Status
from inventory.sheet import Column

_MOST_SEATS = 10_000
_HIGHEST_LEVEL = 10_000

_STATUSES = "planned, active (the default) or retired; only active rooms are members of the room group"

ROOM_COLUMNS = (
    Column(
        "room_id",
        "a code that stays the same for the room's whole life",
        cells.code,
        required=True,
        also=("id", "resource id", "room number", "raum-id", "raumnummer"),
    ),
    Column(
        "email",
        "the room mailbox's primary address",
        cells.address,
        required=True,
        also=("email address", "mail", "room email", "primary smtp address", "e-mail-adresse"),
    ),
    Column(
        "name",
        "what people call the room",
        cells.text,
        required=True,
        also=("display name", "room name", "room", "raum", "raumname"),
    ),
    Column(
        "building",
        "the building's code",
        cells.code,
        required=True,
        also=("building code", "site", "gebäude"),
    ),
    Column(
        "level",
        "the level's code within the building",
        cells.code,
        required=True,
        also=("floor", "level code", "etage", "stockwerk", "ebene"),
    ),
    Column(
        "type",
        "room (the default), huddle, phone, workspace or equipment",
        cells.one_of(RoomType),
        also=("room type", "resource type", "art", "typ"),
    ),
    Column(
        "capacity",
        "seats, a whole number",
        cells.whole_number(0, _MOST_SEATS),
        also=("seats", "resource capacity", "kapazität", "plätze"),
    ),
    Column(
        "features",
        "what the room has, separated by vertical bars: video | whiteboard",
        cells.listed,
        also=("amenities", "ausstattung"),
    ),
    Column("map_id", "the room's id on the level's map", cells.code, also=("map", "karten-id")),
    Column("bookable", "yes (the default) or no", cells.yes_no, also=("buchbar",)),
    Column("status", _STATUSES, cells.one_of(Status), also=("state", "zustand")),
)
BUILDING_COLUMNS = (
    Column(
        "code", "the building's code, as rooms.csv writes it", cells.code, required=True, also=("building",)
    ),
    Column("name", "what people call the building", cells.text, required=True, also=("building name",)),
    Column(
        "timezone",
        "the building's time zone in the IANA database: Europe/Berlin",
        cells.time_zone,
        required=True,
        also=("tz", "zeitzone"),
    ),
    Column("region", "what groups buildings in PlaceOS", cells.text),
    Column("address", "the postal address", cells.text, also=("street address", "adresse")),
)
LEVEL_COLUMNS = (
    Column("building", "the building's code", cells.code, required=True, also=("building code", "gebäude")),
    Column(
        "code",
        "the level's code, as rooms.csv writes it",
        cells.code,
        required=True,
        also=("level", "floor", "etage"),
    ),
    Column(
        "name", "what people call the level", cells.text, required=True, also=("level name", "floor name")
    ),
    Column(
        "order",
        "a whole number that sorts the levels of a building, the lowest first",
        cells.whole_number(-_HIGHEST_LEVEL, _HIGHEST_LEVEL),
        required=True,
        also=("sort", "reihenfolge"),
    ),
    Column("map_url", "where the level's map is", cells.text, also=("map",)),
)
