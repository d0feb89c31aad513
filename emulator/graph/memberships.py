"""What an object is a member of: groups, roles and administrative units, directly and through groups.

https://learn.microsoft.com/en-us/graph/api/user-list-memberof,
https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-memberof
"""

from collections.abc import Callable

from emulator.graph import query
from emulator.graph.authorization import Needs
from emulator.graph.entities import ADMINISTRATIVE_UNIT, DIRECTORY_ROLE, GROUP, Entity
from emulator.graph.owners import limited
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document, Store


def membership_operations(
    operations: Operations,
    objects: tuple[str, ...],
    find: Callable[[Call], Document],
    needs: Needs,
    transitive_needs: Needs,
) -> None:
    """Listing what an object is a member of; `objects` are the paths that name it."""

    @operations.on("GET", *(f"{path}/memberOf" for path in objects), needs=needs)
    def list_member_of(call: Call) -> Answer:
        """List the groups, directory roles and administrative units that hold it."""
        query.must_be_advanced(call)
        return query.mixed(call, _holders(call.store, {find(call)["id"]}), limited(call))

    @operations.on("GET", *(f"{path}/transitiveMemberOf" for path in objects), needs=transitive_needs)
    def list_transitive_member_of(call: Call) -> Answer:
        """List the same, directly or through groups."""
        query.must_be_advanced(call)
        return query.mixed(call, _every_holder(call.store, find(call)["id"]), limited(call))

    @operations.on(
        "GET",
        *(f"{path}/transitiveMemberOf/microsoft.graph.group" for path in objects),
        needs=transitive_needs,
    )
    def list_transitive_groups(call: Call) -> Answer:
        """List the groups that hold it, directly or through groups."""
        query.must_be_advanced(call)
        held = _every_holder(call.store, find(call)["id"])
        return query.mixed(call, [one for one in held if one[0] is GROUP], limited(call))


def _every_holder(store: Store, object_id: str) -> list[tuple[Entity, Document]]:
    found: dict[str, tuple[Entity, Document]] = {}
    reached = {object_id}
    while reached:
        new = {d["id"]: (e, d) for e, d in _holders(store, reached) if d["id"] not in found}
        found |= new
        reached = {id_ for id_, (entity, _) in new.items() if entity is GROUP}
    return list(found.values())


def _holders(store: Store, ids: set[str]) -> list[tuple[Entity, Document]]:
    """What has one of the objects as a direct member."""
    return [
        (entity, holder)
        for entity, members in (
            (GROUP, "_members"),
            (DIRECTORY_ROLE, "members"),
            (ADMINISTRATIVE_UNIT, "_members"),
        )
        for holder in store.all(entity.kind)
        if ids.intersection(holder.get(members, []))
    ]
