"""What is evidence of a stack: facts with their time, and what could not be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from drift.looks import Unseen
from drift.report import Report


@dataclass(frozen=True)
class Consent:
    """One permission that the application holds. since: UTC, ending in Z.

    by, by_id: who consented, and their object id; "" when the audit log does not go back so far. opens: in a
    sentence, "" for a permission that nobody judged. narrowed: whether the access policy narrows it; None
    when that is not known.
    """

    permission: str
    service: str
    since: str
    in_code: bool
    opens: str
    narrowed: bool | None
    by: str
    by_id: str


@dataclass(frozen=True)
class Policy:
    """An access policy that has a say over the application. group: its address, else its object id."""

    identity: str
    right: str
    group: str
    every_application: bool
    description: str


@dataclass(frozen=True)
class Member:
    """Who is in a group, as Exchange calls it; address "" for one without a mailbox."""

    address: str
    name: str
    kind: str


@dataclass(frozen=True)
class Group:
    """A group of the scope. holds: rooms or staff. members: None when they could not be listed."""

    address: str
    object_id: str
    holds: str
    members: tuple[Member, ...] | None


@dataclass(frozen=True)
class Secret:
    """A client secret, without its value. until, last_sign_in, last_sign_in_from: "" when not known."""

    standing: str
    name: str
    key_id: str
    until: str
    last_sign_in: str
    last_sign_in_from: str


@dataclass(frozen=True)
class Secrets:
    """secrets: None when they could not be listed. log_read: whether the sign-in log was read.

    has_log: whether the tenant has one, which takes Entra ID P1.
    """

    secrets: tuple[Secret, ...] | None
    log_read: bool
    has_log: bool = True


class Seen(StrEnum):
    """Whether a look found something."""

    THERE = "there"
    NOT_THERE = "not there"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, kw_only=True)
class Remains:
    """One thing that outlives the integration.

    where, until: in words. end: how it is ended. seen, found: whether it was looked at, and what was seen.
    source: where it can be read.
    """

    what: str
    where: str
    until: str
    end: str
    seen: Seen
    found: str
    source: str = ""


@dataclass(frozen=True)
class Subject:
    """Whose evidence it is; ids in lower case. written_by: client id of who looked, "" for a person."""

    stack: str
    tenant_id: str
    application: str
    client_id: str
    application_id: str
    principal_id: str
    own: bool
    written: datetime
    written_by: str


@dataclass(frozen=True)
class Evidence:
    """All of it. consents, policies: None when they could not be listed. report: what drift tells.

    configured, enforced: the proof as the last run recorded it; None without. audits_read: whether the audit
    log was read.
    """

    subject: Subject
    report: Report
    consents: tuple[Consent, ...] | None
    audits_read: bool
    policies: tuple[Policy, ...] | None
    groups: tuple[Group, ...]
    configured: Mapping[str, Any] | None
    enforced: Mapping[str, Any] | None
    secrets: Secrets
    remains: tuple[Remains, ...]
    unseen: tuple[Unseen, ...]

    @property
    def not_looked_at(self) -> tuple[Unseen, ...]:
        """What could not be looked at, those of drift included; each once."""
        return tuple(dict.fromkeys((*self.report.unseen, *self.unseen)))

    @property
    def limits(self) -> tuple[str, ...]:
        """What no look at this tenant can tell, whatever rights it has."""
        return _LIMITS if self.secrets.has_log else (*_LIMITS, _NO_LOG)

    @property
    def members(self) -> int:
        """How many members the groups have that could be listed."""
        return sum(len(one.members or ()) for one in self.groups)


_LIMITS = (
    "PlaceOS itself is not asked: what it keeps, and who may see it there, is not in here.",
    "Who consented only the directory's audit log tells. It goes back 30 days, or 7 without Entra ID P1.",
    "The proof is of the last run that had to prove something, on a sample; roomctl verify asks again.",
    "Full access to mailboxes is not looked at, which takes a call for each: roomctl drift --every-mailbox.",
    "Last sign-ins are those in the newest entries of a log that goes back 30 days at most.",
)
"""What no look of this kind can tell."""
_NO_LOG = "The tenant has no sign-in log, which takes Entra ID P1: nobody can tell who signed in last."
