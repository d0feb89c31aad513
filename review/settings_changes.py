"""The settings that change, key by key."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from review.change import Area, Change, Effect

_PERIOD, _ANCHOR = "rotationPeriodDays", "rotationAnchor"


@dataclass(frozen=True)
class SettingChange:
    """One key of the stack with its value before and after; "" where it is not set."""

    key: str
    before: str
    after: str

    @property
    def in_words(self) -> str:
        """What is another value; of lists, what comes and what goes, for their order is no matter."""
        before, after = _entries(self.before), _entries(self.after)
        if before is None or after is None:
            return f"{self.before or 'not set'} → {self.after or 'not set'}"
        came = (f"+ {one}" for one in sorted(after - before))
        return ", ".join([*came, *(f"- {one}" for one in sorted(before - after))])


def setting_changes(
    before: Mapping[str, str] | None, after: Mapping[str, str], project: str
) -> tuple[SettingChange, ...]:
    """What differs, by key; nothing when the settings of before are not known.

    Keys are shown without the namespace of the project. Values are as the engine tells them: what is secret
    is masked on both sides, and its change not seen.
    """
    if before is None:
        return ()
    return tuple(
        SettingChange(key.removeprefix(f"{project}:"), before.get(key, ""), after.get(key, ""))
        for key in sorted(before.keys() | after.keys())
        if not _same(before.get(key, ""), after.get(key, ""))
    )


def _same(before: str, after: str) -> bool:
    return before == after or (_entries(before) is not None and _entries(before) == _entries(after))


def _entries(value: str) -> AbstractSet[str] | None:
    """The entries of a list of texts; None for what is no such list."""
    if not value.startswith("["):
        return None
    try:
        return frozenset(str(one) for one in json.loads(value))
    except ValueError:
        return None


def changes(settings: tuple[SettingChange, ...]) -> tuple[Change, ...]:
    """What a setting does to the access that no resource shows yet: secrets change at their next turn."""
    found = []
    for one in settings:
        if ":" in one.key:  # the namespace of a provider, or of the engine
            what = f"The setting {one.key} changes: it may say who deploys, and where."
            ask = f"What does {one.key} do? The settings of this project are all without a namespace."
            found.append(Change(Effect.GAINS, Area.OTHER, what, "unknown", ask))
        if one.key == _ANCHOR and one.before:
            what = "Client secrets are renewed on other days: the next run makes the older one anew."
            found.append(Change(Effect.NEITHER, Area.CREDENTIALS, what, ask="Who hands the new secret over?"))
        if one.key == _PERIOD and one.before.isdigit() and one.after.isdigit():
            longer = int(one.after) > int(one.before)
            before, after = 2 * int(one.before), 2 * int(one.after)
            found.append(
                Change(
                    Effect.GAINS if longer else Effect.LOSES,
                    Area.CREDENTIALS,
                    f"Client secrets are valid for up to {after} days (was {before}).",
                    "moderate" if longer else "low",
                    "Why do secrets have to live longer?" if longer else "",
                )
            )
    return tuple(found)


def unseen(keys: tuple[str, ...]) -> tuple[Change, ...]:
    """What could not be looked at, and is otherwise than it was."""
    return tuple(
        Change(
            Effect.GAINS,
            Area.OTHER,
            f"{key} of the stack's file changes, and can't be looked at here.",
            "unknown",
            f"What is {key} now, and what may it change? Who can read it should look.",
        )
        for key in keys
    )
