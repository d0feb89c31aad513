"""The repairs of all findings together, in the order in which they work."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from drift.finding import Finding

_LIMIT, _CONTAIN = "New-ApplicationAccessPolicy ", "roomctl contain "
_LAST = ("roomctl resume ", "pulumi up ", "roomctl handover ")
_CLOSED_BY_CONTAINMENT = frozenset({
    "certificate-not-in-code",
    "credential-on-principal",
    "federated-credential-not-in-code",
    "secret-not-in-code",
    "sign-in-disabled",
})  # fmt: skip
"""What `roomctl contain` closes as well, or `roomctl resume` ends: after them there is nothing to repair."""


class Shell(StrEnum):
    """Where a command is typed; the name is that of its language in Markdown."""

    SH = "sh"
    POWERSHELL = "powershell"

    @property
    def called(self) -> str:
        """What people call it."""
        return "PowerShell" if self is Shell.POWERSHELL else "sh"


_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z]\w+( |$)")

_WHO_UNDOES = frozenset({"owner-not-in-code", "role-over-application"})
_TAKES_OTHERS_WITH_IT = frozenset({"principal-replaced"})

Step = tuple[str, ...]
"""Lines that are of no use, or do harm, without each other."""


def in_order(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Every command once, with the comments that guard it, in the order of the findings but for these.

    What stops harm comes first: the policy that limits PlaceOS, then the containment. Then owners, who could
    undo the rest, then what else is done by hand; what deletes a thing that others change comes after them.
    What ends the containment and the run come last, because the proof refuses as long as anything is open
    that the code does not know; PlaceOS gets its new secret after that.
    """
    steps = {one: _steps(one.repair) for one in findings}
    contained = any(step[-1].startswith(_CONTAIN) for of in steps.values() for step in of)
    needed = [one for one in findings if not (contained and one.rule in _CLOSED_BY_CONTAINMENT)]
    needed.sort(key=_rank)
    once = dict.fromkeys(step for one in needed for step in steps[one])
    return tuple(line for step in sorted(once, key=_place) for line in step)


def _rank(finding: Finding) -> int:
    return -(finding.rule in _WHO_UNDOES) or int(finding.rule in _TAKES_OTHERS_WITH_IT)


def by_shell(lines: Iterable[str]) -> tuple[tuple[Shell, tuple[str, ...]], ...]:
    """The lines in their order, cut where the next has to be typed elsewhere.

    A comment stands with the command after it, and at the end with the one before.
    """
    held = tuple(lines)
    shell = next(filter(None, map(_shell, reversed(held))), Shell.SH)
    placed: list[tuple[Shell, str]] = []
    for line in reversed(held):  # so that a comment meets the shell of what comes after it
        shell = _shell(line) or shell
        placed.append((shell, line))
    together = groupby(reversed(placed), key=itemgetter(0))
    return tuple((shell, tuple(line for _, line in of)) for shell, of in together)


def _shell(line: str) -> Shell | None:
    if line.startswith("#"):
        return None
    return Shell.POWERSHELL if _CMDLET.match(line) else Shell.SH


def _steps(repair: str) -> list[Step]:
    """Each command with the comments before it.

    Those before a command that ends all repairs are a step by themselves: what is to be done until then.
    """
    found: list[Step] = []
    said: Step = ()
    for line in repair.split("\n"):
        if line.startswith("#"):
            said += (line,)
            continue
        found += [said, (line,)] if line.startswith(_LAST) else [(*said, line)]
        said = ()
    return [one for one in (*found, said) if one]


def _place(step: Step) -> int:
    order = (_LIMIT, _CONTAIN, "", *_LAST)
    return next((place for place, one in enumerate(order) if one and step[-1].startswith(one)), 2)
