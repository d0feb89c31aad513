"""What is wrong with a stack's settings, all of it at once."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

_WHERE_TO_LOOK = (
    "Each setting with its meaning and default: Pulumi.yaml, and the settings table in README.md.\n"
    "This stack's values: pulumi config, and the stack's own Pulumi.<stack>.yaml."
)


class RefusedValueError(ValueError):
    """A value that can't be used: why, and what to do. `shown`: the part of it that is at fault."""

    def __init__(self, reason: str, fix: str, shown: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.shown = shown


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal; `value` None means that the key is not set. `reason` may have several lines."""

    key: str
    value: str | None
    reason: str
    fix: str

    def without(self, secrets: Collection[str]) -> Self:
        """The problem without the secret values and, of lists, without their items.

        Texts of fewer than four characters stay: they give nothing away, and hiding them hides words.
        """
        hidden = {leaf for secret in secrets for leaf in _leaves(secret) if len(leaf) >= 4}
        value, reason, fix = self.value, self.reason, self.fix
        for leaf in sorted(hidden, key=len, reverse=True):
            value = value and value.replace(leaf, "[secret]")
            reason, fix = reason.replace(leaf, "[secret]"), fix.replace(leaf, "[secret]")
        return replace(self, value=value, reason=reason, fix=fix)


class SettingsError(ValueError):
    """Everything that is wrong with the settings; the text lists it, and hides what the stack keeps secret.

    `secrets` are the values that may not be shown, as the configuration holds them; `problems` doesn't have
    them either.
    """

    def __init__(
        self, problems: Iterable[Problem], *, secret_keys: Collection[str] = (), secrets: Collection[str] = ()
    ) -> None:
        self.problems = tuple(
            Problem(
                problem.key,
                "[secret]" if problem.value and problem.key in secret_keys else problem.value,
                problem.reason,
                problem.fix,
            ).without(secrets)
            for problem in problems
        )
        count = len(self.problems)
        heading = f"{count} setting{'s' * (count > 1)} can't be used. Nothing was changed."
        super().__init__("\n\n".join([heading, *map(_paragraph, self.problems), _WHERE_TO_LOOK]))


def _paragraph(problem: Problem) -> str:
    value = "not set" if problem.value is None else f'"{problem.value}"'
    reason = problem.reason.replace("\n", "\n         ")
    return f"  {problem.key}: {value}\n    why  {reason}\n    fix  {problem.fix}"


def _leaves(secret: str) -> tuple[str, ...]:
    """The secret itself and, when it is a JSON list, its items; as written and as we fold them."""
    try:
        parsed = json.loads(secret)
    except ValueError:
        parsed = None
    items = [str(item) for item in parsed] if isinstance(parsed, list) else []
    return tuple(form for leaf in (secret, *items) for form in (leaf, leaf.strip(), leaf.lower()))
