"""Whether a superseded access policy may go without opening a mailbox."""

from datetime import timedelta
from typing import Any

from deployer import Deployer
from exchange import members
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.probe import Probe, Question
from exchange.provider import Stopped
from graph import applications
from graph.api import GraphApi, current_graph
from moments import moment

LONGEST_DELAY = timedelta(hours=12)
"""How long a policy may take to reach Microsoft Graph, by PlaceOS's documentation ("up to 12 hours",
https://docs.placeos.com/how-to/configure-placeos-for-microsoft-365/calendar-access/limit-application-permissions);
Microsoft only says that it can be more than one (https://learn.microsoft.com/graph/auth-limit-mailbox-access).
"""


def may_go(deployer: Deployer, props: dict[str, Any], since: dict[str, str], superseded: list[str]) -> bool:
    """Whether Graph enforces the policies that stay, or nobody could use the gap.

    A policy that is older than the longest delay is in force. A younger one is in force when a mailbox that
    only its group holds can be read. An application without consent and without secrets can open nothing.
    """
    young = [group for group in props["groupObjectIds"] if _is_young(deployer, since.get(group))]
    if not young:
        return True
    graph = current_graph()
    if _is_powerless(graph, props):
        return True
    exchange = current_exchange()
    witnesses = [_witness(exchange, group, superseded) for group in young]
    if not all(witnesses):
        return False
    probe = Probe(deployer, graph, props["applicationObjectId"], props["appId"], props["mark"])
    try:
        probe.wait_until(
            Question(allowed=tuple(filter(None, witnesses)), denied=()),
            timedelta(minutes=props["waitMinutes"]),
        )
    except Stopped:
        return False
    return True


def _is_young(deployer: Deployer, since: str | None) -> bool:
    # A policy whose age is unknown was there before the state knew it: adopted or made by hand.
    return since is not None and deployer.clock.now() - moment(since) < LONGEST_DELAY


def _is_powerless(graph: GraphApi, props: dict[str, Any]) -> bool:
    return not (
        applications.app_role_assignments(graph, props["servicePrincipalObjectId"])
        or applications.passwords(graph, props["applicationObjectId"])
    )


def _witness(exchange: ExchangeAdmin, group: str, superseded: list[str]) -> str | None:
    """A mailbox that the group holds and the superseded ones do not: only its policy can open it."""
    elsewhere = {one.address for other in superseded for one in members.list_members(exchange, other) or []}
    mine = [one.address for one in members.list_members(exchange, group) or [] if one.address]
    return next((address for address in mine if address not in elsewhere), None)
