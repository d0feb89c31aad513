"""The looks at the tenant, in the order of the report: what is looked at, and with what it fails."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from drift import (
    access_policies,
    administrators,
    credentials,
    delegated,
    doors,
    exchange_roles,
    existence,
    full_access,
    granted,
    group_lock,
    group_uses,
    look_alikes,
    memberships,
    owned,
    owners,
    registration,
    retained,
    scope_members,
)  # fmt: skip
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from wire import NotFound, WireError

_AGAIN = "run it again"
UNREADABLE = (WireError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""With what a look ends when a service fails, or answers in another shape than it is known to."""

Looks = Mapping[str, Callable[[Tenant], Iterator[Finding]]]

LOOKS: Looks = {
    "the application itself": existence.application,
    "the groups themselves": existence.groups,
    "what the state no longer holds": existence.recorded,
    "what it is called and asks for": registration.registration,
    "application permissions": granted.application_permissions,
    "delegated permissions": delegated.delegated_permissions,
    "client secrets": credentials.secrets,
    "certificates": credentials.certificates,
    "federated credentials": credentials.federated,
    "credentials of the service principal": credentials.on_principal,
    "owners": owners.owners,
    "roles over the application": administrators.administrators,
    "doors of the application": doors.doors,
    "whether it may sign in": doors.stopped,
    "what it owns": owned.owned,
    "directory roles": memberships.roles,
    "groups and roles through them": memberships.groups,
    "access policies": access_policies.policies,
    "roles in Exchange": exchange_roles.roles,
    "role groups of Exchange": exchange_roles.groups,
    "locks of the groups": group_lock.locks,
    "members of the scope": scope_members.members,
    "other uses of the groups": group_uses.uses,
    "join rules of others' groups": group_uses.doors,
    "principals that look like PlaceOS's": look_alikes.look_alikes,
    "policies that destroyed stacks kept": retained.policies,
    "groups that destroyed stacks kept": retained.groups,
}
"""By what they look at."""

AT_EVERY_MAILBOX: Looks = {**LOOKS, "full access to mailboxes": full_access.full_access}
"""The same with one call for each mailbox of the tenant."""

HELD: Mapping[str, frozenset[Managed]] = {
    "what it is called and asks for": registration.HELD,
    "owners": owners.HELD,
    "doors of the application": doors.HELD,
    "whether it may sign in": doors.STOPPED,
    "access policies": access_policies.HELD,
    "locks of the groups": group_lock.HELD,
}
"""What a look holds against the code, so that Pulumi's drift, which is against the state, adds nothing."""


@dataclass(frozen=True)
class Unseen:
    """What could not be looked at: why, and what to do about it."""

    about: str
    reason: str
    fix: str


def look(
    about: str, ask: Callable[[Tenant], Iterator[Finding]], tenant: Tenant
) -> Iterator[Finding | Unseen]:
    """What one look tells; one that breaks off keeps what it saw, and says so."""
    try:
        yield from ask(tenant)
    except UNREADABLE as error:
        yield from blind(about, error, tenant)


def blind(about: str, error: Exception, tenant: Tenant) -> list[Unseen]:
    """What a look that ended so did not see: nothing where it asked what is gone, and a finding says so."""
    try:
        nothing_there = isinstance(error, NotFound) and any(map(error.operation.__contains__, tenant.gone()))
    except UNREADABLE:
        nothing_there = False
    return [] if nothing_there else [_unseen(about, error)]


def _unseen(about: str, error: Exception) -> Unseen:
    """The request's id, which is another each time, is left out."""
    if isinstance(error, WireError):
        reason = f"{error.service}: {error.operation}: {error.reason.rstrip('.')}"
        return Unseen(about, reason, error.advice or _AGAIN)
    reason = f"an answer is not of a known shape ({type(error).__name__}: {error})"
    return Unseen(about, reason, "let an administrator look at it, and please report this line")
