"""Users, those behind shared and room mailboxes included.

https://learn.microsoft.com/en-us/graph/api/resources/user
"""

from emulator.graph import query
from emulator.graph.authorization import READ_GROUPS, READ_MANAGERS, READ_USERS
from emulator.graph.entities import USER
from emulator.graph.errors import not_found
from emulator.graph.memberships import membership_operations
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document

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


def find(call: Call) -> Document:
    """The user that the path names; GraphError when there is none."""
    name = call.params["id"]
    found = call.store.get("user", name) or next(
        (user for user in call.store.all("user") if user["userPrincipalName"].lower() == name.lower()), None
    )
    if found is None:
        raise not_found(name)
    return found


membership_operations(
    OPERATIONS, ("/users/{id}",), find, (*READ_USERS, *READ_GROUPS), (*READ_USERS, *READ_GROUPS)
)
