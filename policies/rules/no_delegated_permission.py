"""No permission in the name of a signed-in person."""

from collections.abc import Iterator

from pulumi_policy import Severity

from catalogue import requested
from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, APPLICATION_API_ACCESS, DELEGATED_GRANT


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type == APPLICATION:
        for _, access in requested(seen):
            if access.get("type") == "Scope":
                yield f"requests the delegated permission {access.get('id')}"
    elif seen.type == APPLICATION_API_ACCESS and seen.props.get("scopeIds"):
        yield "requests delegated permissions"
    elif seen.type == DELEGATED_GRANT:
        yield "grants delegated permissions"


RULE = resource_rule(
    About(
        name="no-delegated-permission",
        refuses="Delegated permissions, requested or granted.",
        severity=Severity.HIGH,
        why="Nobody signs in to PlaceOS, and no access policy narrows what a person opens for it.",
        mend="Take it out, and ask for the application permission if PlaceOS needs it.",
        url="https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
    ),
    _check,
)
