"""What the application and its principal are called and ask for, against the code.

A state that was refreshed may have taken over what somebody made of them.
"""

from collections.abc import Iterator
from typing import Any

import permissions
from drift import commands
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from graph.containment import containment
from marks import notes_of
from permissions import Level
from review.types import APPLICATION, SERVICE_PRINCIPAL

_FEATURES = ("tags", "featureTags", "features")
HELD = frozenset({
    *(Managed(APPLICATION, one) for one in ("displayName", "notes", "requiredResourceAccesses", *_FEATURES)),
    *(Managed(SERVICE_PRINCIPAL, one) for one in ("displayName", "notes", "appRoleAssignmentRequired")),
    *(Managed(SERVICE_PRINCIPAL, one) for one in _FEATURES),
})  # fmt: skip
"""What of Pulumi's own drift the code says better than the state."""


def registration(tenant: Tenant) -> Iterator[Finding]:
    """Properties of an application that the stack made, and of its principal.

    A containment writes notes of its own, which another look tells.
    """
    code = tenant.code
    if code.existing:
        return
    application, principal = tenant.document("application"), tenant.document("principal")
    notes = notes_of(code.mark)
    yield from _otherwise(tenant, "application", "displayName", application.get("displayName"), code.name)
    if containment(str(application.get("notes") or "")) is None:
        yield from _otherwise(tenant, "application", "notes", application.get("notes"), notes)
    asked_for = application.get("requiredResourceAccess") or []
    yield from _otherwise(
        tenant, "application", "requiredResourceAccess", _asked_for(asked_for), sorted(code.permissions)
    )
    yield from _otherwise(tenant, "service principal", "notes", principal.get("notes"), notes)
    yield from _otherwise(
        tenant, "service principal", "appRoleAssignmentRequired",
        bool(principal.get("appRoleAssignmentRequired")), False,
    )  # fmt: skip
    for whose, path, held in (
        ("application", f"/applications/{code.application}", application),
        ("service principal", f"/servicePrincipals/{code.principal}", principal),
    ):
        yield from _otherwise(
            tenant, whose, "tags", sorted(map(str, held.get("tags") or ())), [],
            # azuread takes tags over and never takes them away: they are computed
            # (https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application).
            repair=commands.patch(tenant.graph, path, {"tags": []}),
        )  # fmt: skip


def _otherwise(  # noqa: PLR0913, PLR0917 - the parts of one finding
    tenant: Tenant, whose: str, name: str, found: Any, should: Any, repair: str = ""
) -> Iterator[Finding]:
    if found != should:
        yield Finding(
            rule="managed-changed",
            subject=f"{name} of the {whose}",
            what=f"{name} of the {whose} is {_said(found)} and should be {_said(should)}",
            where="Entra, App registrations" if whose == "application" else "Entra, Enterprise applications",
            level=Level.LOW,
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
