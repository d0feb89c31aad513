"""The application access policies that have a say over the application."""

from collections.abc import Iterator

from drift import code_lines, commands
from drift.counted import counted
from drift.facts import facts
from drift.finding import Finding, Managed
from drift.reach import reach
from drift.tenant import Tenant
from exchange.policies import description
from exchange.records import RESTRICT, AccessPolicy
from permissions import Level
from review.types import ACCESS_POLICIES

_WHERE = "Exchange Online, Get-ApplicationAccessPolicy"
_MANAGED = frozenset({
    Managed(ACCESS_POLICIES, one)
    for one in ("", "groupObjectIds", "accessRights", "policyIds", "descriptions", "since")
})  # fmt: skip


HELD = frozenset({Managed(ACCESS_POLICIES, "descriptions")})
"""What of Pulumi's own drift the code says better than the state."""


def policies(tenant: Tenant) -> Iterator[Finding]:
    """Policies that are missing, and those that are there and not the code's."""
    code = tenant.code
    bound = set()
    for one in tenant.naming():
        ours = one.app_id != "*" and one.group_object_id in code.group_ids
        if ours and one.access_right == RESTRICT:
            bound.add(one.group_object_id)
            yield from _description(tenant, one)
        elif ours or one.identity not in code.accepted_policies:
            yield _other(tenant, one)
    if missing := code.group_ids - bound:
        yield from _missing(tenant, missing, any_left=_is_limited(tenant))


def _description(tenant: Tenant, policy: AccessPolicy) -> Iterator[Finding]:
    """What it says: by the mark in it a killed run finds its own."""
    code = tenant.code
    group = code.group(policy.group_object_id)
    should = description(group.kind.mailboxes, code.mark) if group else policy.description
    if policy.description != should:
        yield Finding(
            rule="managed-changed",
            subject=f"{policy.identity} description",
            what=f"the policy's description is {policy.description!r} and should be {should!r}",
            where=_WHERE,
            level=Level.LOW,
            holds=facts([policy.description]),
            repair=commands.up(code.stack),
        )


def _is_limited(tenant: Tenant) -> bool:
    return any(one.access_right == RESTRICT for one in tenant.naming())


def _missing(tenant: Tenant, missing: frozenset[str], *, any_left: bool) -> Iterator[Finding]:
    code = tenant.code
    if not any_left:
        yield Finding(
            rule="scope-missing",
            subject=code.client_id,
            what=f"the rule that limits PlaceOS is gone. {reach(tenant).in_words}",
            where=_WHERE,
            level=Level.CRITICAL,
            repair="\n".join([*_limiting(tenant, missing), *_contained(code.stack)]),
            also=_MANAGED,
        )
        return
    for group in sorted(missing):
        known = code.group(group)
        yield Finding(
            rule="scope-missing",
            subject=group,
            what=f"no policy opens the mailboxes of {known.address if known else group} to PlaceOS",
            where=_WHERE,
            level=Level.HIGH,
            repair="\n".join([*_limiting(tenant, frozenset({group})), commands.up(code.stack)]),
            also=_MANAGED,
        )


def _limiting(tenant: Tenant, missing: frozenset[str]) -> list[str]:
    """The policies as the next run makes them, which adopts them.

    A containment ends no token that is out; and what else limits PlaceOS now may itself be a finding, whose
    repair removes it.
    """
    return [
        commands.cmdlet(
            "New-ApplicationAccessPolicy",
            AccessRight=RESTRICT, AppId=tenant.code.client_id, PolicyScopeGroupId=one.object_id,
            Description=description(one.kind.mailboxes, tenant.code.mark),
        )
        for one in tenant.groups()
        if one.object_id in missing
    ]  # fmt: skip


def _contained(stack: str) -> list[str]:
    return [
        f"roomctl contain --yes --stack {stack}",
        f"roomctl resume --stack {stack}",
        commands.up_with_new_secret(stack),
    ]


def _other(tenant: Tenant, policy: AccessPolicy) -> Finding:
    for_all = policy.app_id == "*"
    restricts = policy.access_right == RESTRICT
    rule = "policy-not-in-code" if restricts else "policy-denies"
    whom = "every application" if for_all else "PlaceOS"
    verb = "opens" if restricts else "closes"
    own_group = not for_all and policy.group_object_id in tenant.code.group_ids
    return Finding(
        rule="policy-for-every-application" if for_all else rule,
        subject=policy.identity,
        what=f"a {policy.access_right} policy {verb} {_inside(tenant, policy.group_object_id)} to {whom}",
        where=_WHERE,
        level=Level.HIGH if restricts or for_all else Level.MODERATE,
        holds=facts(tenant.everybody([policy.group_object_id]) if policy.group_object_id else ()),
        repair=_without(policy),
        accept=_accepted(tenant, policy) if tenant.code.existing and not own_group else "",
        also=_MANAGED,
    )


def _inside(tenant: Tenant, scope: str) -> str:
    """Whom the scope of a policy holds, in words; it may be a mailbox in place of a group."""
    if not scope:
        return "an unknown group"
    members = tenant.everybody([scope])
    mailbox = next((address for address, one in members.items() if one.object_id == scope), None)
    return f"the mailbox {mailbox}" if mailbox else f"the {counted(len(members), 'member')} of {scope}"


def _without(policy: AccessPolicy) -> str:
    """No command where the policy keeps somebody out: whoever put it there has to be asked first."""
    for_all, restricts = policy.app_id == "*", policy.access_right == RESTRICT
    if restricts and not for_all:
        return commands.cmdlet("Remove-ApplicationAccessPolicy", Identity=policy.identity)
    ask = "ask whoever administers Exchange for whom"
    if restricts:
        return commands.note(
            f"{ask} it limits every application: without it one that nothing else limits opens every mailbox"
        )
    opens = "every application" if for_all else "PlaceOS"
    return commands.note(
        f"{ask} it closes these mailboxes: without it {opens} opens those that nothing else closes to it"
    )


def _accepted(tenant: Tenant, policy: AccessPolicy) -> str:
    return code_lines.one_more(tenant.code, "acceptedPolicies", policy.identity)
