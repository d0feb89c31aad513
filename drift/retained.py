"""What destroyed stacks kept: policies whose application is gone, and groups that no policy names.

A mark is text that whoever administers Exchange, or keeps a group, can write. It finds what may be a leftover
and proves nothing: whether the application is gone Entra says, and every command is guarded.
"""

from collections.abc import Iterator

from drift import commands
from drift.finding import Finding
from drift.tenant import Tenant
from exchange import groups as exchange_groups
from exchange.records import AccessPolicy
from graph.restorable import whereabouts
from marks import marks_in
from permissions import Level

_WHERE = "Exchange Online, Get-ApplicationAccessPolicy"


def policies(tenant: Tenant) -> Iterator[Finding]:
    """Those that carry a stack's mark, of applications that are gone; one that exists needs its policy."""
    marked = [
        one
        for one in tenant.policies()
        if one.app_id not in {"*", tenant.code.client_id} and marks_in(one.description)
    ]
    where = whereabouts(tenant.graph, (one.app_id for one in marked))
    for one in marked:
        application = where[one.app_id]
        if application.deleted and not _limits_to_own_groups(tenant, one):
            yield _restorable(tenant, one, application.deleted)
        elif not application.exists and not application.deleted:
            yield Finding(
                rule="retained-scope",
                subject=one.identity,
                what=f"a policy for the application {one.app_id}, which is gone for good, is left",
                where=_WHERE,
                level=Level.LOW,
                repair=_end(tenant, one),
            )


def groups(tenant: Tenant) -> Iterator[Finding]:
    """Groups that carry a stack's mark and that no policy names, whosever."""
    named = {one.group_object_id for one in tenant.policies()} | tenant.code.group_ids
    for object_id, notes in sorted(tenant.group_notes().items()):
        marks = marks_in(notes)
        if marks and object_id not in named:
            yield _left_group(tenant, object_id, marks[0])


def _limits_to_own_groups(tenant: Tenant, policy: AccessPolicy) -> bool:
    """Whether it is this stack's own, of an application that a run has made anew: it opens no more than that.

    Once that application is gone for good, the policy is told.
    """
    return (
        tenant.code.mark in marks_in(policy.description) and policy.group_object_id in tenant.code.group_ids
    )


def _restorable(tenant: Tenant, policy: AccessPolicy, deleted: str) -> Finding:
    """The policy has to stay until then: a restored application has its permissions again."""
    return Finding(
        rule="restorable-scope",
        subject=policy.identity,
        what=f"the application {policy.app_id} is deleted and can be restored, with all that was granted to "
        "it; a policy that a stack kept limits it",
        where="Entra, App registrations, Deleted applications",
        level=Level.LOW,
        repair=f"# if nobody is going to restore it; its policy stays until then:\n"
        f"{commands.delete(tenant.graph, f'/directory/deletedItems/{deleted}')}",
    )


def _left_group(tenant: Tenant, object_id: str, mark: str) -> Finding:
    """Its address is told if it is still there when it is asked for."""
    known = exchange_groups.find(tenant.exchange, object_id, notes="")
    called = known.address if known else object_id
    remove = commands.cmdlet_as_administrator("Remove-DistributionGroup", Identity=object_id)
    finish = f"roomctl finish-destroy {mark} --group {called} --yes"
    return Finding(
        rule="retained-group",
        subject=object_id,
        what=f"the group {called} carries the mark {mark}, and no policy names it",
        where="Exchange Online, Get-Group",
        level=Level.LOW,
        repair="# if who owns the group says that it is a leftover: whoever keeps it can write a mark\n"
        f"{remove if mark == tenant.code.mark else finish}",
    )


def _end(tenant: Tenant, policy: AccessPolicy) -> str:
    """The group goes with it if it is that stack's, and not the living one's."""
    mark = marks_in(policy.description)[0]
    group = exchange_groups.find(tenant.exchange, policy.group_object_id) if policy.group_object_id else None
    if mark == tenant.code.mark or group is None or mark not in group.notes:
        return commands.cmdlet("Remove-ApplicationAccessPolicy", Identity=policy.identity)
    return f"roomctl finish-destroy {mark} --group {group.address} --yes"
