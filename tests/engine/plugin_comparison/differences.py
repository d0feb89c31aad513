"""How the official plugin's requests differ from the stand-in's, and which differences are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.engine.plugin_comparison.life_cycle import Operation


@dataclass(frozen=True)
class Difference:
    """One request that is not made equally often in an operation, or its exit code."""

    operation: str
    said: str
    standin: int
    official: int


@dataclass(frozen=True)
class Accepted:
    """A difference that stays, and why it cannot hide a fault."""

    difference: Difference
    reason: str


@dataclass(frozen=True)
class Comparison:
    """What was found, against what is accepted."""

    unexplained: list[Difference]
    explained: list[Accepted]
    outdated: list[Accepted]
    """Accepted, and no longer seen."""

    @property
    def equal(self) -> bool:
        """Whether nothing differs but what is accepted, and all of that still does."""
        return not self.unexplained and not self.outdated


def compare(
    standin: Sequence[Operation], official: Sequence[Operation], accepted: Sequence[Accepted]
) -> Comparison:
    """Compare two lives of the same stack, operation by operation.

    Where one ended early, its last operation differs by the exit code.
    """
    found = [
        difference
        for ours, theirs in zip(standin, official, strict=False)
        for difference in _differences(ours, theirs)
    ]
    known = {one.difference for one in accepted}
    return Comparison(
        [difference for difference in found if difference not in known],
        [one for one in accepted if one.difference in found],
        [one for one in accepted if one.difference not in found],
    )


def _differences(standin: Operation, official: Operation) -> list[Difference]:
    ours, theirs = (
        one.said + type(one.said)({f"exit code {one.run.code}": 1}) for one in (standin, official)
    )
    return [
        Difference(standin.name, said, ours[said], theirs[said])
        for said in sorted(ours | theirs)
        if ours[said] != theirs[said]
    ]
