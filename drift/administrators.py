"""Who holds an Entra role over the application or its principal alone: it changes them as an owner does.

https://learn.microsoft.com/entra/identity/role-based-access-control/custom-available-permissions
"""

from collections.abc import Iterator

from drift import code_lines, commands
from drift.finding import Finding
from drift.tenant import Tenant
from graph import directory_roles
from permissions import Level

_PLACES = {
    "application": "Entra, App registrations, Roles and administrators",
    "service principal": "Entra, Enterprise applications, Roles and administrators",
}


def administrators(tenant: Tenant) -> Iterator[Finding]:
    """Everybody whom the code does not name, but the principal itself, whose roles are told as such.

    Those of an existing application are not compared: whose it is decides.
    """
    code = tenant.code
    if code.existing:
        return
    known = code.owners | code.administrators | {code.principal}
    found = [
        (whose, one)
        for whose in _PLACES
        for one in tenant.entries(f"roles over the {whose}")
        if str(one["principalId"]).lower() not in known
    ]
    names = directory_roles.names(tenant.graph) if found else {}
    for whose, one in found:
        holder, role = str(one["principalId"]).lower(), str(one["roleDefinitionId"]).lower()
        yield Finding(
            rule="role-over-application",
            subject=f"{holder} with {role} over the {whose}",
            what=f"{holder} holds the role {names.get(role, role)} over the {whose}",
            where=_PLACES[whose],
            level=Level.HIGH,
            repair=commands.delete(tenant.graph, f"/roleManagement/directory/roleAssignments/{one['id']}"),
            accept=code_lines.one_more(code, "applicationAdministrators", holder),
        )
