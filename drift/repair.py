"""The repairs of all findings together, in the order in which they work."""

from collections.abc import Sequence

from drift.finding import Finding

_CONTAIN, _RESUME, _UP = "roomctl contain ", "roomctl resume ", "pulumi up "
_CLOSED_BY_CONTAINMENT = frozenset({
    "certificate-not-in-code",
    "credential-on-principal",
    "federated-credential-not-in-code",
    "secret-not-in-code",
    "sign-in-disabled",
})  # fmt: skip
"""What `roomctl contain` closes as well, or `roomctl resume` ends: after them there is nothing to repair."""


def in_order(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Every command once, with the comments before it, in the order of the findings but for these.

    What stops harm comes first, then owners, who could undo the rest, then what else is done by hand. What
    ends the containment and the run come last, because the proof refuses as long as anything is open that
    the code does not know.
    """
    contained = any(one.repair.startswith(_CONTAIN) for one in findings)
    needed = [one for one in findings if not (contained and one.rule in _CLOSED_BY_CONTAINMENT)]
    needed.sort(key=lambda one: one.rule != "owner-not-in-code")
    lines = dict.fromkeys(line for one in needed for line in one.repair.splitlines())
    return tuple(sorted(lines, key=_place))


def _place(line: str) -> int:
    if line.startswith(_CONTAIN):
        return 0
    return next((place for place, last in ((2, _RESUME), (3, _UP)) if line.startswith(last)), 1)
