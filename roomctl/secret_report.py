"""Which client secrets there are, who uses them, when they end, and what a person has to do about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from graph.applications import Application, Password
from graph.sign_ins import SignIn
from marks import is_probe_name, is_slot_name
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
    """What the stack handed out, by key id. period: for how long one secret is the current one."""

    current_key: str
    recorded_keys: Collection[str]
    period: timedelta


@dataclass(frozen=True)
class SecretReport:
    """The secrets, the current one first, and the findings. log_read: whether the sign-in log was read."""

    secrets: Sequence[HeldSecret]
    findings: Sequence[Finding]
    log_read: bool


def secret_report(
    application: Application,
    calendar: Calendar,
    mark: str,
    sign_ins: Collection[SignIn] | None,
    now: datetime,
) -> SecretReport:
    """What is known at `now`; `sign_ins` is None when the log could not be read: then any may be in use."""
    last = {one.key_id: one for one in sign_ins or ()}
    own = mark in application.notes
    held = sorted(
        [
            HeldSecret(one, _standing(one, calendar, own), last.get(one.key_id))
            for one in application.passwords
        ],
        key=lambda one: (list(Standing).index(one.standing), one.until),
    )
    current = last.get(calendar.current_key)
    findings = [
        finding
        for one in held
        if (finding := _finding(one, _use(one, current, log_read=sign_ins is not None), calendar.period, now))
    ]
    return SecretReport(held, findings, sign_ins is not None)


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


def _use(one: HeldSecret, current: SignIn | None, *, log_read: bool) -> _Use:
    """PlaceOS has one secret at a time: of its two the one that signed in last. Others have their own."""
    if not log_read:
        return _Use.MAY
    superseded = one.standing is Standing.BEFORE and current is not None
    if one.last is None or (superseded and current and one.last.when <= current.when):
        return _Use.NOT
    return _Use.IS


def _finding(one: HeldSecret, use: _Use, period: timedelta, now: datetime) -> Finding | None:
    if one.standing is Standing.BY_HAND:
        return Finding(
            f"The client secret {one.named} is not of this code's making",
            "It is as good as PlaceOS's own: find out who uses it, and remove it in Entra.",
        )
    if one.standing is Standing.LEFT:
        return Finding(f"The client secret {one.named} is in no state", "roomctl recover prints its removal.")
    days = ends_within(one.password.expires, now, period) if one.password.expires else None
    if days is None:
        return None
    return _ending(
        one, use, f"ends on {one.until}, in less than {days} days" if days else f"ended on {one.until}"
    )


def _ending(one: HeldSecret, use: _Use, ends: str) -> Finding | None:
    if one.standing is Standing.CURRENT:
        fix = "Run pulumi up, which makes its successor, and hand that over: roomctl handover."
        return Finding(f"The current secret {ends}", fix)
    if use is _Use.NOT:
        return None
    if one.standing is Standing.BEFORE:
        what = f"PlaceOS {use} the secret before the current one, which {ends}"
        return Finding(what, "Hand the current one over: roomctl handover.")
    return Finding(f"Somebody {use} {one.named}, which {ends}", "Whoever uses it needs another.")
