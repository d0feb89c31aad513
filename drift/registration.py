"""What the application and its principal are called and ask for, against the code.

A state that was refreshed may have taken over what somebody made of them.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import permissions
from drift import commands
from drift.facts import among, beyond
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from graph.api import Document
from graph.containment import containment
from marks import notes_of
from permissions import Level
from review.types import APPLICATION, SERVICE_PRINCIPAL

_APPLICATION, _PRINCIPAL = "application", "service principal"
_FEATURES = ("tags", "featureTags", "features")
HELD = frozenset({
    *(Managed(APPLICATION, one) for one in ("displayName", "notes", "requiredResourceAccesses", *_FEATURES)),
    *(Managed(SERVICE_PRINCIPAL, one) for one in ("displayName", "notes", "appRoleAssignmentRequired")),
    *(Managed(SERVICE_PRINCIPAL, one) for one in _FEATURES),
})  # fmt: skip
"""What of Pulumi's own drift the code says better than the state."""


def registration(tenant: Tenant) -> Iterator[Finding]:
    """Properties of an application that the stack made, and of its principal.

    One that somebody made in place of the stack's is another finding, whatever it is called.
    """
    if tenant.code.existing:
        return
    yield from _application(tenant)
    if not tenant.replaced:
        yield from _principal(tenant)


def _application(tenant: Tenant) -> Iterator[Finding]:
    """A containment writes notes of its own, which another look tells."""
    code, found = tenant.code, tenant.document("application")
    yield from _otherwise(tenant, _APPLICATION, "displayName", found.get("displayName"), code.name)
    if containment(str(found.get("notes") or "")) is None:
        yield from _otherwise(tenant, _APPLICATION, "notes", found.get("notes"), notes_of(code.mark))
    asked_for = _asked_for(found.get("requiredResourceAccess") or [])
    yield from _otherwise(tenant, _APPLICATION, "requiredResourceAccess", asked_for, sorted(code.permissions))
    yield from _tags(tenant, _APPLICATION, f"/applications/{code.application}", found)


def _principal(tenant: Tenant) -> Iterator[Finding]:
    code, found = tenant.code, tenant.document("principal")
    yield from _otherwise(tenant, _PRINCIPAL, "notes", found.get("notes"), notes_of(code.mark))
    is_required = bool(found.get("appRoleAssignmentRequired"))
    yield from _otherwise(tenant, _PRINCIPAL, "appRoleAssignmentRequired", is_required, False)
    yield from _tags(tenant, _PRINCIPAL, f"/servicePrincipals/{code.principal}", found)


def _tags(tenant: Tenant, whose: str, path: str, found: Document) -> Iterator[Finding]:
    """By hand: azuread takes tags over and never takes them away, for they are computed.

    https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application
    """
    held = sorted(map(str, found.get("tags") or ()))

    def sparing(accepted: Collection[str]) -> str:
        return commands.patch(tenant.graph, path, {"tags": among(held, accepted)})

    for one in _otherwise(tenant, whose, "tags", held, [], repair=sparing(())):
        yield replace(one, sparing=sparing)


def _otherwise(  # noqa: PLR0913, PLR0917 - the parts of one finding
    tenant: Tenant, whose: str, name: str, found: Any, should: Any, repair: str = ""
) -> Iterator[Finding]:
    if found != should:
        yield Finding(
            rule="managed-changed",
            subject=f"{name} of the {whose}",
            what=f"{name} of the {whose} is {_said(found)} and should be {_said(should)}",
            where="Entra, App registrations" if whose == _APPLICATION else "Entra, Enterprise applications",
            level=Level.LOW,
            holds=beyond(found, should),
            repair=repair or commands.up(tenant.code.stack),
        )


def _asked_for(requested: list[dict[str, Any]]) -> list[str]:
    """The permissions of Microsoft Graph by name, all others by their ids."""
    return sorted(
        _permission(str(service["resourceAppId"]), str(one["id"]), str(one["type"]))
        for service in requested
        for one in service.get("resourceAccess") or ()
    )


def _permission(service: str, id_: str, kind: str) -> str:
    known = permissions.by_id(service, id_)
    if known and kind == "Role" and service.lower() == permissions.GRAPH_APP_ID:
        return known.name
    return f"{kind} {id_} of {service}"


def _said(value: Any) -> str:
    return repr(", ".join(value) if isinstance(value, list) else "" if value is None else str(value))
