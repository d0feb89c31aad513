"""Who consented when, to what."""

from collections.abc import Sequence
from datetime import timedelta

import permissions
from drift.tenant import Grant, Service, Tenant
from evidence.evidence import Consent
from graph.directory_audits import Consented
from moments import moment

_APART = timedelta(minutes=5)
"""How far the times of a consent and of its entry in the log may lie apart: another is another's."""


def consents(tenant: Tenant, audits: Sequence[Consented]) -> tuple[Consent, ...]:
    """The application permissions that it holds, by service and name; `audits` are the newest first."""
    told = (_consent(tenant, grant, audits) for grant in tenant.grants())
    return tuple(sorted(told, key=lambda one: (one.service, one.permission)))


def _consent(tenant: Tenant, grant: Grant, audits: Sequence[Consented]) -> Consent:
    service = tenant.service(grant.resource)
    name = service.roles.get(grant.role) or f"app role {grant.role}"
    known = permissions.by_id(service.app_id, grant.role)
    entry = next((one for one in audits if _is_about(one, grant, name)), None)
    return Consent(
        permission=name,
        service=grant.resource_name or service.app_id,
        since=grant.since,
        in_code=_is_in_code(tenant, service, name),
        opens=known.opens if known else "",
        narrowed=known.scoped_by_policy if known else None,
        by=entry.by if entry else "",
        by_id=entry.by_id if entry else "",
    )


def _is_about(entry: Consented, grant: Grant, name: str) -> bool:
    same = entry.resource == grant.resource and bool(entry.said & {grant.role, name.lower()})
    return same and bool(grant.since) and abs(moment(entry.when) - moment(grant.since)) <= _APART


def _is_in_code(tenant: Tenant, service: Service, name: str) -> bool:
    code = tenant.code
    return service.app_id == permissions.GRAPH_APP_ID and name in code.permissions | code.accepted_permissions
