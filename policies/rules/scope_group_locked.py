"""The group of a scope: mail-enabled security, hidden, closed, owned, mailed by few."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from known import UNKNOWN, entries
from rule import About, Config, Seen, Stack, stack_rule
from tokens import ACCESS_POLICIES, EXISTING_GROUP, SECURITY_GROUP

_LOCKED: dict[str, tuple[Any, str]] = {
    "hiddenFromAddressLists": (True, "shows in the address lists"),
    "memberJoin": ("Closed", "lets people join by themselves"),
    "memberDepart": ("Closed", "lets members leave by themselves"),
    "requireSenderAuthentication": (True, "takes mail from outside"),
}
_FILLED = {"owners": "has no owner", "allowedSenders": "takes mail from everybody"}


def _check(stack: Stack, _config: Config) -> Iterator[tuple[Seen, str]]:
    for seen in stack.values():
        if seen.type == SECURITY_GROUP:
            yield from ((seen, what) for what in _unlocked(seen))
        elif seen.type == EXISTING_GROUP:
            kind = seen.props.get("recipientType")
            if kind not in ("MailUniversalSecurityGroup", UNKNOWN):
                yield seen, f"is a {kind}, no mail-enabled security group"
        elif seen.type == ACCESS_POLICIES:
            yield from ((seen, what) for what in _of_other_groups(seen, stack))


def _unlocked(group: Seen) -> Iterator[str]:
    for key, (wanted, otherwise) in _LOCKED.items():
        if group.props.get(key) not in (wanted, UNKNOWN):
            yield otherwise
    for key, otherwise in _FILLED.items():
        if group.props.get(key) is not UNKNOWN and not entries(group.props.get(key)):
            yield otherwise


def _of_other_groups(scope: Seen, stack: Stack) -> Iterator[str]:
    found = scope.by_property.get("groupObjectIds", frozenset()) & set(stack)
    if entries(scope.props.get("groupObjectIds")) and not found:
        yield "is bound to a group that is not declared in this stack"
    for urn in sorted(found):
        if stack[urn].type not in (SECURITY_GROUP, EXISTING_GROUP):
            yield f"is bound to {stack[urn].name}, which is no mail-enabled security group of this module"


RULE = stack_rule(
    About(
        name="scope-group-locked",
        refuses="A scope whose group is not a hidden and closed mail-enabled security group.",
        severity=Severity.HIGH,
        why="Whoever adds a member widens what PlaceOS reads, and whoever mails the group books every room.",
        mend="Declare the group with RoomGroup or StaffGroup, which lock it before the first member.",
        url="https://learn.microsoft.com/powershell/module/exchange/set-distributiongroup",
    ),
    _check,
)
