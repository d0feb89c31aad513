"""When consent has to wait: an existing application has credentials that somebody holds already.

For an application of its own, this stack consents while no credential exists, and asks Microsoft Graph before
it makes one. Whoever holds a credential of an existing application could use the consent at once, so there it
waits until the access policy is as old as it may take to be enforced.
"""

from collections.abc import Mapping
from typing import Any

from deployer import Deployer
from exchange.other_grants import held_already
from exchange.policies import LONGEST_DELAY
from exchange.waiting import waiting
from graph import applications
from graph.api import GraphApi
from moments import moment


def consent_waits(deployer: Deployer, graph: GraphApi, props: Mapping[str, Any]) -> str:
    """The line that says until when consent waits, or an empty text."""
    in_force = max(moment(since) for since in props["policiesSince"].values()) + LONGEST_DELAY
    if deployer.clock.now() >= in_force or _all_granted(graph, props):
        return ""
    held = applications.credentials(graph, props["applicationObjectId"], props["servicePrincipalObjectId"])
    if not held:
        return ""
    return waiting(
        "the access policy to be surely in force before consent",
        deployer.clock,
        f"somebody holds {held} credential{'s' * (held > 1)} of the existing application",
        meanwhile="nothing new was granted",
        again=in_force,
    )


def _all_granted(graph: GraphApi, props: Mapping[str, Any]) -> bool:
    wanted = set(props["permissions"])
    return held_already(graph, props["servicePrincipalObjectId"], wanted) == wanted
