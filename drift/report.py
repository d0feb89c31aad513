"""Everything that drift tells of a stack, and the exit code that follows from it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from drift import commands
from drift.accepted import Acceptance, Sorted, sort
from drift.facts import are_named
from drift.finding import Finding, by_gravity
from drift.looks import AT_EVERY_MAILBOX, HELD, LOOKS, UNREADABLE, Looks, Unseen, blind, look
from drift.managed import not_told_already
from drift.reach import Reach, with_roles
from drift.repair import in_order
from drift.tenant import Tenant

CLEAN, COULD_NOT_LOOK, DRIFT = 0, 1, 7
REACH = "how many mailboxes it can open"


@dataclass(frozen=True)
class Report:
    """stack: as the operator calls it. reach: None when it could not be told.

    left_out: what nobody asked to be looked at, by name.
    """

    stack: str
    tenant_id: str
    reach: Reach | None
    sorted: Sorted
    unseen: tuple[Unseen, ...]
    left_out: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What nobody has accepted, the gravest first."""
        return by_gravity(self.sorted.open)

    @property
    def unused(self) -> tuple[Acceptance, ...]:
        """Entries about nothing that was found, once all was looked at."""
        return () if self._is_partial else self.sorted.unused

    @property
    def not_seen(self) -> tuple[Acceptance, ...]:
        """Entries whose finding may be where this report did not look."""
        return self.sorted.unused if self._is_partial else ()

    @property
    def _is_partial(self) -> bool:
        return bool(self.unseen or self.left_out)

    @property
    def exit_code(self) -> int:
        """What was found outranks what could not be looked at, which is never clean."""
        if self.findings:
            return DRIFT
        return COULD_NOT_LOOK if self.unseen else CLEAN


def report(
    tenant: Tenant,
    pulumi: Sequence[Finding | Unseen],
    acceptances: Sequence[Acceptance],
    today: date,
    looks: Looks = LOOKS,
) -> Report:
    """Make all looks. `pulumi` is what Pulumi's own refresh told, or why it told nothing."""
    with suppress(*UNREADABLE):  # the looks at what could not be looked up tell it
        tenant = tenant.as_it_is()
    told = [one for about, ask in looks.items() for one in look(about, ask, tenant)]
    seen = _findings(told)
    missed = [one for one in (*pulumi, *told) if isinstance(one, Unseen)]
    held = [HELD[one] for one in HELD if one in looks and one not in {each.about for each in missed}]
    everything = [*seen, *not_told_already(_findings(pulumi), seen, held)]
    opened: Reach | None = None
    try:
        opened = with_roles(tenant)
    except UNREADABLE as error:
        missed += blind(REACH, error, tenant)
    told_of = _sparing(sort(_once(everything), acceptances, today))
    left_out = tuple(one for one in AT_EVERY_MAILBOX if one not in looks)
    return Report(tenant.code.stack, tenant.id, opened, told_of, tuple(missed), left_out)


def _sparing(told: Sorted) -> Sorted:
    """The repair of what is more than its entry accepts leaves what the entry names."""
    entries = {
        (one.rule, one.subject): entry for one, entry in told.outgrown if not one.is_graver_than(entry.level)
    }
    open_ = (_without(one, entries.get((one.rule, one.subject))) for one in told.open)
    return replace(told, open=tuple(open_))


def _without(finding: Finding, entry: Acceptance | None) -> Finding:
    if entry is None or finding.sparing is None:
        return finding
    if are_named(entry.holds):
        return replace(finding, repair=finding.sparing(entry.holds))
    warning = commands.note(
        "this takes away what was accepted, too, for the entry does not name it one by one:"
    )
    return replace(finding, repair=f"{warning}\n{finding.repair}")


def _findings(told: Iterable[Finding | Unseen]) -> list[Finding]:
    return [one for one in told if isinstance(one, Finding)]


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One of each rule and subject, for two looks may see the same, or one look the same twice."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.rule, one.subject), []).append(one)
    return [_merged(by_gravity(ones)) for ones in alike.values()]


def _merged(alike: Sequence[Finding]) -> Finding:
    """The gravest, with what the others say and repair besides."""
    earliest = min((one.since for one in alike if one.since), default="")
    what = "; ".join(dict.fromkeys(one.what for one in alike))
    repairs = dict.fromkeys(one.repair for one in alike)
    repair = alike[0].repair if len(repairs) == 1 else "\n".join(in_order(alike))
    holds = tuple(dict.fromkeys(fact for one in alike for fact in one.holds))
    sparing = alike[0].sparing if len(repairs) == 1 else None
    return replace(alike[0], what=what, since=earliest, repair=repair, holds=holds, sparing=sparing)
