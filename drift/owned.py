"""What the principal owns: other applications, and groups."""

from collections.abc import Iterator

from drift import commands
from drift.finding import Finding
from drift.tenant import Tenant
from permissions import Level

_KINDS = {
    "#microsoft.graph.application": ("application", "applications"),
    "#microsoft.graph.servicePrincipal": ("service principal", "servicePrincipals"),
    "#microsoft.graph.group": ("group", "groups"),
}


def owned(tenant: Tenant) -> Iterator[Finding]:
    """All but its own application and itself, whose owners are told as such.

    What an existing application owns is its keeper's to decide.
    """
    code = tenant.code
    for one in tenant.entries("owned") if not code.existing else ():
        object_id, kind = str(one["id"]).lower(), str(one["@odata.type"])
        if object_id in {code.application, code.principal}:
            continue
        called, path = _KINDS.get(kind, (kind.rpartition(".")[2], "directoryObjects"))
        yield Finding(
            rule="owns-another",
            subject=object_id,
            what=f"it owns the {called} {one.get('displayName') or ''} ({object_id})",
            where="Entra, Enterprise applications, the others' owners",
            level=Level.MODERATE,
            repair=commands.delete(tenant.graph, f"/{path}/{object_id}/owners/{code.principal}/$ref"),
        )
