"""What the principal is part of: directory roles, and groups with all that they give."""

from collections.abc import Iterator

from drift import commands
from drift.counted import counted
from drift.facts import facts
from drift.finding import Finding
from drift.tenant import Tenant
from graph import directory_roles
from graph.api import Document
from permissions import Level

GROUP = "#microsoft.graph.group"
"""The `@odata.type` of a group, among what something is a member of."""
_ROLE = "#microsoft.graph.directoryRole"
# Roles that can give themselves the rest (learn.microsoft.com/entra/identity/role-based-access-control/
# permissions-reference, marked as privileged), and the one that administers Exchange.
KEYS_OF_THE_TENANT = frozenset({
    directory_roles.GLOBAL_ADMINISTRATOR,
    directory_roles.EXCHANGE_ADMINISTRATOR,
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication Administrator
})  # fmt: skip


def roles(tenant: Tenant) -> Iterator[Finding]:
    """Directory roles that were given to the principal itself; the code gives it none."""
    assigned = tenant.entries("directory roles")
    names = directory_roles.names(tenant.graph) if assigned else {}
    for one in assigned:
        role, scope = str(one["roleDefinitionId"]).lower(), str(one.get("directoryScopeId") or "/")
        where = "" if scope == directory_roles.WHOLE_TENANT else f" on {scope}"
        yield Finding(
            rule="directory-role",
            subject=f"{names.get(role, role)}{where}",
            what=f"it holds the role {names.get(role, role)}{where}",
            where="Entra, Roles and administrators",
            level=Level.CRITICAL if role in KEYS_OF_THE_TENANT else Level.HIGH,
            repair=commands.delete(tenant.graph, f"/roleManagement/directory/roleAssignments/{one['id']}"),
        )


def groups(tenant: Tenant) -> Iterator[Finding]:
    """Groups that hold the principal, directly or through others, and the roles that come with them."""
    held = tenant.entries("memberships")
    own_roles = {
        role["roleDefinitionId"]
        for role in tenant.entries("directory roles")
        if role["directoryScopeId"] == directory_roles.WHOLE_TENANT  # only such are among the memberships
    }
    through = [
        one for one in held if one["@odata.type"] == _ROLE and one.get("roleTemplateId") not in own_roles
    ]
    direct = {_id(one): one for one in tenant.entries("direct memberships") if one["@odata.type"] == GROUP}
    by_way_of = ", ".join(sorted(_name(one) for one in direct.values()))
    for one in held:
        if one["@odata.type"] != GROUP:
            continue
        is_direct = _id(one) in direct
        way = "" if is_direct else f", through {by_way_of or 'another one'}"
        yield Finding(
            rule="group-membership",
            subject=_id(one),
            what=f"it is in the group {_name(one)} ({_id(one)}){way}{_with_roles(len(through))}",
            where="Entra, Groups",
            level=Level.CRITICAL if through else Level.MODERATE,
            holds=facts(f"the role {_name(role)}" for role in through),
            repair=commands.out_of_group(tenant.graph, direct[_id(one)], tenant.code.principal)
            if is_direct
            else commands.note(f"it leaves {_name(one)} with {by_way_of or 'the group that is in it'}"),
        )


def _id(group: Document) -> str:
    return str(group["id"]).lower()


def _name(group: Document) -> str:
    return " ".join(str(group.get("displayName") or group["id"]).split())


def _with_roles(count: int) -> str:
    return f", and holds {counted(count, 'directory role')} through groups" if count else ""
