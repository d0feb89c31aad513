"""Who may change the application: each owner can add a credential, and rotate what it only owns."""

from collections.abc import Iterator

from drift import code_lines, commands
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from permissions import Level
from review.types import APPLICATION, SERVICE_PRINCIPAL

_PLACES = {
    "application": "Entra, App registrations, Owners",
    "service principal": "Entra, Enterprise applications, Owners",
}
HELD = frozenset({Managed(APPLICATION, "owners"), Managed(SERVICE_PRINCIPAL, "owners")})
"""What of Pulumi's own drift the code says better than the state."""


def owners(tenant: Tenant) -> Iterator[Finding]:
    """Owners of the application and of its principal that the code does not name, and those that are gone.

    Those of an existing application are not compared: whose it is decides.
    """
    code = tenant.code
    if code.existing:
        return
    for whose, question in (("application", "owners"), ("service principal", "principal's owners")):
        present = {str(one["id"]).lower() for one in tenant.entries(question)}
        if not (tenant.replaced and whose == "service principal"):  # another's goes as a whole
            yield from _missing(tenant, whose, question, code.owners - present)
        for owner in sorted(present - code.owners):
            yield Finding(
                rule="owner-not-in-code",
                subject=f"{owner} of the {whose}",
                what=f"{owner} is an owner of the {whose}",
                where=_PLACES[whose],
                level=Level.HIGH,
                repair=_remove(tenant, question, owner),
                accept=code_lines.one_more(code, "applicationOwners", owner),
            )


def _missing(tenant: Tenant, whose: str, question: str, missing: frozenset[str]) -> Iterator[Finding]:
    for owner in sorted(missing):
        yield Finding(
            rule="managed-changed",
            subject=f"{owner} of the {whose}",
            what=f"{owner} is no owner of the {whose} any more",
            where=_PLACES[whose],
            level=Level.LOW,
            repair=_add(tenant, question, owner),
        )


def _add(tenant: Tenant, question: str, owner: str) -> str:
    """By hand: an identity that may change what it owns can't make itself an owner again."""
    code = tenant.code
    if question == "owners":
        return f"az ad app owner add --id {code.client_id} --owner-object-id {owner}"
    return commands.refer(tenant.graph, f"/servicePrincipals/{code.principal}/owners/$ref", owner)


def _remove(tenant: Tenant, question: str, owner: str) -> str:
    code = tenant.code
    if question == "owners":
        return f"az ad app owner remove --id {code.client_id} --owner-object-id {owner}"
    return commands.delete(tenant.graph, f"/servicePrincipals/{code.principal}/owners/{owner}/$ref")
