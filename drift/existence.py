"""Whether the stack's own application and groups are there at all."""

from collections.abc import Iterator

from drift import commands
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from permissions import Level
from review.types import (
    APP_ROLE_ASSIGNMENT,
    APPLICATION,
    CLIENT_SECRET,
    EXISTING_GROUP,
    GROUP_MEMBERS,
    SECURITY_GROUP,
    SERVICE_PRINCIPAL,
)  # fmt: skip

_WITH_IT = frozenset({
    Managed(one) for one in (APPLICATION, SERVICE_PRINCIPAL, APP_ROLE_ASSIGNMENT, CLIENT_SECRET)
})  # fmt: skip


def application(tenant: Tenant) -> Iterator[Finding]:
    """The application and its service principal: without one of them there is nobody to look at."""
    code = tenant.code
    if gone := tenant.gone():
        again = "" if code.existing else f"\n{commands.up_with_new_secret(code.stack)}"
        yield Finding(
            rule="application-gone",
            subject=code.client_id,
            what=f"{' and '.join(gone.values())} of {code.name} ({code.client_id}) is gone",
            where="Entra, App registrations",
            level=Level.HIGH,
            repair=f"# restore it within 30 days: Entra, App registrations, Deleted applications{again}",
            also=_WITH_IT,
        )
    elif tenant.replaced:
        yield _replaced(tenant)


def _replaced(tenant: Tenant) -> Finding:
    """What it holds the looks at it tell; deleted, it takes that with it."""
    code = tenant.code
    there = f"az ad sp delete --id {code.client_id}"
    ask = f"# ask whoever keeps {code.client_id} why it was made again"
    return Finding(
        rule="principal-replaced",
        subject=code.principal,
        what=f"the service principal {tenant.replaced} of {code.name} ({code.client_id}) was deleted, and "
        f"somebody made another, {code.principal}: every credential of the application signs in with it",
        where="Entra, Enterprise applications",
        level=Level.CRITICAL,
        since=str(tenant.principals()[0].get("createdDateTime") or ""),
        repair=f"{ask if code.existing else there}\n{commands.up(code.stack)}",
        also=frozenset({Managed(SERVICE_PRINCIPAL), Managed(APP_ROLE_ASSIGNMENT)}),
    )


def groups(tenant: Tenant) -> Iterator[Finding]:
    """The groups of the scope; what a policy names and is gone opens nothing."""
    code = tenant.code
    for group in code.groups:
        if tenant.members(group.object_id) is None:
            yield Finding(
                rule="group-gone",
                subject=group.address,
                what=f"the group {group.address} is gone from Exchange",
                where="Exchange Online, Get-DistributionGroup",
                level=Level.HIGH,
                repair=commands.up(code.stack),
                also=frozenset({Managed(one) for one in (SECURITY_GROUP, EXISTING_GROUP, GROUP_MEMBERS)}),
            )


def recorded(tenant: Tenant) -> Iterator[Finding]:
    """What the settings ask for and the state does not hold, so that no refresh tells that it is gone."""
    code = tenant.code
    if not code.unrecorded or tenant.gone():
        return
    for name, kind in code.unrecorded.items():
        of_secret = kind == CLIENT_SECRET
        yield Finding(
            rule="secret-missing" if of_secret else "managed-gone",
            subject=name,
            what=f"the state does not hold {name}: it was removed, and a refresh took that over, or no run "
            "made it",
            where="Pulumi's state",
            level=Level.MODERATE,
            repair=commands.up_with_new_secret(code.stack) if of_secret else commands.up(code.stack),
            also=frozenset({Managed(kind)}),
        )
