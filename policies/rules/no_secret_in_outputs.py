"""No secret in an output of the stack that is not known to be a secret one.

The engine doesn't tell a pack which outputs are secret. So the secret ones are listed by name, and every
other output is judged by its name and, as far as it is known, by its value.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from known import UNKNOWN
from rule import About, Config, Seen, Stack, stack_rule
from tokens import APPLICATION_PASSWORD, SERVICE_PRINCIPAL_PASSWORD, STACK

_NAMES = re.compile(
    r"(secret|password|passphrase|token|credentials?|(private|api|access)_?key)(_?values?)?s?$", re.IGNORECASE
)
_SHAPES = (
    re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),  # a client secret of Entra
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+"),  # a token
)


def _check(stack: Stack, config: Config) -> Iterator[tuple[Seen, str]]:
    secrets = [
        value
        for one in stack.values()
        if one.type in (APPLICATION_PASSWORD, SERVICE_PRINCIPAL_PASSWORD)
        and isinstance(value := one.props.get("value"), str)
        and value
    ]
    for root in (one for one in stack.values() if one.type == STACK):
        for name, value in sorted(root.props.items()):
            if name in config["secretOutputs"]:
                continue
            if _NAMES.search(name):
                yield root, f"has the output {name}, which by its name is a secret"
            elif _holds_secret(value, secrets):
                yield root, f"has the output {name}, in which there is a secret"


def _holds_secret(value: Any, secrets: list[str]) -> bool:
    return any(secret in text for text in _texts(value) for secret in secrets) or any(
        shape.search(text) for text in _texts(value) for shape in _SHAPES
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text in the value; of one that is JSON in itself, as it is written and as it is meant."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str) and value is not UNKNOWN:
        yield value
        try:
            inner = json.loads(value)
        except ValueError:
            return
        if not isinstance(inner, str):
            yield from _texts(inner)


RULE = stack_rule(
    About(
        name="no-secret-in-outputs",
        refuses="Outputs with a secret in them that are not on the list of secret outputs.",
        severity=Severity.CRITICAL,
        why="A plain output stands in the state, in logs and in every stack that refers to this one.",
        mend="Take it out, or export it with Output.secret and put its name on this rule's list.",
        url="https://www.pulumi.com/docs/iac/concepts/secrets/",
        settings={
            "secretOutputs": {
                "type": "array",
                "items": {"type": "string"},
                "default": [
                    "clientSecret",
                    "legacyEngineEnvironment",
                    "legacyEngineSettings",
                    "placeosCalendarConfig",
                ],
                "description": "The outputs that are exported as secrets; a pack can't see whether they are.",
            },
        },
    ),
    _check,
)
