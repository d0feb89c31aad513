"""How long an access token of an application may live."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

from graph.api import Document, GraphApi

USUAL = timedelta(minutes=90)
"""Without a policy: 60 to 90 minutes (learn.microsoft.com/entra/identity-platform/access-tokens)."""
LONGEST = timedelta(days=1)
"""The most under a policy (learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes)."""
_SPAN = re.compile(r"(?:(?P<days>\d+)\.)?(?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d+)")


def longest_token(graph: GraphApi, object_id: str, principal_id: str, resource_id: str) -> timedelta:
    """The longest that a token may live under the policies of the tenant, the application and its resource.

    An id may be "", of what is not there yet. Whether the caller's or the resource's policy counts is told
    differently, so both are taken. Never less than without a policy; `LONGEST` for a policy that can't be
    read. NotAuthorised when they may not be read.
    """
    of_tenant = graph.list("/v1.0/policies/tokenLifetimePolicies")
    owners = [f"/v1.0/applications/{quote(object_id, safe='')}"] if object_id else []
    owners += [f"/v1.0/servicePrincipals/{quote(one, safe='')}" for one in (principal_id, resource_id) if one]
    assigned = [one for owner in owners for one in graph.list(f"{owner}/tokenLifetimePolicies")]
    counting = [*(one for one in of_tenant if one.get("isOrganizationDefault")), *assigned]
    return max((USUAL, *map(_lifetime, counting)))


def _lifetime(policy: Document) -> timedelta:
    try:
        [definition] = policy["definition"]
        said = json.loads(definition)["TokenLifetimePolicy"].get("AccessTokenLifetime")
        if said is None:  # it is about other tokens
            return USUAL
        parts = _SPAN.fullmatch(said)
        return timedelta(**{unit: int(text or 0) for unit, text in parts.groupdict().items()})  # type: ignore[union-attr]
    except (AttributeError, KeyError, TypeError, ValueError):
        return LONGEST
