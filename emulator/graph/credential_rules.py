"""What the tenant lets applications and service principals have as a secret, and for how long.

https://learn.microsoft.com/en-us/graph/api/resources/applicationauthenticationmethodpolicy
"""

from datetime import datetime

import isodate

from emulator.clock import parse_stamp
from emulator.graph.entities import Entity
from emulator.graph.errors import GraphError
from emulator.store import Document, Store

DEFAULT = "00000000-0000-0000-0000-000000000000"
_NO_RESTRICTIONS: Document = {
    "id": DEFAULT,
    "displayName": "Default app management tenant policy",
    "description": "Default tenant policy that enforces app management restrictions on applications and "
    "service principals. To apply policy to targeted resources, create a new policy under "
    "appManagementPolicies collection.",
    "isEnabled": False,
    "applicationRestrictions": {"passwordCredentials": [], "keyCredentials": []},
    "servicePrincipalRestrictions": {"passwordCredentials": [], "keyCredentials": []},
}


def check_secret(store: Store, entity: Entity, holder: Document, starts: datetime, ends: datetime) -> None:
    """GraphError when a policy forbids the holder the secret, or forbids that it lives so long."""
    for kind in ("passwordAddition", "passwordLifetime"):
        policy, rule = _rule(store, entity, holder, kind)
        if rule is None:
            continue
        if kind == "passwordAddition":
            raise GraphError(
                400,
                "CredentialTypeNotAllowedAsPerAppPolicy",
                f"Credential type not allowed as per assigned policy '{policy}'.",
            )
        if ends - starts > isodate.parse_duration(rule["maxLifetime"]):
            raise GraphError(
                400,
                "CredentialInvalidLifetimeAsPerAppPolicy",
                f"Credential lifetime exceeds the max value allowed as per assigned policy '{policy}'.",
            )


def _rule(store: Store, entity: Entity, holder: Document, kind: str) -> tuple[str, Document | None]:
    """The restriction that counts and its policy: the holder's own outranks the tenant's."""
    for policy in (*assigned(store, holder), default(store)):
        if not policy["isEnabled"]:
            continue
        # the tenant's stand under a name for each type of holder, a holder's own under restrictions
        restrictions = policy.get(f"{entity.name}Restrictions") or policy.get("restrictions") or {}
        for rule in restrictions.get("passwordCredentials", []):
            if rule["restrictionType"] == kind:
                return policy["id"], rule if _applies(rule, holder) else None
    return "", None


def _applies(rule: Document, holder: Document) -> bool:
    since = rule.get("restrictForAppsCreatedAfterDateTime")
    young = since is None or parse_stamp(holder["createdDateTime"]) >= parse_stamp(since)
    return rule.get("state", "enabled") == "enabled" and young


def default(store: Store) -> Document:
    """The tenant's policy; Entra has one that restricts nothing until somebody changes it."""
    return store.get("appManagementPolicy", DEFAULT) or _NO_RESTRICTIONS


def assigned(store: Store, application: Document) -> list[Document]:
    """The policies that an application has of its own."""
    of_the_application = [store.get("appManagementPolicy", id_) for id_ in application.get("_policies", [])]
    return [policy for policy in of_the_application if policy is not None]
