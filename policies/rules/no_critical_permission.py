"""No permission that opens a way to rule the tenant."""

from collections.abc import Iterator

from pulumi_policy import Severity

from catalogue import asked
from rule import About, Config, Seen, resource_rule


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    for one in asked(seen):
        if one.permission is not None and one.permission.level == "critical":
            yield f"asks for {one.label}, which the catalogue calls critical"


RULE = resource_rule(
    About(
        name="no-critical-permission",
        refuses="Permissions that the catalogue calls critical, on a list or not.",
        severity=Severity.CRITICAL,
        why="With it, whoever holds PlaceOS's secret can take or open the whole tenant.",
        mend="Take it out; permissions/catalogue.json says what to ask for in its place.",
        url="https://learn.microsoft.com/graph/permissions-overview#best-practices-for-using-microsoft-graph-permissions",
    ),
    _check,
)
