"""Only permissions of the profile, or of an explicit list."""

from collections.abc import Iterator

from pulumi_policy import Severity

from catalogue import BY_NAME, PROFILES, asked
from rule import About, Config, Seen, resource_rule


def _check(seen: Seen, config: Config) -> Iterator[str]:
    listed = {BY_NAME[name] for name in config["permissions"] if name in BY_NAME}
    allowed = listed or PROFILES.get(config["profile"], frozenset())
    where = "the rule's list" if config["permissions"] else f"profile {config['profile']}"
    for one in asked(seen):
        if one.permission is None:
            yield f"asks for {one.label}, which the catalogue does not have: review it"
        elif one.permission not in allowed:
            yield f"asks for {one.label}, which {where} does not have"


RULE = resource_rule(
    About(
        name="permissions-on-list",
        refuses="Permissions beside those of the profile.",
        severity=Severity.HIGH,
        why="What is not on the list was reviewed by nobody.",
        mend="Take it out of the stack's permissions, or have it reviewed and put it on this rule's list.",
        url="https://learn.microsoft.com/graph/permissions-reference",
        settings={
            "profile": {
                "type": "string",
                "enum": sorted(PROFILES),
                "default": "room-booking",
                "description": "The profile whose permissions may be asked for.",
            },
            "permissions": {
                "type": "array",
                "items": {"type": "string", "enum": sorted(BY_NAME)},
                "default": [],
                "description": "Names of the permissions that may be asked for, in place of a profile.",
            },
        },
    ),
    _check,
)
