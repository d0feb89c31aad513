"""Places: the rooms of the tenant.

https://learn.microsoft.com/en-us/graph/api/place-list
"""

from emulator.graph import query
from emulator.graph.authorization import READ_PLACES
from emulator.graph.entities import ROOM
from emulator.graph.errors import GraphError, access_denied
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations(denied=access_denied)


@OPERATIONS.on("GET", "/places/microsoft.graph.room", "/places/graph.room", needs=READ_PLACES)
def list_rooms(call: Call) -> Answer:
    """List the rooms."""
    rooms = [r for r in call.store.all("recipient") if r["RecipientTypeDetails"] == "RoomMailbox"]
    return query.many(call, ROOM, [_room(recipient) for recipient in rooms])


@OPERATIONS.on("GET", "/places/{id}", "/places/{id}/microsoft.graph.room", needs=READ_PLACES)
def get_room(call: Call) -> Answer:
    """Read a room by its id or its address."""
    wanted = call.params["id"].lower()
    for recipient in call.store.all("recipient"):
        names = (recipient["ExternalDirectoryObjectId"], recipient["PrimarySmtpAddress"].lower())
        if recipient["RecipientTypeDetails"] == "RoomMailbox" and wanted in names:
            return query.one(call, ROOM, _room(recipient))
    raise GraphError(404, "PlaceNotFound", f"The place '{call.params['id']}' was not found.")


def _room(recipient: Document) -> Document:
    return {
        "id": recipient["ExternalDirectoryObjectId"],
        "placeId": recipient["ExternalDirectoryObjectId"],
        "displayName": recipient["DisplayName"],
        "nickname": recipient["DisplayName"],
        "emailAddress": recipient["PrimarySmtpAddress"],
        "bookingType": "standard",
        "capacity": recipient.get("ResourceCapacity"),
        **(recipient.get("_place") or {}),
    }
