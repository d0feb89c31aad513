"""Groups. Mail-enabled ones can be read here; only Exchange can write them.

https://learn.microsoft.com/en-us/graph/api/resources/groups-overview
"""

import uuid

from emulator.clock import stamp
from emulator.graph import query
from emulator.graph.authorization import (
    MANAGE_GROUPS,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    READ_GROUPS,
    READ_MEMBERS,
    WRITE_APPLICATIONS,
    satisfies,
)
from emulator.graph.deletion import forget_in_roles
from emulator.graph.entities import APPLICATION, GROUP, SERVICE_PRINCIPAL, USER, Entity, merge
from emulator.graph.errors import bad_request, not_found, request_denied
from emulator.graph.memberships import membership_operations
from emulator.graph.owners import limited
from emulator.graph.relations import (
    add_reference,
    bound,
    directory_object,
    referenced,
    related,
    remove_reference,
)
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document, Store

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/groups", needs=READ_GROUPS)
def list_groups(call: Call) -> Answer:
    """List groups."""
    return query.many(call, GROUP, call.known("group", call.store.all("group")))


@OPERATIONS.on("GET", "/groups/{id}", needs=READ_GROUPS)
def get_group(call: Call) -> Answer:
    """Read a group."""
    return query.one(call, GROUP, find(call))


@OPERATIONS.on("GET", "/groups/{id}/members", needs=READ_MEMBERS)
def list_members(call: Call) -> Answer:
    """List the direct members of a group."""
    return query.mixed(call, related(call.store, find(call), "members"), limited(call))


@OPERATIONS.on("GET", "/groups/{id}/members/microsoft.graph.user", needs=READ_MEMBERS)
def list_people(call: Call) -> Answer:
    """List the users among the direct members of a group."""
    return _people(call, related(call.store, find(call), "members"))


@OPERATIONS.on("GET", "/groups/{id}/transitiveMembers", needs=READ_MEMBERS)
def list_transitive_members(call: Call) -> Answer:
    """List the members of a group and of the groups in it."""
    return query.mixed(call, _inside(call.store, find(call)), limited(call))


@OPERATIONS.on("GET", "/groups/{id}/transitiveMembers/microsoft.graph.user", needs=READ_MEMBERS)
def list_transitive_people(call: Call) -> Answer:
    """List the users among the members of a group and of the groups in it."""
    return _people(call, _inside(call.store, find(call)))


@OPERATIONS.on("GET", "/groups/{id}/owners", needs=READ_GROUPS)
def list_owners(call: Call) -> Answer:
    """List the owners of a group."""
    return query.mixed(call, related(call.store, find(call), "owners"), limited(call))


@OPERATIONS.on("POST", "/groups", needs=MANAGE_GROUPS)
def create_group(call: Call) -> Answer:
    """Create a security group without mail."""
    body = GROUP.accept(call.body)
    if body.get("mailEnabled"):
        raise bad_request(
            "The service does not currently support writing of mail-enabled groups. Please ensure that the "
            "mail-enablement property is unset and the security-enablement property is set."
        )
    for name in ("displayName", "mailNickname"):
        if not body.get(name):
            raise bad_request(f"Property {name} is required and must not be empty.")
    if body.get("isAssignableToRole"):
        _must_manage_roles(call)
        if not body.get("securityEnabled", True) or body.get("groupTypes"):
            raise bad_request("Only a security group with assigned members can be assignable to roles.")
    group = GROUP.whole({})
    merge(group, body)
    members = bound(call.store, call.body, "members")
    for object_id in members:
        _must_add(call, group, object_id)
    group |= {
        "id": str(uuid.uuid4()),
        "createdDateTime": stamp(call.tenant.clock.now()),
        "_members": members,
        "_owners": bound(call.store, call.body, "owners"),
    }
    call.store.put("group", group["id"], group)
    return query.one(call, GROUP, group, 201)


@OPERATIONS.on("PATCH", "/groups/{id}", needs=MANAGE_GROUPS)
def update_group(call: Call) -> Answer:
    """Change a security group without mail."""
    group = _writable(call)
    change = GROUP.accept(call.body, group)
    if change.get("isAssignableToRole", group.get("isAssignableToRole")) != group.get("isAssignableToRole"):
        raise bad_request("Property 'isAssignableToRole' is read-only and cannot be set.")
    whole = {**GROUP.whole({}), **group}
    merge(whole, change)
    call.store.put("group", group["id"], whole)
    return NO_CONTENT


@OPERATIONS.on("DELETE", "/groups/{id}", needs=MANAGE_GROUPS)
def remove_group(call: Call) -> Answer:
    """Delete a security group without mail."""
    group = _writable(call)
    forget_in_roles(call.store, group["id"])
    call.store.delete("group", group["id"])
    return NO_CONTENT


@OPERATIONS.on("POST", "/groups/{id}/members/$ref", needs=MANAGE_MEMBERS)
def add_member(call: Call) -> Answer:
    """Add a member to a security group without mail."""
    added = referenced(call.store, call.body.get("@odata.id"))
    group = _filled(call)
    _must_add(call, group, added)
    add_reference(call.store, GROUP, group, "members", added)
    return NO_CONTENT


@OPERATIONS.on("DELETE", "/groups/{id}/members/{member}/$ref", needs=MANAGE_MEMBERS)
def remove_member(call: Call) -> Answer:
    """Remove a member from a security group without mail."""
    remove_reference(call.store, GROUP, _filled(call), "members", call.params["member"])
    return NO_CONTENT


@OPERATIONS.on("POST", "/groups/{id}/owners/$ref", needs=MANAGE_GROUPS)
def add_owner(call: Call) -> Answer:
    """Add an owner to a security group without mail."""
    added = referenced(call.store, call.body.get("@odata.id"))
    add_reference(call.store, GROUP, _writable(call), "owners", added)
    return NO_CONTENT


@OPERATIONS.on("DELETE", "/groups/{id}/owners/{owner}/$ref", needs=MANAGE_GROUPS)
def remove_owner(call: Call) -> Answer:
    """Remove an owner from a security group without mail."""
    remove_reference(call.store, GROUP, _writable(call), "owners", call.params["owner"])
    return NO_CONTENT


def find(call: Call) -> Document:
    """The group that the path names; GraphError when there is none."""
    found = call.store.get("group", call.params["id"])
    if found is None or not call.known("group", [found], "read"):
        raise not_found(call.params["id"])
    return found


membership_operations(OPERATIONS, ("/groups/{id}",), find, READ_GROUPS, READ_GROUPS)


def _writable(call: Call) -> Document:
    group = find(call)
    if group.get("onPremisesSyncEnabled"):
        raise bad_request(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or "
            "objects currently undergoing migration."
        )
    if group.get("mailEnabled"):
        raise bad_request("Cannot Update a mail-enabled security groups and or distribution list.")
    if group.get("isAssignableToRole"):
        _must_manage_roles(call)
    return group


def _filled(call: Call) -> Document:
    """A group whose members are assigned; one that fills itself takes and gives none.

    https://learn.microsoft.com/en-us/entra/identity/users/groups-dynamic-membership; that Graph says so as it
    does when a right is missing is known from microsoftgraph/msgraph-sdk-powershell #1539, and not confirmed.
    """
    group = _writable(call)
    if "DynamicMembership" in group.get("groupTypes", ()):
        raise request_denied()
    return group


def _must_add(call: Call, group: Document, object_id: str) -> None:
    """GraphError for what can't be a member, or not by this caller.

    https://learn.microsoft.com/en-us/graph/api/group-post-members: a service principal takes the right to
    write applications, too. The texts are not confirmed.
    """
    entity, _ = directory_object(call.store, object_id)
    if entity is APPLICATION:
        raise bad_request("An application can't be a member of a group: its service principal can.")
    if entity is SERVICE_PRINCIPAL and not satisfies(call.token, WRITE_APPLICATIONS):
        raise request_denied()
    if entity is GROUP and group.get("isAssignableToRole"):
        raise bad_request("Nesting is currently not supported for groups that can be assigned to a role.")


def _must_manage_roles(call: Call) -> None:
    """Who makes, or fills, a group that roles can be given to could give itself these roles.

    https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/groups-concept
    """
    if not satisfies(call.token, MANAGE_ROLES):
        raise request_denied()


def _people(call: Call, objects: list[tuple[Entity, Document]]) -> Answer:
    return query.mixed(call, [(entity, one) for entity, one in objects if entity is USER], limited(call))


def _inside(store: Store, group: Document) -> list[tuple[Entity, Document]]:
    found: dict[str, tuple[Entity, Document]] = {}
    waiting = [group]
    while waiting:
        for entity, member in related(store, waiting.pop(), "members"):
            if member["id"] not in found:
                found[member["id"]] = (entity, member)
                if entity is GROUP:
                    waiting.append(member)
    return list(found.values())
