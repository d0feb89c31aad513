"""One thing that is true in the tenant and not what the code says."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from drift.rules import RULES
from permissions import Level

_ORDER = list(Level)


@dataclass(frozen=True)
class Managed:
    """A property of a resource of the stack, by the resource's type: "" is the resource as a whole.

    One that is part of another is named with it, such as `web.redirectUris`.
    """

    type: str
    property: str = ""

    def with_those_around(self) -> frozenset["Managed"]:
        """Itself and the properties that it is a part of."""
        names = self.property.split(".")
        return frozenset(Managed(self.type, ".".join(names[:end])) for end in range(1, len(names) + 1))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What, where, since when, how grave, and the two ways out.

    rule: its name in `RULES`, which say why it matters. subject: what it is about, in a text that stays the
    same from look to look, by which it is accepted. since: "" unless the tenant says so; UTC, ending in Z.
    repair: the commands that end it, one a line. accept: the lines of code that make it right to have; "" for
    the general way, an entry of the stack's accepted findings. also: what of Pulumi's own drift it tells.
    holds: what may become more while the subject stays the same, such as the members of a group (`facts`): an
    acceptance is about these. sparing: the repair that leaves these of them as they are.
    """

    rule: str
    subject: str
    what: str
    where: str
    level: Level
    repair: str
    accept: str = ""
    since: str = ""
    holds: tuple[str, ...] = ()
    also: frozenset[Managed] = field(default=frozenset(), compare=False)
    sparing: Callable[[Collection[str]], str] | None = field(default=None, compare=False, repr=False)

    @property
    def why(self) -> str:
        """Why it matters."""
        return RULES[self.rule].why

    def is_graver_than(self, level: Level) -> bool:
        """Whether more can happen than at that level."""
        return _ORDER.index(self.level) > _ORDER.index(level)


def by_gravity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then by rule and subject."""
    return tuple(sorted(findings, key=lambda one: (-_ORDER.index(one.level), one.rule, one.subject)))
