"""Policies that a destroyed stack kept, and whose application is gone for good."""

from collections.abc import Iterator

from drift import commands
from drift.finding import Finding
from drift.tenant import Tenant
from exchange import groups
from exchange.records import AccessPolicy
from graph.restorable import gone_for_good
from marks import marks_in
from permissions import Level


def retained(tenant: Tenant) -> Iterator[Finding]:
    """Those that carry a stack's mark; as long as the application could be restored they have to stay."""
    marked = [
        one
        for one in tenant.policies()
        if one.app_id not in {"*", tenant.code.client_id} and marks_in(one.description)
    ]
    gone = gone_for_good(tenant.graph, (one.app_id for one in marked))
    for one in marked:
        if one.app_id in gone:
            yield Finding(
                rule="retained-scope",
                subject=one.identity,
                what=f"a policy for the application {one.app_id}, which is gone for good, is left",
                where="Exchange Online, Get-ApplicationAccessPolicy",
                level=Level.LOW,
                repair=_end(tenant, one),
            )


def _end(tenant: Tenant, policy: AccessPolicy) -> str:
    """The group goes with it if it is that stack's, and not the living one's."""
    mark = marks_in(policy.description)[0]
    group = groups.find(tenant.exchange, policy.group_object_id) if policy.group_object_id else None
    if mark == tenant.code.mark or group is None or mark not in group.notes:
        return commands.cmdlet("Remove-ApplicationAccessPolicy", Identity=policy.identity)
    return f"roomctl finish-destroy {mark} --group {group.address} --yes"
