"""No permission on mailboxes without an access policy for the same application in the same stack."""

from collections.abc import Iterator

from pulumi_policy import Severity

from catalogue import asked
from known import UNKNOWN, entries
from rule import About, Config, Seen, Stack, stack_rule
from tokens import ACCESS_POLICIES, APPLICATION


def _check(stack: Stack, _config: Config) -> Iterator[tuple[Seen, str]]:
    scopes = [one for one in stack.values() if one.type == ACCESS_POLICIES and _has_group(one)]
    scoped = {_application(one, stack) for one in scopes}
    for seen in stack.values():
        for one in asked(seen):
            if one.permission is None or not one.permission.mailbox:
                continue
            if not one.permission.scoped:
                yield seen, f"asks for {one.label}, which no access policy narrows"
            elif _application(seen, stack) not in scoped:
                yield seen, f"asks for {one.label}, and no access policy of this stack keeps it to a group"


def _has_group(scope: Seen) -> bool:
    groups = scope.props.get("groupObjectIds")
    return groups is UNKNOWN or bool(entries(groups))


def _application(seen: Seen, stack: Stack) -> frozenset[str]:
    """The applications of this stack that the resource hangs on; none for one that exists already."""
    if seen.type == APPLICATION:
        return frozenset((seen.urn,))
    by_property = [seen.by_property.get(key, frozenset()) for key in ("appId", "principalObjectId")]
    found, todo = set[str](), set[str]().union(*by_property)
    while todo:
        urn = todo.pop()
        if urn not in found and urn in stack:
            found.add(urn)
            todo |= stack[urn].dependencies
    return frozenset(urn for urn in found if stack[urn].type == APPLICATION)


RULE = stack_rule(
    About(
        name="mailbox-permission-scoped",
        refuses="A permission on mailboxes without an access policy for the same application in the stack.",
        severity=Severity.CRITICAL,
        why="Without a policy it opens every mailbox of the tenant.",
        mend="Keep the stack's MailboxScope with at least one group, or take the permission out.",
        url="https://learn.microsoft.com/graph/auth-limit-mailbox-access",
    ),
    _check,
)
