"""Access policies that keep an application in, not out."""

from collections.abc import Iterator

from pulumi_policy import Severity

from known import UNKNOWN, entries
from rule import About, Config, Seen, resource_rule
from tokens import ACCESS_POLICIES


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    rights = seen.props.get("accessRights")
    if seen.type != ACCESS_POLICIES or rights is UNKNOWN:
        return
    if not entries(rights):
        yield "has no access right"
    for right in entries(rights):
        if right not in ("RestrictAccess", UNKNOWN):
            yield f"has the access right {right}, which is not RestrictAccess"


RULE = resource_rule(
    About(
        name="restrict-access-only",
        refuses="Access policies with another right than RestrictAccess.",
        severity=Severity.CRITICAL,
        why="DenyAccess closes the group and leaves every other mailbox open.",
        mend="Write RestrictAccess.",
        url="https://learn.microsoft.com/powershell/module/exchange/new-applicationaccesspolicy",
    ),
    _check,
)
