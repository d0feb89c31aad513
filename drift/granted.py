"""What was consented to: application permissions on every service, and permissions in people's names."""

from collections.abc import Iterator

import permissions
from drift import code_lines, commands
from drift.finding import Finding, Managed
from drift.tenant import Grant, Service, Tenant
from exchange.other_grants import opens_mailboxes, role_opens_mailboxes
from permissions import Level
from review.types import APP_ROLE_ASSIGNMENT

_WHERE = "Entra, Enterprise applications, Permissions"
_NAMES = {one.resource.app_id: one.resource.name for one in permissions.known()}
"""What Microsoft's services are called, by their client ids."""
# What signing in itself takes (learn.microsoft.com/entra/identity-platform/scopes-oidc).
_OF_SIGN_IN = frozenset({"openid", "profile", "email", "offline_access", "User.Read"})


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
            where=_WHERE,
            level=Level.MODERATE,
            repair=commands.up(code.stack),
            accept=code_lines.setting(code, "permissions", code.permissions - {name}),
            also=frozenset({Managed(APP_ROLE_ASSIGNMENT)}),
        )


def delegated_permissions(tenant: Tenant) -> Iterator[Finding]:
    """Each grant by which the application may act in the name of people; the code never makes one."""
    for one in tenant.entries("delegated grants"):
        scopes = sorted(str(one.get("scope") or "").split())
        person = str(one.get("principalId") or "")
        whose = f"the person {person}" if person else "everybody"
        service = _called(tenant.service(str(one["resourceId"]).lower()), str(one["resourceId"]))
        yield Finding(
            rule="delegated-grant",
            subject=f"{' '.join(scopes)} of {service} in the name of {whose}",
            what=f"it may use {', '.join(scopes) or 'no scope'} of {service} in the name of {whose}",
            where=_WHERE,
            level=_of_scopes(scopes, everybody=not person),
            repair=commands.delete(tenant.graph, f"/oauth2PermissionGrants/{one['id']}"),
        )


def _somebody_elses(tenant: Tenant, service: Service, name: str, grant: Grant) -> bool:
    """What an existing application has besides, if it opens no mailbox or is accepted by name."""
    code = tenant.code
    if not code.existing:
        return False
    opens = role_opens_mailboxes(service.app_id, grant.role, service.roles.get(grant.role, ""))
    on_graph = service.app_id == permissions.GRAPH_APP_ID
    accepted_as = name if on_graph else f"{name} of {_called(service, grant.resource, grant.resource_name)}"
    return not opens or accepted_as in code.accepted_permissions


def _extra(tenant: Tenant, grant: Grant, service: Service, name: str) -> Finding:
    known = permissions.by_id(service.app_id, grant.role)
    called = _called(service, grant.resource, grant.resource_name)
    opens = f": {known.opens}" if known else ""
    return Finding(
        rule="permission-not-in-code",
        subject=f"{name} of {called}",
        what=f"{name} of {called} is granted{opens}",
        where=_WHERE,
        level=known.level if known else Level.HIGH,
        since=grant.since,
        repair=commands.delete(
            tenant.graph, f"/servicePrincipals/{grant.resource}/appRoleAssignedTo/{grant.id}"
        ),
        accept=_with(tenant, name) if known and known.grantable else "",
    )


def _with(tenant: Tenant, name: str) -> str:
    return code_lines.setting(tenant.code, "permissions", tenant.code.permissions | {name})


def _called(service: Service, object_id: str, name: str = "") -> str:
    """Anybody may register a service of any name: what is none of Microsoft's is told with its client id."""
    id_ = service.app_id or object_id
    return _NAMES.get(service.app_id) or (f"{name} ({id_})" if name else f"the service {id_}")


def _of_scopes(scopes: list[str], *, everybody: bool) -> Level:
    if set(scopes) <= _OF_SIGN_IN:
        return Level.LOW
    return Level.CRITICAL if everybody and any(map(opens_mailboxes, scopes)) else Level.HIGH
