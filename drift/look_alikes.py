"""Other principals that look like PlaceOS's and open mailboxes."""

from collections.abc import Iterator

from drift.finding import Finding
from drift.tenant import Grant, Tenant
from exchange.other_grants import opens_mailboxes
from exchange.records import RESTRICT, AccessPolicy
from graph.api import Document
from marks import marks_in
from permissions import Level
from permissions import by_id as known_permission


def look_alikes(tenant: Tenant) -> Iterator[Finding]:
    """Those of PlaceOS's name, with what they open, but for those that another stack of this code limits."""
    for one in tenant.alike():
        held = tenant.grants_of(str(one["id"]))
        opening = sorted({name for grant in held if (name := _opening(tenant, grant))})
        opening += sorted(_exchange_roles(tenant, str(one["id"])))
        if opening:
            yield from _finding(tenant, one, opening)


def _finding(tenant: Tenant, one: Document, opening: list[str]) -> Iterator[Finding]:
    client_id = str(one["appId"]).lower()
    limiting = [
        policy
        for policy in tenant.policies()
        if policy.names(client_id) and policy.access_right == RESTRICT and policy.app_id != "*"
    ]
    if limiting and all(marks_in(policy.description) for policy in limiting):
        return
    yield Finding(
        rule="look-alike",
        subject=client_id,
        what=f"{one.get('displayName')} ({client_id}) holds {', '.join(opening)} and opens "
        f"{_reach(tenant, limiting)}",
        where="Entra, Enterprise applications",
        level=Level.MODERATE if limiting else Level.CRITICAL,
        repair=f"# if nobody uses it (its sign-ins say so):\naz ad sp delete --id {client_id}",
    )


def _reach(tenant: Tenant, limiting: list[AccessPolicy]) -> str:
    if not limiting:
        return "every mailbox of the tenant"
    inside = tenant.everybody(one.group_object_id for one in limiting)
    return f"{len(inside):,} mailboxes"


def _opening(tenant: Tenant, grant: Grant) -> str:
    """The name of a permission that opens mailboxes; "" for one that does not."""
    service = tenant.service(grant.resource)
    name = service.roles.get(grant.role) or f"app role {grant.role}"
    known = known_permission(service.app_id, grant.role)
    return name if (known.mailbox if known else opens_mailboxes(name)) else ""


def _exchange_roles(tenant: Tenant, principal: str) -> set[str]:
    return {
        str(one["Role"])
        for one in tenant.exchange_roles()
        if str(one["RoleAssigneeName"]).lower() == principal.lower()
    }
