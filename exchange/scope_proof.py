"""Who the application can reach, asked of Exchange and Graph and held against what the code says.

Five questions: which policies name the application or every application, who is in the groups, what is
granted on Microsoft Graph and on Exchange's own resource, and what Exchange answers for mailboxes that must
be allowed and mailboxes that must be refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from exchange import members, policies
from exchange.admin_api import ExchangeAdmin
from exchange.application_roles import application_roles
from exchange.fingerprint import fingerprint
from exchange.mailbox_kinds import ROOMS, MailboxKind
from exchange.ordinary_mailboxes import ordinary_mailboxes
from exchange.other_grants import held_already, not_accepted, other_grants
from exchange.records import RESTRICT, AccessPolicy, Recipient
from graph.api import GraphApi
from wire import NotFound, in_parallel

_SAMPLE = 2
"""How many mailboxes of each side are asked for."""


@dataclass(frozen=True)
class ExpectedGroup:
    """A group of the scope. Without `members_fingerprint` somebody else decides who is in it."""

    object_id: str
    kind: MailboxKind
    members_fingerprint: str = ""
    member_count: int = 0

    @property
    def sample(self) -> int:
        """How many of its mailboxes are asked for: rooms are what the scope is for."""
        return _SAMPLE if self.kind is ROOMS else 1


@dataclass(frozen=True)
class Expected:
    """What the code says.

    permissions: names of the Graph permissions that are granted, or are to be. accepted_permissions and
    accepted_policies: what an existing application has besides, by name and identity. exclusive: nothing
    else may be granted on Microsoft Graph; otherwise nothing that opens mailboxes may.
    """

    app_id: str
    service_principal_object_id: str
    groups: tuple[ExpectedGroup, ...]
    permissions: tuple[str, ...]
    ask_denied: tuple[str, ...]
    exclusive: bool
    accepted_permissions: tuple[str, ...] = ()
    accepted_policies: tuple[str, ...] = ()

    @property
    def group_ids(self) -> frozenset[str]:
        """The object ids of the groups."""
        return frozenset(group.object_id for group in self.groups)

    def accepts(self, policy: AccessPolicy) -> bool:
        """Whether it is somebody else's and may stay; one of a group of ours is ours."""
        ours = policy.app_id != "*" and policy.group_object_id in self.group_ids
        return policy.identity in self.accepted_policies and not ours


@dataclass(frozen=True)
class Sample:
    """The mailboxes that are asked for."""

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What was asked and what is not as expected; `superseded` names policies that may not go yet.

    members: how many mailboxes each kind of group holds, by the kind's name.
    """

    sample: Sample
    findings: tuple[str, ...]
    superseded: tuple[str, ...]
    members: dict[str, int]
    policies: int


Held = dict[str, Recipient]
"""The members of a group, by address."""


def ask(exchange: ExchangeAdmin, graph: GraphApi, expected: Expected, before: Sample) -> Proof:
    """Ask all five questions. `before` is the sample of the last time, kept as far as it still serves.

    A question that could not be asked raises WireError: "could not look" is never "as expected".
    """
    every = [policy for policy in policies.list_policies(exchange) if policy.names(expected.app_id)]
    naming = [policy for policy in every if not expected.accepts(policy)]
    held = [(group, _held(exchange, group)) for group in expected.groups]
    inside = _held_by_others(exchange, every, expected)
    for _, members_ in held:
        inside |= members_
    sample = Sample(
        allowed=tuple(dict.fromkeys(one for group, of in held for one in _allowed(group, of, before))),
        denied=_denied(exchange, graph, expected, before, inside),
    )
    superseded, policy_findings = _judge_policies(naming, expected)
    findings = (
        *policy_findings,
        *(finding for group, of in held for finding in _member_findings(group, of)),
        *_sample_findings(sample, inside),
        *_grant_findings(graph, expected),
        *_role_findings(exchange, expected),
        *_answer_findings(exchange, expected.app_id, sample),
    )
    return Proof(
        sample,
        findings,
        superseded,
        members={group.kind.name: len(of) for group, of in held},
        policies=len(naming),
    )


def _held(exchange: ExchangeAdmin, group: ExpectedGroup) -> Held:
    direct = members.list_members(exchange, group.object_id) or []
    if group.members_fingerprint:
        return members.by_address(direct)
    return members.by_address(members.expanded(direct, partial(members.list_members, exchange)))


def _held_by_others(exchange: ExchangeAdmin, every: Sequence[AccessPolicy], expected: Expected) -> Held:
    """Who is in the groups of other policies: those open or close their mailboxes, so they prove nothing."""
    others = {policy.group_object_id for policy in every} - expected.group_ids - {""}
    direct = [one for group in sorted(others) for one in members.list_members(exchange, group) or ()]
    return members.by_address(members.expanded(direct, partial(members.list_members, exchange)))


def _allowed(group: ExpectedGroup, held: Held, before: Sample) -> tuple[str, ...]:
    fit = sorted(address for address, one in held.items() if group.kind.has(one))
    kept = tuple(one for one in before.allowed if one in fit)
    return kept if len(kept) >= min(group.sample, len(fit)) else tuple(fit[: group.sample])


def _judge_policies(naming: Sequence[AccessPolicy], expected: Expected) -> tuple[tuple[str, ...], list[str]]:
    superseded, findings, ours = [], [], set()
    wanted = expected.group_ids
    for policy in naming:
        whose = "every application" if policy.app_id == "*" else "this application"
        if policy.access_right != RESTRICT:
            findings.append(f"{policy.access_right} policy {policy.identity} names {whose}")
        elif policy.app_id != "*" and policy.group_object_id in wanted:
            ours.add(policy.group_object_id)
        elif policy.app_id != "*":
            superseded.append(policy.identity)
        else:
            findings.append(
                f"policy {policy.identity} opens the mailboxes of group {policy.group_object_id} to {whose}"
            )
    findings += [
        f"no RestrictAccess policy binds the application to group {group}" for group in sorted(wanted - ours)
    ]
    return tuple(superseded), findings


def _member_findings(group: ExpectedGroup, held: Held) -> list[str]:
    if not group.members_fingerprint:
        return []
    # Also one that the code names: a room may have become a person, or a person have been there before.
    findings = [
        f"member {one.address or one.object_id} {group.kind.why_not(one)}"
        for one in held.values()
        if not group.kind.has(one)
    ]
    if fingerprint(held) != group.members_fingerprint:
        findings.append(
            f"the group's {len(held)} members are not the {group.member_count} of {group.kind.source}; "
            "pulumi up --refresh shows who"
        )
    return findings


def _sample_findings(sample: Sample, inside: Held) -> list[str]:
    findings = [
        f"{one} must be refused and is a member of a group that a policy names"
        for one in sample.denied
        if one in inside
    ]
    if not sample.denied:
        findings.append(
            "no ordinary user mailbox outside the group was found to be refused; set deniedMailboxes"
        )
    if not sample.allowed:
        findings.append("the group has no member that could be asked for")
    return findings


def _grant_findings(graph: GraphApi, expected: Expected) -> list[str]:
    try:
        others = other_grants(graph, expected.service_principal_object_id, expected.permissions)
        kept = set(expected.accepted_permissions) & set(expected.permissions)
        gone = kept - held_already(graph, expected.service_principal_object_id, kept) if kept else kept
    except NotFound:
        return [f"the application's service principal {expected.service_principal_object_id} is gone"]
    if not expected.exclusive:
        others = not_accepted(others, expected.accepted_permissions)
    lost = [f"{name} is in acceptedPermissions and not granted any more" for name in sorted(gone)]
    return lost + [f"{grant} is granted and not asked for by the code" for grant in others]


def _role_findings(exchange: ExchangeAdmin, expected: Expected) -> list[str]:
    """An application of this stack is made without roles; one that exists may have some or be given them."""
    if expected.exclusive:
        return []
    return [
        f"the role {role} in Exchange, which no access policy limits, is not in acceptedPermissions"
        for role in application_roles(exchange, expected.service_principal_object_id)
        if role not in expected.accepted_permissions
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


def _denied(
    exchange: ExchangeAdmin, graph: GraphApi, expected: Expected, before: Sample, inside: Held
) -> tuple[str, ...]:
    """The mailboxes asked for in the settings, or the ordinary ones of the last time, or others."""
    if expected.ask_denied:
        return expected.ask_denied
    return tuple(ordinary_mailboxes(exchange, graph, inside, before.denied)[:_SAMPLE])
