"""What an application holds beside what the code grants: app roles on Microsoft Graph and on Exchange."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import permissions
from graph import applications
from graph.api import GraphApi
from graph.service_principals import app_role_names, find_service_principal
from wire import NotFound

# The families of Microsoft Graph permissions that open mailboxes
# (https://learn.microsoft.com/graph/permissions-reference).
_OPENING = ("bookings", "calendars", "contacts", "ediscovery", "mail", "mailbox", "tasks")
# The same of protocols, in people's names
# (https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth),
# and whatever somebody may do in the directory, who may be an administrator.
_OPENING_AS_PEOPLE = frozenset({"ews", "imap", "pop", "smtp"})
_AS_PEOPLE = "Directory.AccessAsUser.All"
# With these an application can grant itself any of them or a role that opens them, or sign in as another that
# has them (https://learn.microsoft.com/graph/permissions-reference).
_SELF_GRANTING = frozenset(
    (
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.ReadWrite.Exchange",
    )
)


@dataclass(frozen=True)
class OtherGrant:
    """An app role; `name` is its value, such as Mail.Read, or its id when the resource offers it no more.

    opens_mailboxes: by itself, or by what the application can grant itself with it.
    """

    name: str
    resource: str
    opens_mailboxes: bool
    on_graph: bool

    def __str__(self) -> str:
        """As findings name it."""
        return f"{self.name} of {self.resource}"

    @property
    def accepted_as(self) -> str:
        """What `acceptedPermissions` calls it: two resources may have permissions of one name."""
        return self.name if self.on_graph else str(self)


def other_grants(graph: GraphApi, service_principal_id: str, wanted: Iterable[str]) -> list[OtherGrant]:
    """The app roles on Microsoft Graph, but for the permissions `wanted` by name, and on Exchange Online.

    NotFound when there is no such service principal. Whatever is granted on Exchange Online opens mailboxes,
    and so does a role that can't be named.
    """
    watched = dict(_watched(graph))
    ours = {permissions.find(name).id for name in wanted}
    others = [
        grant
        for grant in applications.app_role_assignments(graph, service_principal_id)
        if grant.resource_id in watched
        and not (watched[grant.resource_id] == permissions.GRAPH_APP_ID and grant.role_id in ours)
    ]
    names = {resource: app_role_names(graph, resource) for resource in {one.resource_id for one in others}}
    return [_other(names[one.resource_id].get(one.role_id), one, watched[one.resource_id]) for one in others]


def _watched(graph: GraphApi) -> Iterator[tuple[str, str]]:
    yield find_service_principal(graph, permissions.GRAPH_APP_ID), permissions.GRAPH_APP_ID
    try:
        yield find_service_principal(graph, permissions.EXCHANGE_APP_ID), permissions.EXCHANGE_APP_ID
    except NotFound:  # a tenant that never used it has no grant on it
        return


def _other(name: str | None, grant: applications.AppRoleAssignment, resource_app_id: str) -> OtherGrant:
    on_graph = resource_app_id == permissions.GRAPH_APP_ID
    opens = role_opens_mailboxes(resource_app_id, grant.role_id, name or "")
    return OtherGrant(name or f"app role {grant.role_id}", grant.resource_name, opens, on_graph)


def role_opens_mailboxes(service_app_id: str, role_id: str, name: str) -> bool:
    """Whether an app role of that service opens mailboxes, by itself or by what it can grant.

    Whatever is granted on Exchange Online does, and so does a role of Microsoft Graph that can't be named:
    `name` is "".
    """
    if service_app_id == permissions.EXCHANGE_APP_ID:
        return True
    if service_app_id == permissions.GRAPH_APP_ID and not name:
        return True
    known = permissions.by_id(service_app_id, role_id)
    return bool(known and known.mailbox) or opens_mailboxes(name)


def opens_mailboxes(name: str) -> bool:
    """Whether a permission of this name opens mailboxes, by itself or by what it can grant."""
    family = name.partition(".")[0].lower()
    return can_grant_itself(name) or family.startswith(_OPENING)


def scope_opens_mailboxes(service_app_id: str, scope: str) -> bool:
    """Whether a permission in people's names opens their mailboxes; whatever Exchange Online offers does."""
    if service_app_id == permissions.EXCHANGE_APP_ID or scope == _AS_PEOPLE:
        return True
    return opens_mailboxes(scope) or scope.partition(".")[0].lower() in _OPENING_AS_PEOPLE


def can_grant_itself(name: str) -> bool:
    """Whether who holds it can take any other permission or role, which no access policy limits."""
    return name in _SELF_GRANTING


def held_already(graph: GraphApi, service_principal_id: str, names: Iterable[str]) -> set[str]:
    """Which of these Microsoft Graph permissions are granted; NotFound as above."""
    service = find_service_principal(graph, permissions.GRAPH_APP_ID)
    granted = applications.app_role_assignments(graph, service_principal_id)
    roles = {grant.role_id for grant in granted if grant.resource_id == service}
    return {name for name in names if permissions.find(name).id in roles}


def not_accepted(found: Iterable[OtherGrant], accepted: Collection[str]) -> list[OtherGrant]:
    """Those that open mailboxes and are not accepted by name."""
    return [grant for grant in found if grant.opens_mailboxes and grant.accepted_as not in accepted]
