"""Findings as people read them: those that differ only in their subject stand together."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from drift.accepted import lines_for
from drift.finding import Finding

MOST = 20
"""How many of those that stand together are named."""


@dataclass(frozen=True)
class Shown:
    """Findings of one rule, level and place, with one repair for all of them."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """What they have in common can be read from any of them."""
        return self.findings[0]

    @property
    def named(self) -> tuple[str, ...]:
        """What was found, in sentences; of very many the first."""
        said = tuple(one.what for one in self.findings[:MOST])
        left = len(self.findings) - MOST
        return (*said, f"and {left:,} more like these") if left > 0 else said

    @property
    def since(self) -> str:
        """When it began, of one that stands alone."""
        return self.first.since if len(self.findings) == 1 else ""

    def accept(self, stack: str) -> str:
        """The lines of code that make it right to have, or accept it; of very many the first."""
        return "\n".join(dict.fromkeys(lines_for(one, stack) for one in self.findings[:MOST]))


def together(findings: Iterable[Finding]) -> tuple[Shown, ...]:
    """In the order of the findings, which are sorted by level and rule."""

    def alike(one: Finding) -> tuple[str, ...]:
        return one.level, one.rule, one.where, one.repair

    return tuple(Shown(tuple(ones)) for _, ones in groupby(findings, key=alike))
