"""The evidence for machines: evidence/evidence.schema.json says what is in it.

`version` rises when a key changes its meaning or goes. No secret is in it: only ids, names and times.
"""

from dataclasses import asdict
from typing import Any

from drift.as_json import as_json as drift_as_json
from evidence.evidence import Consent, Evidence, Group, Policy, Remains, Secret
from moments import instant

VERSION = 1


def as_json(evidence: Evidence) -> dict[str, Any]:
    """All of it; null stands for what could not be looked at, and `notLookedAt` says why."""
    subject, unseen = evidence.subject, evidence.not_looked_at
    return {
        "version": VERSION,
        "stack": subject.stack,
        "tenant": {"id": subject.tenant_id},
        "written": instant(subject.written),
        "writtenBy": subject.written_by or None,
        "complete": not unseen,
        "notLookedAt": [asdict(one) for one in unseen],
        "limits": list(evidence.limits),
        "application": {
            "name": subject.application,
            "clientId": subject.client_id,
            "objectId": subject.application_id,
            "servicePrincipalObjectId": subject.principal_id,
            "ofThisStack": subject.own,
        },
        "consents": _each(_consent, evidence.consents),
        "auditLogRead": evidence.audits_read,
        "policies": _each(_policy, evidence.policies),
        "groups": [_group(one) for one in evidence.groups],
        "proof": {"configured": evidence.configured, "enforced": evidence.enforced},
        "secrets": _each(_secret, evidence.secrets.secrets),
        "signInLogRead": evidence.secrets.log_read,
        "drift": drift_as_json(evidence.report),
        "offBoarding": [_remains(one) for one in evidence.remains],
    }


def _each(told: Any, ones: tuple[Any, ...] | None) -> list[dict[str, Any]] | None:
    return None if ones is None else [told(one) for one in ones]


def _consent(one: Consent) -> dict[str, Any]:
    return {
        "permission": one.permission,
        "service": one.service,
        "since": one.since or None,
        "by": one.by or None,
        "byId": one.by_id or None,
        "inCode": one.in_code,
        "opens": one.opens or None,
        "narrowedByPolicy": one.narrowed,
    }


def _policy(one: Policy) -> dict[str, Any]:
    return {
        "identity": one.identity,
        "right": one.right,
        "group": one.group,
        "everyApplication": one.every_application,
        "description": one.description,
    }


def _group(one: Group) -> dict[str, Any]:
    members = None if one.members is None else [asdict(member) for member in one.members]
    return {"address": one.address, "objectId": one.object_id, "holds": one.holds, "members": members}


def _secret(one: Secret) -> dict[str, Any]:
    return {
        "standing": one.standing,
        "name": one.name,
        "keyId": one.key_id,
        "until": one.until or None,
        "lastSignIn": one.last_sign_in or None,
        "lastSignInFrom": one.last_sign_in_from or None,
    }


def _remains(one: Remains) -> dict[str, Any]:
    return {
        "what": one.what,
        "where": one.where,
        "until": one.until,
        "end": one.end,
        "seen": str(one.seen),
        "found": one.found,
        "source": one.source,
    }
