"""Applications and service principals that somebody owns."""

from collections.abc import Iterator

from pulumi_policy import Severity

from known import UNKNOWN, entries
from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, SERVICE_PRINCIPAL


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    owners = seen.props.get("owners")
    if seen.type in (APPLICATION, SERVICE_PRINCIPAL) and owners is not UNKNOWN and not entries(owners):
        yield "has no owner"


RULE = resource_rule(
    About(
        name="owners-set",
        refuses="Applications and service principals without an owner.",
        severity=Severity.MEDIUM,
        why="Nobody answers for it, and a deployer that may change only what it owns can't change it.",
        mend="Name the owners; applicationOwners adds to the deployer.",
        url="https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    ),
    _check,
)
