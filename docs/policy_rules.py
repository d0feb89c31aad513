"""What the pages say of the policy pack's rules, from the rules themselves."""

import sys
from collections.abc import Iterable
from pathlib import Path

# The pack's modules import each other as its own process sees them.
sys.path.append(str(Path(__file__).parent.parent / "policies"))

from pulumi_policy import Policy

from rules import RULES


def rule_rows() -> Iterable[tuple[str, ...]]:
    """Each rule: name, severity, level, what it refuses, how to mend it."""
    for rule in RULES:
        yield (
            f"[`{rule.name}`]({rule.url})",
            rule.severity.value if rule.severity else "",
            rule.enforcement_level.value if rule.enforcement_level else "",
            rule.description,
            rule.remediation_steps or "",
        )


def key_rows() -> Iterable[tuple[str, ...]]:
    """Each configuration key beside `exceptions`: its rule, its default, its meaning."""
    for rule in RULES:
        for key, schema in _keys(rule).items():
            yield f"`{rule.name}`", f"`{key}`", _default(schema["default"]), str(schema["description"])


def _keys(rule: Policy) -> dict[str, dict[str, object]]:
    schema = rule.config_schema.properties if rule.config_schema else {}
    return {key: value for key, value in schema.items() if key != "exceptions"}


def _default(value: object) -> str:
    texts = value if isinstance(value, list) else [value]
    return ", ".join(f"`{text}`" for text in texts) or "none"
