"""Who the application can reach, asked of Exchange and Graph and held against what the code says.

Five questions: which policies name the application or every application, who is in the group, what is granted
on Microsoft Graph and on Exchange's own resource, and what Exchange answers for mailboxes that must be
allowed and mailboxes that must be refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import permissions
from exchange import members, policies
from exchange.admin_api import ExchangeAdmin
from exchange.fingerprint import fingerprint
from exchange.ordinary_mailboxes import ordinary_mailboxes
from exchange.records import RESTRICT, AccessPolicy, Recipient
from graph import applications
from graph.api import GraphApi
from graph.service_principals import find_service_principal
from wire import NotFound, in_parallel

SAMPLE = 2
"""How many mailboxes of each side are asked for."""
_EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000"


@dataclass(frozen=True)
class Expected:
    """What the code says."""

    app_id: str
    service_principal_object_id: str
    group_object_ids: tuple[str, ...]
    permissions: tuple[str, ...]
    members_fingerprint: str
    member_count: int
    ask_denied: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """The mailboxes that are asked for."""

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What was asked and what is not as expected; `superseded` names policies that may not go yet."""

    sample: Sample
    findings: tuple[str, ...]
    superseded: tuple[str, ...]
    members: int
    policies: int


def ask(exchange: ExchangeAdmin, graph: GraphApi, expected: Expected, before: Sample) -> Proof:
    """Ask all five questions. `before` is the sample of the last time, kept as far as it still serves.

    A question that could not be asked raises WireError: "could not look" is never "as expected".
    """
    naming = [policy for policy in policies.list_policies(exchange) if policy.names(expected.app_id)]
    inside = _inside(exchange, expected)
    sample = Sample(
        allowed=_keep(before.allowed, inside) or tuple(sorted(inside)[:SAMPLE]),
        denied=_denied(exchange, graph, expected, before, inside),
    )
    superseded, policy_findings = _judge_policies(naming, expected)
    findings = (
        *policy_findings,
        *_member_findings(inside, expected),
        *_sample_findings(sample, inside),
        *_grant_findings(graph, expected),
        *_answer_findings(exchange, expected.app_id, sample),
    )
    return Proof(sample, findings, superseded, members=len(inside), policies=len(naming))


def _inside(exchange: ExchangeAdmin, expected: Expected) -> dict[str, Recipient]:
    return members.by_address(
        one for group in expected.group_object_ids for one in members.list_members(exchange, group) or []
    )


def _judge_policies(naming: Sequence[AccessPolicy], expected: Expected) -> tuple[tuple[str, ...], list[str]]:
    superseded, findings, ours = [], [], set()
    for policy in naming:
        whose = "every application" if policy.app_id == "*" else "this application"
        if policy.access_right != RESTRICT:
            findings.append(f"{policy.access_right} policy {policy.identity} names {whose}")
        elif policy.app_id != "*" and policy.group_object_id in expected.group_object_ids:
            ours.add(policy.group_object_id)
        elif policy.app_id != "*":
            superseded.append(policy.identity)
        else:
            findings.append(
                f"policy {policy.identity} opens the mailboxes of group {policy.group_object_id} to {whose}"
            )
    missing = sorted(set(expected.group_object_ids) - ours)
    findings += [f"no RestrictAccess policy binds the application to group {group}" for group in missing]
    return tuple(superseded), findings


def _member_findings(inside: dict[str, Recipient], expected: Expected) -> list[str]:
    # Also one that the inventory names: a room may have become a person, or a person have been there before.
    findings = [
        f"member {one.address or one.object_id} is no room or equipment mailbox ({one.type_details})"
        for one in inside.values()
        if not one.is_room
    ]
    if fingerprint(inside) != expected.members_fingerprint:
        findings.append(
            f"the group's {len(inside)} members are not the inventory's {expected.member_count}; "
            "pulumi up --refresh shows who"
        )
    return findings


def _sample_findings(sample: Sample, inside: dict[str, Recipient]) -> list[str]:
    findings = [
        f"{one} must be refused and is a member of the group" for one in sample.denied if one in inside
    ]
    if not sample.denied:
        findings.append(
            "no ordinary user mailbox outside the group was found to be refused; set deniedMailboxes"
        )
    if not sample.allowed:
        findings.append("the group has no member that could be asked for")
    return findings


def _grant_findings(graph: GraphApi, expected: Expected) -> list[str]:
    wanted = {permissions.find(name).id for name in expected.permissions}
    watched = {
        find_service_principal(graph, app_id): app_id
        for app_id in (permissions.GRAPH_APP_ID, _EXCHANGE_ONLINE)
    }
    try:
        grants = applications.app_role_assignments(graph, expected.service_principal_object_id)
    except NotFound:
        return [f"the application's service principal {expected.service_principal_object_id} is gone"]
    return [
        f"app role {grant.role_id} of {grant.resource_name} is granted and not asked for by the code"
        for grant in grants
        if grant.resource_id in watched
        and (watched[grant.resource_id] != permissions.GRAPH_APP_ID or grant.role_id not in wanted)
    ]


def _answer_findings(exchange: ExchangeAdmin, app_id: str, sample: Sample) -> list[str]:
    asked = [(one, "granted") for one in sample.allowed] + [(one, "denied") for one in sample.denied]
    answers = in_parallel(lambda question: _answer(exchange, app_id, question[0]), asked)
    return [
        f"Exchange answers {answer} for {mailbox}, {wanted} is expected"
        for (mailbox, wanted), answer in zip(asked, answers, strict=True)
        if answer != wanted
    ]


def _answer(exchange: ExchangeAdmin, app_id: str, mailbox: str) -> str:
    try:
        return policies.access(exchange, app_id, mailbox)
    except NotFound:
        return "that there is no such mailbox"


def _keep(before: Sequence[str], inside: dict[str, Recipient]) -> tuple[str, ...]:
    return tuple(before) if before and all(one in inside for one in before) else ()


def _denied(
    exchange: ExchangeAdmin,
    graph: GraphApi,
    expected: Expected,
    before: Sample,
    inside: dict[str, Recipient],
) -> tuple[str, ...]:
    """The mailboxes asked for in the settings, or the ordinary ones of the last time, or others."""
    if expected.ask_denied:
        return expected.ask_denied
    return tuple(ordinary_mailboxes(exchange, graph, inside, before.denied)[:SAMPLE])
