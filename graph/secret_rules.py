"""What the tenant lets an application have as a secret: app management policies.

learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy: one that is assigned to the
application outranks the tenant's, restriction by restriction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import isodate

from graph.api import Document, GraphApi

_DEFAULT = "/v1.0/policies/defaultAppManagementPolicy"


@dataclass(frozen=True)
class SecretRules:
    """`forbidden_by` and `limited_by` are ids of policies, "" for none; `longest`: how long one may live."""

    forbidden_by: str
    limited_by: str
    longest: timedelta | None


def secret_rules(graph: GraphApi, application_object_id: str | None, now: datetime) -> SecretRules:
    """The rules for an application; None is one that is made now.

    NotAuthorised without Policy.Read.All: nothing is known then.
    """
    policies, created = [graph.get(_DEFAULT)], now
    if application_object_id:
        path = f"/v1.0/applications/{quote(application_object_id, safe='')}"
        policies = [*graph.list(f"{path}/appManagementPolicies"), *policies]
        application = graph.get(path, {"$select": "id,createdDateTime"})
        created = datetime.fromisoformat(application["createdDateTime"])
    forbidden_by, _ = _rule(policies, "passwordAddition", created)
    limited_by, lifetime = _rule(policies, "passwordLifetime", created)
    longest = isodate.parse_duration(lifetime, as_timedelta_if_possible=True) if lifetime else None
    # Months and years have no length of their own; counted from now they have.
    if longest is not None and not isinstance(longest, timedelta):
        longest = longest.totimedelta(start=now)
    return SecretRules(forbidden_by, limited_by, longest)


def _rule(policies: list[Document], kind: str, created: datetime) -> tuple[str, str]:
    """The policy whose restriction of this kind counts, and its maxLifetime; empty when none restricts it."""
    for policy in policies:
        restrictions = policy.get("applicationRestrictions") or policy.get("restrictions") or {}
        for rule in restrictions.get("passwordCredentials") or () if policy.get("isEnabled") else ():
            if rule.get("restrictionType") == kind:
                found = str(policy["id"]), str(rule.get("maxLifetime") or "")
                return found if _counts(rule, created) else ("", "")
    return "", ""


def _counts(rule: Document, created: datetime) -> bool:
    since = rule.get("restrictForAppsCreatedAfterDateTime")
    return rule.get("state", "enabled") == "enabled" and (
        since is None or created >= datetime.fromisoformat(since)
    )
