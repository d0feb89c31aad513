"""The README's generated tables: each stands between `<!-- name -->` and `<!-- /name -->`.

`python -m docs.tables --write` renews them; `--check` ends with 7 when one is out of date.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

import permissions
import settings
from docs.generated import CannotGenerateError, command, markdown_table
from docs.outputs import OUTPUTS
from docs.policy_rules import key_rows, rule_rows
from drift.rules import RULES
from inventory.columns import BUILDING_COLUMNS, LEVEL_COLUMNS, ROOM_COLUMNS
from rights import RIGHTS, Role
from verify.calls import CALLS, NOBODY

_ROOT = Path(__file__).parent.parent


def outputs_table() -> str:
    """Every output of the stack and what it means."""
    return markdown_table(
        ("Output", "", "Meaning"),
        ((f"`{output.name}`", "secret" if output.secret else "", output.meaning) for output in OUTPUTS),
    )


def settings_table() -> str:
    """Every key that Pulumi.yaml declares: its type, default and meaning."""
    declared = yaml.safe_load((_ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    optional = settings.defaults()
    return markdown_table(
        ("Setting", "Type", "Default", "Meaning"),
        (
            (
                f"`{key}`",
                _type_of(schema),
                _code(schema["default"]) if key in optional else "**required**",
                schema["description"],
            )
            for key, schema in declared.items()
        ),
    )


def permissions_table() -> str:
    """Every permission that may be granted: what it opens, whether a policy narrows it, what needs it."""
    return markdown_table(
        ("Permission", "Opens", "Narrowed by the policy", "Profiles", "PlaceOS needs it for"),
        (
            (
                f"`{permission.name}`",
                permission.opens,
                "yes" if permission.scoped_by_policy else "no: tenant-wide",
                ", ".join(name for name, names in permissions.PROFILES.items() if permission.name in names),
                "; ".join(need.call for need in permission.needed_by),
            )
            for permission in map(permissions.find, permissions.names())
        ),
    )


def inventory_table() -> str:
    """The columns of the three inventory files, and the other headers they go by."""
    return markdown_table(
        ("File", "Column", "", "Meaning", "Also read as"),
        (
            (
                file,
                f"`{column.name}`",
                "**required**" if column.required else "",
                column.meaning.replace("|", r"\|"),
                ", ".join(column.also),
            )
            for file, columns in (
                ("rooms.csv", ROOM_COLUMNS),
                ("buildings.csv", BUILDING_COLUMNS),
                ("levels.csv", LEVEL_COLUMNS),
            )
            for column in columns
        ),
    )


def rights_table() -> str:
    """Every right of the deployer: what it is for, which roles take it, and what its absence looks like."""
    return markdown_table(
        ("Right", "On", "For", *Role, "Without it"),
        (
            (
                f"`{one.name}`",
                one.on,
                one.purpose,
                *("yes" if role in one.roles else "" for role in Role),
                f"`{one.without}`",
            )
            for one in RIGHTS
        ),
    )


def policies_table() -> str:
    """Every rule of the policy pack: how grave, what it refuses, how to mend it."""
    return markdown_table(("Rule", "Severity", "Level", "Refuses", "To mend"), rule_rows())


def policy_keys_table() -> str:
    """The configuration keys of the rules."""
    return markdown_table(("Rule", "Key", "Default", "Meaning"), key_rows())


def calls_table() -> str:
    """Every call of PlaceOS that `roomctl verify` makes: what opens it, and what is lost without it."""
    return markdown_table(
        ("Call", "Opened by", "Asked of", "Comes to", "PlaceOS loses without it"),
        (
            (
                f"[`{call.method} {call.path.replace(NOBODY, '{id}')}`]({call.source})",
                " and ".join(map(_opened_by, call.opened_by)),
                str(call.asked),
                call.comes_to,
                call.function,
            )
            for call in CALLS
        ),
    )


def drift_table() -> str:
    """Every kind of finding of `roomctl drift`, and why it matters."""
    return markdown_table(
        ("Finding", "Why it matters"),
        (
            (f"`{name}`", f"[{rule.why}]({rule.source})" if rule.source else rule.why)
            for name, rule in RULES.items()
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "outputs": outputs_table,
    "settings": settings_table,
    "permissions": permissions_table,
    "inventory": inventory_table,
    "rights": rights_table,
    "policies": policies_table,
    "policy-keys": policy_keys_table,
    "calls": calls_table,
    "drift": drift_table,
}


def with_tables(text: str) -> str:
    """The text with every table between its markers renewed; CannotGenerateError for a lone marker."""
    for name, render in TABLES.items():
        opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(opening) != text.count(closing):
            raise CannotGenerateError(f"{opening} and {closing} belong together: write both or neither.")
        between = re.compile(f"{re.escape(opening)}.*?{re.escape(closing)}", re.DOTALL)
        text = between.sub(lambda _: f"{opening}\n{render()}\n{closing}", text)  # noqa: B023 - used at once
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew or check the tables of one file, the README unless another is named."""
    return command("docs.tables", __doc__, _ROOT / "README.md", with_tables, arguments)


def _opened_by(choice: Sequence[str]) -> str:
    """Those of the permissions that may be granted; where none may, the narrowest."""
    granted = [name for name in choice if name in permissions.names()]
    return " or ".join(f"`{name}`" for name in granted or choice[:1])


def _type_of(schema: dict[str, Any]) -> str:
    return f"array of {schema['items']['type']}s" if schema["type"] == "array" else str(schema["type"])


def _code(default: object) -> str:
    return f"`{default if isinstance(default, str) and default else json.dumps(default)}`"


if __name__ == "__main__":
    sys.exit(main())
