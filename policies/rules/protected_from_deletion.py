"""The application and the group, protected."""

from collections.abc import Iterator

from pulumi_policy import Severity

from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, SECURITY_GROUP


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type in (APPLICATION, SECURITY_GROUP) and not seen.protected:
        yield "is not protected"


RULE = resource_rule(
    About(
        name="protected-from-deletion",
        refuses="An application or a group that a run may delete.",
        severity=Severity.MEDIUM,
        why="Made anew it has another id, and consent, scope and PlaceOS's settings hang on the old one.",
        mend="Set protect to true in the stack's settings.",
        url="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    ),
    _check,
)
