"""Administrative units: sets of users and groups that a role can be limited to.

https://learn.microsoft.com/en-us/graph/api/resources/administrativeunit. Exchange takes one as the scope of a
role assignment. Roles given on a unit, and units whose membership is dynamic or hidden, are not modelled.
"""

import uuid

from emulator.graph import query
from emulator.graph.authorization import MANAGE_UNITS, READ_UNITS
from emulator.graph.entities import ADMINISTRATIVE_UNIT, GROUP, USER, merge
from emulator.graph.errors import bad_request, not_found
from emulator.graph.owners import limited
from emulator.graph.relations import (
    add_reference,
    directory_object,
    referenced,
    related,
    remove_reference,
)
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()

_ONE = "/directory/administrativeUnits/{id}"


@OPERATIONS.on("GET", "/directory/administrativeUnits", needs=READ_UNITS)
def list_units(call: Call) -> Answer:
    """List administrative units."""
    return query.many(call, ADMINISTRATIVE_UNIT, call.store.all("administrativeUnit"))


@OPERATIONS.on("GET", _ONE, needs=READ_UNITS)
def get_unit(call: Call) -> Answer:
    """Read an administrative unit."""
    return query.one(call, ADMINISTRATIVE_UNIT, _find(call))


@OPERATIONS.on("POST", "/directory/administrativeUnits", needs=MANAGE_UNITS)
def create_unit(call: Call) -> Answer:
    """Make an administrative unit."""
    body = ADMINISTRATIVE_UNIT.accept(call.body)
    if not body.get("displayName"):
        raise bad_request("Property displayName is required and must not be empty.")
    unit = ADMINISTRATIVE_UNIT.whole({"id": str(uuid.uuid4())})
    merge(unit, body)
    unit["_members"] = []
    call.store.put("administrativeUnit", unit["id"], unit)
    return query.one(call, ADMINISTRATIVE_UNIT, unit, 201)


@OPERATIONS.on("DELETE", _ONE, needs=MANAGE_UNITS)
def remove_unit(call: Call) -> Answer:
    """Delete an administrative unit; its members stay."""
    call.store.delete("administrativeUnit", _find(call)["id"])
    return NO_CONTENT


@OPERATIONS.on("GET", _ONE + "/members", needs=READ_UNITS)
def list_members(call: Call) -> Answer:
    """List the members of an administrative unit."""
    return query.mixed(call, related(call.store, _find(call), "members"), limited(call))


@OPERATIONS.on("POST", _ONE + "/members/$ref", needs=MANAGE_UNITS)
def add_member(call: Call) -> Answer:
    """Add a user or a group to an administrative unit."""
    unit = _find(call)
    added = referenced(call.store, call.body.get("@odata.id"))
    if directory_object(call.store, added)[0] not in (USER, GROUP):
        raise bad_request("Only users, groups and devices can be members of an administrative unit.")
    add_reference(call.store, ADMINISTRATIVE_UNIT, unit, "members", added)
    return NO_CONTENT


@OPERATIONS.on("DELETE", _ONE + "/members/{member}/$ref", needs=MANAGE_UNITS)
def remove_member(call: Call) -> Answer:
    """Remove a member from an administrative unit."""
    remove_reference(call.store, ADMINISTRATIVE_UNIT, _find(call), "members", call.params["member"])
    return NO_CONTENT


def _find(call: Call) -> Document:
    found = call.store.get("administrativeUnit", call.params["id"])
    if found is None:
        raise not_found(call.params["id"])
    return found
