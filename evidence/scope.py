"""Which mailboxes the application is kept to: its policies, and who is in the groups."""

from drift.code import CodeGroup
from drift.tenant import Tenant
from evidence.evidence import Group, Member, Policy
from evidence.looking import Looking


def policies(tenant: Tenant) -> tuple[Policy, ...]:
    """Every access policy that has a say over the application."""
    return tuple(
        Policy(
            identity=one.identity,
            right=one.access_right,
            group=_called(tenant, one.group_object_id),
            every_application=one.app_id == "*",
            description=one.description,
        )
        for one in tenant.naming()
    )


def groups(tenant: Tenant, looking: Looking) -> tuple[Group, ...]:
    """The groups of the scope with everybody in them, those of groups in them included."""
    return tuple(_group(tenant, one, looking) for one in tenant.code.groups)


def _group(tenant: Tenant, group: CodeGroup, looking: Looking) -> Group:
    found = looking.at(f"members of {group.address}", lambda: _members(tenant, group.object_id))
    return Group(group.address, group.object_id, group.kind.name, found)


def _members(tenant: Tenant, group: str) -> tuple[Member, ...]:
    everybody = tenant.everybody([group]).values()
    listed = (Member(one.address, one.name, one.type_details) for one in everybody)
    return tuple(sorted(listed, key=lambda one: (one.address, one.name)))


def _called(tenant: Tenant, object_id: str) -> str:
    known = tenant.code.group(object_id)
    return known.address if known else object_id
