"""The repairs of all findings together, in the order in which they work."""

from collections.abc import Sequence

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
