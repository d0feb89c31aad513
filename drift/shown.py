"""Findings as people read them: those that differ only in their subject stand together."""

from collections.abc import Iterable
from dataclasses import dataclass

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
        return tuple(one.what for one in self.findings[:MOST])

    @property
    def unnamed(self) -> tuple[Finding, ...]:
        """The others."""
        return self.findings[MOST:]

    @property
    def more(self) -> str:
        """How many these are, in words; "" for none."""
        return f"and {len(self.unnamed):,} more like these" if self.unnamed else ""

    @property
    def since(self) -> str:
        """When it began, of one that stands alone."""
        return self.first.since if len(self.findings) == 1 else ""

    def accept(self, stack: str) -> str:
        """The lines of code that make it right to have, or accept it; of very many the first."""
        return "\n".join(dict.fromkeys(lines_for(one, stack) for one in self.findings[:MOST]))


def together(findings: Iterable[Finding]) -> tuple[Shown, ...]:
    """In the order of the findings, which are sorted by level and rule."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.level, one.rule, one.where, one.repair), []).append(one)
    return tuple(Shown(tuple(ones)) for ones in alike.values())
