"""Everything that is evidence, asked once and put together; what could not be asked is told."""

from collections.abc import Mapping
from typing import Any

from drift.report import Report
from drift.tenant import Tenant
from evidence import off_boarding
from evidence.consents import consents
from evidence.evidence import Consent, Evidence, Secrets, Subject
from evidence.looking import Looking
from evidence.scope import groups, policies
from graph.directory_audits import consents_of


def collect(  # noqa: PLR0913, PLR0917 - what each service, the state and drift have told
    tenant: Tenant,
    report: Report,
    subject: Subject,
    proof: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
    secrets: Secrets,
    beside: off_boarding.Beside,
    looking: Looking,
) -> Evidence:
    """What `tenant` has been asked already it does not ask again. `looking` may hold what failed before."""
    no_consent: tuple[Consent, ...] = ()
    audits = looking.at("who consented", lambda: consents_of(tenant.graph, tenant.code.principal))
    return Evidence(
        subject=subject,
        report=report,
        consents=looking.at("consents", lambda: consents(tenant, audits or ()), nothing=no_consent),
        audits_read=audits is not None,
        policies=looking.at("access policies", lambda: policies(tenant)),
        groups=groups(tenant, looking),
        configured=proof[0],
        enforced=proof[1],
        secrets=secrets,
        remains=off_boarding.remains(tenant, beside, looking),
        unseen=tuple(looking.unseen),
    )
