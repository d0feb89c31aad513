"""Which client secrets there are, who uses them, when they end, and what a person has to do about it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from graph.applications import Application, Password
from graph.containment import containment
from graph.sign_ins import NoLog, SignIn
from marks import is_probe_name, is_slot_name
from roomctl.leftovers import knows_none
from secret_expiry import ends_within


class Standing(StrEnum):
    """What a secret is to the stack."""

    CURRENT = "current"
    BEFORE = "the one before"
    LEGACY = "legacy"
    """Of an existing application, and somebody else's."""
    BY_HAND = "added by hand"
    LEFT = "in no state"


@dataclass(frozen=True)
class HeldSecret:
    """A client secret in Entra. last: the last sign-in with it, if the log tells one."""

    password: Password
    standing: Standing
    last: SignIn | None

    @property
    def called(self) -> str:
        """Its standing in words."""
        return f"legacy until {self.until}" if self.standing is Standing.LEGACY else str(self.standing)

    @property
    def named(self) -> str:
        """Its name and key id."""
        return f"{self.password.display_name!r} ({self.password.key_id})"

    @property
    def until(self) -> str:
        """Its last day, in UTC."""
        return f"{self.password.expires:%Y-%m-%d}" if self.password.expires else "no day"


@dataclass(frozen=True)
class Finding:
    """What a person has to know, and what to do about it."""

    what: str
    fix: str

    def __str__(self) -> str:
        """As one line."""
        return f"{self.what}. {self.fix}"


@dataclass(frozen=True)
class Calendar:
    """What the stack handed out, by key id. period: for how long one secret is the current one.

    stack: as the operator calls it.
    never_given: of the recorded ones those that PlaceOS never got.
    current_given: whether PlaceOS was surely given no other; after a failed run that is not known.
    """

    current_key: str
    current_given: bool
    recorded_keys: Collection[str]
    never_given: Collection[str]
    period: timedelta
    stack: str


@dataclass(frozen=True)
class SecretReport:
    """The secrets, the current one first, and the findings.

    current_given: as the calendar has it. no_log: why the sign-in log was not read, None when it was.
    """

    secrets: Sequence[HeldSecret]
    findings: Sequence[Finding]
    current_given: bool
    no_log: NoLog | None

    @property
    def log_read(self) -> bool:
        """Whether the sign-in log was read."""
        return self.no_log is None


def secret_report(
    application: Application,
    calendar: Calendar,
    mark: str,
    sign_ins: Collection[SignIn] | NoLog,
    now: datetime,
) -> SecretReport:
    """What is known at `now`; when the log could not be read, any may be in use."""
    no_log = sign_ins if isinstance(sign_ins, NoLog) else None
    last = {} if isinstance(sign_ins, NoLog) else {one.key_id: one for one in sign_ins}
    own = mark in application.notes
    held = sorted(
        [
            HeldSecret(one, _standing(one, calendar, own), last.get(one.key_id))
            for one in application.passwords
        ],
        key=lambda one: (list(Standing).index(one.standing), one.until),
    )
    current = last.get(calendar.current_key)
    findings = [*(_contained(application, calendar) or _gone(held, calendar))]
    lost = knows_none(calendar.recorded_keys, application.passwords)
    for one in held:
        if lost and one.standing is Standing.LEFT and is_slot_name(one.password.display_name):
            findings.append(_of_a_later_state(one))
            continue
        use = _use(one, current, calendar, log_read=no_log is None)
        if finding := _finding(one, use, calendar, now):
            findings.append(finding)
    return SecretReport(held, findings, calendar.current_given, no_log)


def _contained(application: Application, calendar: Calendar) -> list[Finding]:
    """Nobody signs in, and no run makes another secret."""
    found = containment(application.notes)
    if found is None:
        return []
    return [
        Finding(
            f"The application is contained since {found.since} by {found.by}",
            f"Once the leak is closed: roomctl resume --stack {calendar.stack}",
        )
    ]


def _gone(held: Sequence[HeldSecret], calendar: Calendar) -> Iterator[Finding]:
    """PlaceOS can't sign in with a secret that Entra has no more."""
    known = {calendar.current_key, *calendar.recorded_keys}
    for key_id in sorted(known - {one.password.key_id for one in held}):
        if key_id == calendar.current_key:
            yield Finding(
                f"The current secret ({key_id}) is gone from Entra",
                "Run pulumi up --refresh, which makes another, and hand that over: roomctl handover.",
            )
        else:
            yield Finding(
                f"The client secret {key_id}, which the state holds, is gone from Entra",
                "If PlaceOS signed in with it, hand the current one over: roomctl handover. Then run "
                "pulumi up --refresh, which puts the state right.",
            )


def _of_a_later_state(one: HeldSecret) -> Finding:
    """As after a backup of before a rotation was restored."""
    return Finding(
        f"The client secret {one.named} is in no state, nor is any other that Entra has: PlaceOS may be "
        "signing in with it",
        "roomctl recover prints the way back: PlaceOS gets another before this one is removed.",
    )


def _standing(password: Password, calendar: Calendar, own: bool) -> Standing:
    if password.key_id == calendar.current_key:
        return Standing.CURRENT
    if password.key_id in calendar.recorded_keys:
        return Standing.BEFORE
    if is_probe_name(password.display_name) or (own and is_slot_name(password.display_name)):
        return Standing.LEFT
    return Standing.BY_HAND if own else Standing.LEGACY


class _Use(StrEnum):
    IS = "signs in with"
    MAY = "may be signing in with"
    NOT = "no longer signs in with"


def _use(one: HeldSecret, current: SignIn | None, calendar: Calendar, *, log_read: bool) -> _Use:
    """PlaceOS has one secret at a time: of its two the one that signed in last. Others have their own."""
    if one.last is None and one.password.key_id in calendar.never_given:
        return _Use.NOT
    if not log_read:
        return _Use.MAY
    before = one.standing is Standing.BEFORE
    if before and one.last is None and current is None and not calendar.current_given:
        return _Use.MAY
    if one.last is None or (before and current and one.last.when <= current.when):
        return _Use.NOT
    return _Use.IS


def _finding(one: HeldSecret, use: _Use, calendar: Calendar, now: datetime) -> Finding | None:
    if one.standing is Standing.BY_HAND:
        return Finding(
            f"The client secret {one.named} is not of this code's making",
            "It is as good as PlaceOS's own: find out who uses it, and remove it in Entra.",
        )
    if one.standing is Standing.LEFT:
        return Finding(f"The client secret {one.named} is in no state", "roomctl recover prints its removal.")
    days = ends_within(one.password.expires, now, calendar.period) if one.password.expires else None
    if days is None:
        return None
    ends = f"ends on {one.until}, in less than {days} days" if days else f"ended on {one.until}"
    return _ending(one, use, ends, current_given=calendar.current_given)


def _ending(one: HeldSecret, use: _Use, ends: str, *, current_given: bool) -> Finding | None:
    if one.standing is Standing.CURRENT:
        fix = "Run pulumi up, which makes its successor, and hand that over: roomctl handover."
        return Finding(f"The current secret {ends}", fix)
    if use is _Use.NOT:
        return None
    if one.standing is Standing.BEFORE:
        what = f"PlaceOS {use} the secret before the current one, which {ends}"
        if not current_given:  # as after a failed run: the outputs are of another
            return Finding(what, "Run pulumi up, and hand the current one over: roomctl handover.")
        return Finding(what, "Hand the current one over: roomctl handover.")
    return Finding(f"Somebody {use} {one.named}, which {ends}", "Whoever uses it needs another.")
