"""Whether a superseded access policy may go without opening a mailbox."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from deployer import Deployer
from exchange import members, policies
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.ordinary_mailboxes import ordinary_mailboxes
from exchange.policies import LONGEST_DELAY
from exchange.probe import Probe, Question
from exchange.provider import Stopped
from graph import applications
from graph.api import GraphApi, current_graph
from moments import moment


def may_go(deployer: Deployer, props: dict[str, Any], since: dict[str, str], superseded: list[str]) -> bool:
    """Whether Graph enforces the policies that stay, so that nothing opens when the others go.

    A policy that is older than the longest delay is in force. A younger one is, when Graph opens a mailbox
    that only its group holds and refuses one that no group holds, those of accepted policies included: no
    older policy does the first, and without any policy the second is not done. Without consent Graph can't
    be asked, and the policies stay. That nobody could use the gap is no reason: Graph goes on refusing for a
    while after a policy went, which the proof of enforcement would take for the policy that is not in force
    yet.
    """
    young = [group for group in props["groupObjectIds"] if _is_young(deployer, since[group])]
    if not young:
        return True
    graph = current_graph()
    groups = {*props["groupObjectIds"], *superseded, *policies.groups(current_exchange(), props["appId"])}
    question = _question(current_exchange(), graph, young, groups)
    if question is None or not applications.app_role_assignments(graph, props["servicePrincipalObjectId"]):
        return False
    probe = Probe(deployer, graph, props["applicationObjectId"], props["appId"], props["mark"])
    try:
        probe.wait_until(question, timedelta(minutes=props["waitMinutes"]), "the superseded policies stay")
    except Stopped:
        return False
    return True


def _is_young(deployer: Deployer, since: str) -> bool:
    return deployer.clock.now() - moment(since) < LONGEST_DELAY


def _question(
    exchange: ExchangeAdmin, graph: GraphApi, young: Sequence[str], groups: Iterable[str]
) -> Question | None:
    """For each young policy a mailbox that only it can open, and one that none can; None if one is missing.

    Policies honour nested groups, whose members are not known here: with any of them nothing is certain.
    """
    held = {group: members.by_address(members.list_members(exchange, group) or []) for group in groups}
    everyone = {address: one for found in held.values() for address, one in found.items()}
    if any(one.type_details.endswith("Group") for one in everyone.values()):
        return None
    held_by = Counter(address for found in held.values() for address in found)
    witnesses = [
        next((one for one in held[group] if "@" in one and held_by[one] == 1), "") for group in young
    ]
    outside = ordinary_mailboxes(exchange, graph, everyone)[:1]
    if not all(witnesses) or not outside:
        return None
    return Question(allowed=tuple(witnesses), denied=tuple(outside))
