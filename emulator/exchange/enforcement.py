"""Application access policies at work: what Exchange says at once, and what Microsoft Graph does later.

Rules: learn.microsoft.com/powershell/module/exchangepowershell/new-applicationaccesspolicy
Delays: learn.microsoft.com/graph/auth-limit-mailbox-access (longer than an hour after a policy was made)
and learn.microsoft.com/powershell/module/exchangepowershell/remove-applicationaccesspolicy (up to 30
minutes after it was removed).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from emulator.clock import EmulatedClock, parse_stamp
from emulator.directory import groups_of
from emulator.store import Document, Store

Access = Literal["granted", "denied"]

EVERY_APP = "*"
REMOVAL_DELAY = timedelta(minutes=30)


def configured_access(store: Store, client_id: str, mailbox: Document) -> Access:
    """What Test-ApplicationAccessPolicy says: every change counts at once."""
    return _decide(
        store,
        [policy for policy in store.all("accessPolicy") if "_removed" not in policy],
        client_id,
        mailbox,
    )


def mailbox_access(store: Store, clock: EmulatedClock, client_id: str, mailbox: Document) -> Access:
    """What Microsoft Graph does now, which isn't what Exchange says.

    New policies count after the tenant's policy delay, removed ones until the shorter of that delay and 30
    minutes has passed. Changes of a group's members count at once.
    """
    head = store.get("tenant", "tenant")
    if head is None:
        raise LookupError("this store holds no tenant, so no policy delay: seed it from a tenant file first")
    delay, now = timedelta(seconds=head["policyDelay"]), clock.now()
    return _decide(
        store, [p for p in store.all("accessPolicy") if _in_force(p, delay, now)], client_id, mailbox
    )


def scope_of(policy: Document) -> str:
    """The object id, in small letters, of the group (or mailbox) that a policy is about."""
    return str(policy["ScopeIdentityRaw"]).rpartition(";")[2].lower()


def evaluate(matching: Iterable[tuple[str, bool]]) -> Access:
    """Microsoft's rules over an app's policies: each one's right, and whether its scope has the mailbox.

    A DenyAccess policy of the mailbox decides first; then any RestrictAccess policy of the mailbox grants;
    then any other RestrictAccess policy of the app denies; else access is granted.
    """
    rules = set(matching)
    if ("DenyAccess", True) in rules:
        return "denied"
    if ("RestrictAccess", True) in rules:
        return "granted"
    return "denied" if ("RestrictAccess", False) in rules else "granted"


def _decide(store: Store, policies: list[Document], client_id: str, mailbox: Document) -> Access:
    of_app = [policy for policy in policies if policy["AppId"].lower() in (EVERY_APP, client_id.lower())]
    if not of_app:
        return "granted"
    id_ = mailbox["ExternalDirectoryObjectId"]
    inside = groups_of(store, id_) | {id_.lower()}
    return evaluate((policy["AccessRight"], scope_of(policy) in inside) for policy in of_app)


def _in_force(policy: Document, delay: timedelta, now: datetime) -> bool:
    if parse_stamp(policy["_created"]) + delay > now:
        return False
    removed = policy.get("_removed")
    return removed is None or now < parse_stamp(removed) + min(delay, REMOVAL_DELAY)
