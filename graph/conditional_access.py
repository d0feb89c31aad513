"""Conditional Access for workload identities: policies that refuse applications their tokens (AADSTS53003).

learn.microsoft.com/entra/identity/conditional-access/workload-identity
"""

from dataclasses import dataclass
from typing import Self

from graph.api import SERVICE, Document, GraphApi
from wire import Invalid

_EVERYONE = "ServicePrincipalsInMyTenant"
"""learn.microsoft.com/graph/api/resources/conditionalaccessclientapplications"""


@dataclass(frozen=True)
class WorkloadPolicy:
    """A policy in force that blocks service principals, by object id in lower case.

    by_attribute: it chooses them by custom attributes, too, which are not read. by_place: it has a condition
    on where they sign in from.
    """

    policy_id: str
    name: str
    included: frozenset[str]
    excluded: frozenset[str]
    by_attribute: bool
    by_place: bool

    @classmethod
    def of(cls, document: Document) -> Self:
        """From a conditionalAccessPolicy; Invalid for one of a shape that is not known."""
        try:
            conditions = document["conditions"]
            who = conditions["clientApplications"]
            return cls(
                policy_id=str(document["id"]),
                name=str(document.get("displayName") or ""),
                included=_ids(who["includeServicePrincipals"]),
                excluded=_ids(who.get("excludeServicePrincipals") or []),
                by_attribute=bool(who.get("servicePrincipalFilter")),
                by_place=bool(conditions.get("locations")),
            )
        except (AttributeError, KeyError, TypeError):
            policy = document.get("id") or "?"
            raise Invalid(
                SERVICE, f"reading the policy {policy}", "its conditions are not as known"
            ) from None

    def blocks(self, principal_id: str) -> bool:
        """Whether it is about this service principal; "" is one that is still to be made."""
        if principal_id and principal_id in self.excluded:
            return False
        return self.by_attribute or _EVERYONE.lower() in self.included or principal_id in self.included


def blocking(graph: GraphApi) -> list[WorkloadPolicy]:
    """The policies in force that block service principals, by name; NotAuthorised without Policy.Read.All."""
    found = [
        WorkloadPolicy.of(one)
        for one in graph.list("/v1.0/identity/conditionalAccess/policies")
        if one.get("state") == "enabled"
        and "block" in ((one.get("grantControls") or {}).get("builtInControls") or [])
        and (one.get("conditions") or {}).get("clientApplications")
    ]
    return sorted(found, key=lambda one: (one.name, one.policy_id))


def _ids(values: list[str]) -> frozenset[str]:
    return frozenset(value.lower() for value in values)
