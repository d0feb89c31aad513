"""What is wrong with a stack's settings, all of it at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from visible import quoted, visible

_WHERE_TO_LOOK = (
    "Each setting with its meaning and default: Pulumi.yaml, and the settings table in README.md.\n"
    "This stack's values: pulumi config, and the stack's own Pulumi.<stack>.yaml."
)
_MOST_OF_A_KEY = 10
_NOTHING: Mapping[str, str] = {}


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text without the secret values and, of lists, without their items.

    Those of fewer than four characters stay: they give nothing away, and hiding them hides words.
    """
    hidden = {leaf for secret in secrets for leaf in _leaves(secret) if len(leaf) >= 4}
    for leaf in sorted(hidden, key=len, reverse=True):
        text = text.replace(leaf, "[secret]")
    return text


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

    def without(self, secrets: Iterable[str]) -> Self:
        """The problem without the secret values."""
        secrets = tuple(secrets)
        return replace(
            self,
            value=self.value and without_secrets(self.value, secrets),
            reason=without_secrets(self.reason, secrets),
            fix=without_secrets(self.fix, secrets),
        )


class SettingsError(ValueError):
    """What is wrong with the settings; the text lists it, and hides what the stack keeps secret.

    `hidden` are the values that may not be shown, by key, as the configuration holds them. `problems`, those
    that are told, don't have them either: at most ten of a key.
    """

    def __init__(self, problems: Iterable[Problem], *, hidden: Mapping[str, str] = _NOTHING) -> None:
        told: list[Problem] = []
        paragraphs: list[str] = []
        of_key = _by_key(problems)
        for key, all_of_it in of_key.items():
            some = [_hidden(problem, hidden) for problem in all_of_it[:_MOST_OF_A_KEY]]
            told += some
            paragraphs += map(_paragraph, some)
            if more := len(all_of_it) - len(some):
                paragraphs.append(f"  {visible(key)}: and {more:,} more")
        self.problems = tuple(told)
        heading = f"{len(of_key)} setting{'s' * (len(of_key) > 1)} can't be used. Nothing was changed."
        super().__init__("\n\n".join([heading, *paragraphs, _WHERE_TO_LOOK]))


def _by_key(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """The problems of each key, in the order in which they came."""
    of_key: dict[str, list[Problem]] = {}
    for problem in problems:
        of_key.setdefault(problem.key, []).append(problem)
    return of_key


def _hidden(problem: Problem, hidden: Mapping[str, str]) -> Problem:
    """The problem as it may be told."""
    if problem.value and problem.key in hidden:
        problem = replace(problem, value="[secret]")
    return problem.without(hidden.values())


def _paragraph(problem: Problem) -> str:
    value = "not set" if problem.value is None else quoted(problem.value)
    reason = "\n         ".join(map(visible, problem.reason.split("\n")))
    return f"  {visible(problem.key)}: {value}\n    why  {reason}\n    fix  {visible(problem.fix)}"


def _leaves(secret: str) -> tuple[str, ...]:
    """The secret itself and, when it is a JSON list, its items; as written and as we fold them."""
    try:
        parsed = json.loads(secret)
    except (ValueError, RecursionError):
        parsed = None
    items = [str(item) for item in parsed] if isinstance(parsed, list) else []
    return tuple(form for leaf in (secret, *items) for form in (leaf, leaf.strip(), leaf.lower()))
