"""Users, those behind shared and room mailboxes included.

https://learn.microsoft.com/en-us/graph/api/resources/user
"""

from emulator.graph import query
from emulator.graph.authorization import READ_GROUPS, READ_MANAGERS, READ_USERS
from emulator.graph.entities import DIRECTORY_ROLE, GROUP, USER, Entity
from emulator.graph.errors import not_found
from emulator.graph.owners import limited
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document, Store

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/users", needs=READ_USERS)
def list_users(call: Call) -> Answer:
    """List users."""
    return query.many(call, USER, call.store.all("user"))


@OPERATIONS.on("GET", "/users/{id}", needs=READ_USERS)
def get_user(call: Call) -> Answer:
    """Read a user by its id or its user principal name."""
    return query.one(call, USER, find(call))


@OPERATIONS.on("GET", "/users/{id}/manager", needs=READ_MANAGERS)
def get_manager(call: Call) -> Answer:
    """Read a user's manager; nobody in this tenant has one."""
    find(call)
    raise not_found("manager")


@OPERATIONS.on("GET", "/users/{id}/memberOf", needs=(*READ_USERS, *READ_GROUPS))
def list_member_of(call: Call) -> Answer:
    """List the groups and directory roles that hold a user."""
    return query.mixed(call, holders(call.store, [find(call)["id"]]), limited(call))


@OPERATIONS.on("GET", "/users/{id}/transitiveMemberOf", needs=(*READ_USERS, *READ_GROUPS))
def list_transitive_member_of(call: Call) -> Answer:
    """List the groups and directory roles that hold a user, directly or through groups."""
    reached = [find(call)["id"]]
    found: list[tuple[Entity, Document]] = []
    while reached:
        known = [document["id"] for _, document in found]
        new = [(e, d) for e, d in holders(call.store, reached) if d["id"] not in known]
        found += new
        reached = [document["id"] for entity, document in new if entity is GROUP]
    return query.mixed(call, found, limited(call))


def find(call: Call) -> Document:
    """The user that the path names; GraphError when there is none."""
    name = call.params["id"]
    found = call.store.get("user", name) or next(
        (user for user in call.store.all("user") if user["userPrincipalName"].lower() == name.lower()), None
    )
    if found is None:
        raise not_found(name)
    return found


def holders(store: Store, ids: list[str]) -> list[tuple[Entity, Document]]:
    """The groups and directory roles that have one of the objects as a direct member."""
    groups = [(GROUP, g) for g in store.all("group") if set(ids) & set(g.get("_members", []))]
    roles = [(DIRECTORY_ROLE, r) for r in store.all("directoryRole") if set(ids) & set(r.get("members", []))]
    return groups + roles
