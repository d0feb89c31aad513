"""A review: everything that a change does, and the verdict."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from review import (
    application_changes,
    credential_changes,
    group_changes,
    other_changes,
    permission_table,
    reach_changes,
    scope_changes,
    settings_changes,
)
from review.change import LEVELS, Change, Effect
from review.declared import Sides
from review.policy import Violation
from review.reach import Reach, reach
from review.settings_changes import SettingChange


class Verdict(StrEnum):
    """What a person has to decide."""

    REFUSED = "refused by policy"
    NEW_ACCESS = "new access"
    LESS_ACCESS = "less access"
    SAME_ACCESS = "same access"
    NOTHING = "nothing changes"

    @property
    def wants_approval(self) -> bool:
        """Whether somebody has to agree before it is applied."""
        return self in {Verdict.REFUSED, Verdict.NEW_ACCESS}


_PARTS = (
    permission_table,
    reach_changes,
    scope_changes,
    application_changes,
    group_changes,
    credential_changes,
    other_changes,
)


@dataclass(frozen=True)
class Review:
    """What changes for a stack. `against` is what it was compared with, in words.

    `settings` are those that differ. `notes` are what was not seen: each is told, for what is not looked at
    is not clean. `code`: the folders and files with changed code. `unseen`: keys of the stack's file that
    are otherwise and could not be looked at.
    """

    stack: str
    against: str
    sides: Sides
    settings: tuple[SettingChange, ...] = ()
    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change, the gravest of what is gained first."""
        found = [one for part in _PARTS for one in part.changes(self.sides)]
        found += settings_changes.changes(self.settings)
        found += settings_changes.unseen(self.unseen)
        order = list(Effect)
        return tuple(sorted(found, key=lambda one: (order.index(one.effect), -LEVELS.index(one.level))))

    @cached_property
    def permissions(self) -> tuple[permission_table.Row, ...]:
        """The permissions of both sides."""
        return permission_table.rows(self.sides)

    @cached_property
    def reaches(self) -> tuple[Reach, Reach]:
        """The mailboxes that can be opened before and after."""
        return reach(self.sides.before), reach(self.sides.after)

    def with_effect(self, effect: Effect) -> tuple[Change, ...]:
        """The changes of one effect."""
        return tuple(one for one in self.changes if one.effect is effect)

    @property
    def verdict(self) -> Verdict:
        """The gravest that is true."""
        if any(one.refused for one in self.violations):
            return Verdict.REFUSED
        if self.with_effect(Effect.GAINS):
            return Verdict.NEW_ACCESS
        if self.with_effect(Effect.LOSES):
            return Verdict.LESS_ACCESS
        return Verdict.SAME_ACCESS if self.changes or self.settings else Verdict.NOTHING

    @property
    def questions(self) -> tuple[str, ...]:
        """What the reviewer should ask, each once, in the order of the changes."""
        first = (
            f"Code changes: {', '.join(self.code)}. A review compares what is declared, not what code does "
            "when it runs, and is code itself. Was it read?"
        )
        asked = [first] if self.code else []
        return tuple(dict.fromkeys([*asked, *(one.ask for one in self.changes if one.ask)]))
