"""What Microsoft Graph itself lets the application read, asked with a credential that only the probe holds.

The credential is made, used and removed inside one process and is written nowhere. A process that is killed
leaves one behind: the next probe finds it by its name and removes it first, and it ends by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from clock import Clock
from deployer import Deployer, client_secret_credential
from exchange.provider import Stopped
from exchange.waiting import waiting
from graph import applications
from graph.api import GraphApi
from graph.judgement import BLOCKED_BY_POLICY
from marks import probe_name
from wire import NotAuthorised, NotFound, Unclear

_STREAK = 3
"""Answers in a row that must agree: Graph's front ends do not learn of a policy at the same moment."""
_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 300.0
"""Seconds between two looks, growing."""
_DENIED = "ErrorAccessDenied"


class Answer(StrEnum):
    """What one mailbox answered."""

    READABLE = "readable"
    REFUSED = "refused by the access policy"
    NOT_YET = "refused because the permission or the credential is too young"


@dataclass(frozen=True)
class Question:
    """Which mailboxes must be readable, and which must be refused by policy."""

    allowed: tuple[str, ...]
    denied: tuple[str, ...]

    def holds(self, answers: dict[str, Answer]) -> bool:
        """Whether Graph does exactly what is expected."""
        return all(answers[one] is Answer.READABLE for one in self.allowed) and all(
            answers[one] is Answer.REFUSED for one in self.denied
        )

    def progress(self, answers: dict[str, Answer]) -> str:
        """How far Graph is, in words."""
        readable = sum(answers[one] is Answer.READABLE for one in self.allowed)
        refused = sum(answers[one] is Answer.REFUSED for one in self.denied)
        return (
            f"{refused} of {len(self.denied)} mailboxes outside the group refused, "
            f"{readable} of {len(self.allowed)} rooms readable"
        )


@dataclass(frozen=True)
class Probe:
    """Asks Graph as the application; `mark` names the credential so that a left-over one is recognised."""

    deployer: Deployer
    graph: GraphApi
    application_object_id: str
    client_id: str
    mark: str

    @property
    def credential_name(self) -> str:
        """The display name of the probe's credential in Entra."""
        return probe_name(self.mark)

    def left_over(self) -> list[str]:
        """Key ids of credentials that a killed probe left behind; none where there is no application."""
        try:
            found = applications.passwords(self.graph, self.application_object_id)
        except NotFound:
            return []
        return [password.key_id for password in found if password.display_name == self.credential_name]

    def remove_left_over(self) -> None:
        """Remove what a killed probe left behind."""
        for key_id in self.left_over():
            applications.remove_password(self.graph, self.application_object_id, key_id)

    def wait_until(
        self, question: Question, wait: timedelta, meanwhile: str, *, echo_until: datetime | None = None
    ) -> datetime:
        """Ask until Graph agrees several times in a row; since when it does.

        Until `echo_until` a policy that is gone may be what refuses, so agreement counts only once a mailbox
        that must be refused was seen open: then it is the new policy that closed it.

        Raises Stopped with a WAITING line, `meanwhile` in it, when it has not done so within `wait` of the
        tenant's time.
        """
        clock = self.deployer.clock
        self.remove_left_over()
        with self._credential(wait + timedelta(hours=1)) as secret:
            credential = client_secret_credential(
                self.deployer.tenant_id, self.client_id, secret, self.deployer.cloud, clock
            )

            def answers() -> dict[str, Answer]:
                # Signed in anew each time: a token carries the permissions of its own moment.
                credential.forget()
                as_application = GraphApi(credential, self.deployer.cloud, clock)
                return {one: _ask(as_application, one) for one in (*question.denied, *question.allowed)}

            look = _Look(clock, wait, question, meanwhile, echo_until)
            return look.repeat(answers)

    @contextmanager
    def _credential(self, lifetime: timedelta) -> Iterator[str]:
        ends = self.deployer.clock.now() + lifetime
        try:
            made = applications.add_password(
                self.graph, self.application_object_id, display_name=self.credential_name, ends=ends
            )
        except Unclear:  # made, perhaps, and nobody knows its text
            self.remove_left_over()
            raise
        try:
            yield made.secret
        finally:
            applications.remove_password(self.graph, self.application_object_id, made.key_id)


def _ask(graph: GraphApi, mailbox: str) -> Answer:
    """What the mailbox answers; a WireError for what is neither Graph's list of events nor its refusal."""
    try:
        graph.page(f"/v1.0/users/{quote(mailbox, safe='@')}/events", {"$select": "id", "$top": "1"})
    except NotAuthorised as error:
        by_policy = error.code == _DENIED and BLOCKED_BY_POLICY in error.reason
        return Answer.REFUSED if by_policy else Answer.NOT_YET
    except NotFound as error:
        raise Stopped(
            f"{mailbox} has no mailbox that Microsoft Graph knows ({error.reason}), so it proves nothing. "
            "Correct deniedMailboxes or the inventory."
        ) from None
    return Answer.READABLE


@dataclass(frozen=True)
class _Look:
    """How often and how long Graph is asked."""

    clock: Clock
    wait: timedelta
    question: Question
    meanwhile: str
    echo_until: datetime | None

    def repeat(self, ask: Callable[[], dict[str, Answer]]) -> datetime:
        started = since = self.clock.now()
        pause, agreed, seen_open = _FIRST_PAUSE, 0, False
        while True:
            answers = ask()
            seen_open = seen_open or self._is_open(answers)
            agreed = agreed + 1 if self.question.holds(answers) and not self._may_be_echo(seen_open) else 0
            if agreed == 1:
                since = self.clock.now()
            if agreed == _STREAK:
                return since
            if not agreed and self.clock.now() - started >= self.wait:
                what, progress = (
                    "Microsoft Graph to enforce the access policy",
                    self.question.progress(answers),
                )
                raise Stopped(waiting(what, self.clock, progress, self.meanwhile))
            self.clock.sleep(_FIRST_PAUSE if agreed else pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _is_open(self, answers: dict[str, Answer]) -> bool:
        return any(answers[one] is Answer.READABLE for one in self.question.denied)

    def _may_be_echo(self, seen_open: bool) -> bool:
        return self.echo_until is not None and not seen_open and self.clock.now() < self.echo_until
