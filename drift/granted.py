"""What was consented to for the application itself: application permissions on every service."""

from collections.abc import Iterator

import permissions
from drift import code_lines, commands
from drift.finding import Finding, Managed
from drift.tenant import Grant, Service, Tenant
from exchange.other_grants import role_opens_mailboxes
from permissions import Level
from review.types import APP_ROLE_ASSIGNMENT

WHERE = "Entra, Enterprise applications, Permissions"
_NAMES = {one.resource.app_id: one.resource.name for one in permissions.known()}
"""What Microsoft's services are called, by their client ids."""


def application_permissions(tenant: Tenant) -> Iterator[Finding]:
    """Each permission that is granted and not in the code, and each that is in the code and not granted."""
    code, found = tenant.code, set()
    for grant in tenant.grants():
        service = tenant.service(grant.resource)
        name = service.roles.get(grant.role) or f"app role {grant.role}"
        if service.app_id == permissions.GRAPH_APP_ID and name in code.permissions:
            found.add(name)
        elif not _somebody_elses(tenant, service, name, grant):
            yield _extra(tenant, grant, service, name)
    for name in sorted(code.permissions - found):
        yield Finding(
            rule="permission-missing",
            subject=name,
            what=f"{name} of Microsoft Graph is not granted: {permissions.find(name).opens}",
            where=WHERE,
            level=Level.MODERATE,
            repair=commands.up(code.stack),
            accept=code_lines.setting(code, "permissions", code.permissions - {name}),
            also=frozenset({Managed(APP_ROLE_ASSIGNMENT)}),
        )


def _somebody_elses(tenant: Tenant, service: Service, name: str, grant: Grant) -> bool:
    """What an existing application has besides, if it opens no mailbox or is accepted by name."""
    code = tenant.code
    if not code.existing:
        return False
    opens = role_opens_mailboxes(service.app_id, grant.role, service.roles.get(grant.role, ""))
    on_graph = service.app_id == permissions.GRAPH_APP_ID
    accepted_as = name if on_graph else f"{name} of {called(service, grant.resource, grant.resource_name)}"
    return not opens or accepted_as in code.accepted_permissions


def _extra(tenant: Tenant, grant: Grant, service: Service, name: str) -> Finding:
    known = permissions.by_id(service.app_id, grant.role)
    resource = called(service, grant.resource, grant.resource_name)
    opens = f": {known.opens}" if known else ""
    return Finding(
        rule="permission-not-in-code",
        subject=f"{name} of {resource}",
        what=f"{name} of {resource} is granted{opens}",
        where=WHERE,
        level=known.level if known else Level.HIGH,
        since=grant.since,
        repair=commands.delete(
            tenant.graph, f"/servicePrincipals/{grant.resource}/appRoleAssignedTo/{grant.id}"
        ),
        accept=_with(tenant, name) if known and known.grantable else "",
    )


def _with(tenant: Tenant, name: str) -> str:
    return code_lines.setting(tenant.code, "permissions", tenant.code.permissions | {name})


def called(service: Service, object_id: str, name: str = "") -> str:
    """Anybody may register a service of any name: what is none of Microsoft's is told with its client id."""
    id_ = service.app_id or object_id
    return _NAMES.get(service.app_id) or (f"{name} ({id_})" if name else f"the service {id_}")
