"""Who may change the application: each owner can add a credential."""

from collections.abc import Iterator

from drift import code_lines, commands
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from permissions import Level
from review.types import APPLICATION, SERVICE_PRINCIPAL


def owners(tenant: Tenant) -> Iterator[Finding]:
    """Owners of the application and of its principal that the code does not name.

    Those of an existing application are not compared: whose it is decides.
    """
    code = tenant.code
    if code.existing:
        return
    for whose, question, kind in (
        ("application", "owners", APPLICATION),
        ("service principal", "principal's owners", SERVICE_PRINCIPAL),
    ):
        for owner in sorted({str(one["id"]).lower() for one in tenant.entries(question)} - code.owners):
            yield Finding(
                rule="owner-not-in-code",
                subject=f"{owner} of the {whose}",
                what=f"{owner} is an owner of the {whose}",
                where="Entra, App registrations, Owners"
                if question == "owners"
                else "Entra, Enterprise applications, Owners",
                level=Level.HIGH,
                repair=_remove(tenant, question, owner),
                accept=code_lines.one_more(code, "applicationOwners", owner),
                also=frozenset({Managed(kind, "owners")}),
            )


def _remove(tenant: Tenant, question: str, owner: str) -> str:
    code = tenant.code
    if question == "owners":
        return f"az ad app owner remove --id {code.client_id} --owner-object-id {owner}"
    return commands.delete(tenant.graph, f"/servicePrincipals/{code.principal}/owners/{owner}/$ref")
