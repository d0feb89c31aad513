"""Conditional Access for workload identities: policies that refuse an application its token.

https://learn.microsoft.com/en-us/entra/identity/conditional-access/workload-identity
"""

from emulator.login_error import LoginError
from emulator.store import Document, Store

EVERYONE = "ServicePrincipalsInMyTenant"
"""https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessclientapplications"""


def policy(name: str, include: list[str], *, exclude: list[str], state: str = "enabled") -> Document:
    """A policy that blocks these service principals (object ids, or `EVERYONE`) from every place."""
    return {
        "id": name,
        "displayName": name,
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"], "excludeApplications": []},
            "clientApplications": {
                "includeServicePrincipals": include,
                "excludeServicePrincipals": exclude,
            },
            "locations": {"includeLocations": ["All"], "excludeLocations": []},
        },
        "grantControls": {"operator": "and", "builtInControls": ["block"]},
    }


def check(store: Store, principal: Document) -> None:
    """LoginError when a policy blocks the service principal.

    Places are not modelled: a policy with a condition on them counts as if the caller stood outside all that
    it trusts. The words of the refusal are those that clients quote; its status and its OAuth error are not
    confirmed for client credentials.
    """
    if any(_blocks(one, principal["id"]) for one in store.all("conditionalAccessPolicy")):
        raise LoginError(
            400,
            "invalid_grant",
            53003,
            "Access has been blocked by Conditional Access policies. The access policy does not allow token "
            "issuance.",
        )


def _blocks(one: Document, principal_id: str) -> bool:
    who = one["conditions"].get("clientApplications") or {}
    included = who.get("includeServicePrincipals") or []
    return (
        one["state"] == "enabled"
        and "block" in ((one["grantControls"] or {}).get("builtInControls") or [])
        and (EVERYONE in included or principal_id in included)
        and principal_id not in (who.get("excludeServicePrincipals") or [])
    )
