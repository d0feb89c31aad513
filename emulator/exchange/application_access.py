"""RBAC for Applications at work: which mailboxes Exchange's own roles open to an app.

learn.microsoft.com/exchange/permissions-exo/application-rbac: what a role opens is open beside what consent
opens, whatever an access policy says; of a group the direct members alone are in scope; Exchange has a change
at once, and a cache keeps Microsoft Graph from it for 30 minutes to 2 hours. Here that is the tenant's policy
delay, for what is given and for what is taken away. Changes of a group's members count at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from emulator.clock import parse_stamp
from emulator.exchange.filters import direct_groups, parse
from emulator.store import Document, Store

APPLICATION_ROLES: dict[str, tuple[str, ...]] = {
    f"Application {name}": permissions
    for name, permissions in {
        **{
            name: (name,)
            for name in (
                "Mail.Read", "Mail.ReadBasic", "Mail.ReadWrite", "Mail.Send", "MailboxSettings.Read",
                "MailboxSettings.ReadWrite", "Calendars.Read", "Calendars.ReadWrite", "Contacts.Read",
                "Contacts.ReadWrite", "MailboxFolder.ReadWrite", "MailboxItem.Read", "MailboxItem.ReadWrite",
                "MailboxItem.Export", "MailboxItem.ImportExport", "MailboxConfigItem.Read",
                "MailboxConfigItem.ReadWrite", "MailTips.ReadBasic.All", "Mail-Advanced.ReadWrite.All",
                "EWS.AccessAsApp", "SMTP.SendAsApp",
            )
        },
        "MailboxFolder.Read": ("MailboxFolder.Read.All",),
        "Mail Full Access": ("Mail.ReadWrite", "Mail.Send"),
        "Exchange Full Access": (
            "Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite", "Calendars.ReadWrite",
            "Contacts.ReadWrite",
        ),
    }.items()
}  # fmt: skip
"""The application roles, and the permissions that each gives."""


def standing(store: Store, kind: str) -> list[Document]:
    """The role assignments or management scopes that Exchange has now."""
    return [one for one in store.all(kind) if "_removed" not in one]


def assignments_of(store: Store, object_id: str) -> list[Document]:
    """The standing role assignments of a service principal."""
    found = standing(store, "managementRoleAssignment")
    return [one for one in found if one["RoleAssigneeName"].lower() == object_id.lower()]


def assignment_key(assignment: Document) -> str:
    """Under which id it is kept: one of the same name may follow a removed one."""
    removed = assignment.get("_removed")
    return f"{assignment['Name']} removed {removed}" if removed else str(assignment["Name"])


def in_scope(store: Store, assignment: Document, mailbox: Document) -> bool:
    """Whether a role assignment is about the mailbox, as Exchange has it now."""
    return _holds(store, assignment, mailbox, lambda versions: versions[-1])


def opened_in_graph(store: Store, now: datetime, object_id: str, mailbox: Document) -> frozenset[str]:
    """The permissions that a service principal's roles give on a mailbox, as Microsoft Graph has them now."""
    delay = timedelta(seconds=(store.get("tenant", "tenant") or {})["policyDelay"])

    def known(versions: list[Document]) -> Document:
        """The newest version that is old enough; the first when none is."""
        old = [one for one in versions if parse_stamp(one["since"]) + delay <= now]
        return (old or versions)[-1 if old else 0]

    return frozenset(
        permission
        for one in store.all("managementRoleAssignment")
        if one["RoleAssigneeName"].lower() == object_id.lower()
        and _in_force(one, delay, now)
        and _holds(store, one, mailbox, known)
        for permission in APPLICATION_ROLES.get(one["Role"], ())
    )


def forget_application(store: Store, object_id: str) -> None:
    """Entra deleted a service principal: its pointer and its role assignments go, scopes stay."""
    store.delete("exchangeServicePrincipal", object_id)
    for assignment in store.all("managementRoleAssignment"):
        if assignment["RoleAssigneeName"].lower() == object_id.lower():
            store.delete("managementRoleAssignment", assignment_key(assignment))


def _in_force(assignment: Document, delay: timedelta, now: datetime) -> bool:
    created, removed = assignment.get("_created"), assignment.get("_removed")
    if created is not None and parse_stamp(created) + delay > now:
        return False
    return removed is None or now < parse_stamp(removed) + delay


def _holds(
    store: Store,
    assignment: Document,
    mailbox: Document,
    version: Callable[[list[Document]], Document],
) -> bool:
    kind, id_ = assignment.get("_scope") or ("organization", "")
    object_id = mailbox["ExternalDirectoryObjectId"].lower()
    if kind == "organization":
        return True
    if kind == "managementScope":
        scope = store.get(kind, id_)
        # a scope that is gone holds nobody
        return scope is not None and parse(version(scope["_filters"])["filter"])(
            mailbox | {"MemberOfGroup": direct_groups(store).get(object_id, [])}
        )
    members = (store.get(kind, id_) or {}).get("_members", [])
    return object_id in [member.lower() for member in members]
