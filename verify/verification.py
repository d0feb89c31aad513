"""The whole look: sign in with each slot, ask everything, judge; and again until it is as promised."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clock import Clock
from clouds import Cloud
from deployer import client_secret_credential
from verify.outcome import Opinion, Row, Verdict, came_to, is_promised, left_row, row, token_row
from verify.placeos_graph import PlaceosGraph
from verify.promise import Promise, Slot, questions
from verify.second_opinion import SecondOpinion
from verify.sign_ins import refused_sign_in
from wire import NotAuthorised, WireError
from wire.claims import signed_in_claims

_STREAK = 3
"""Looks in a row that must agree once one did not: Graph's front ends learn at different moments."""
_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 300.0
"""Seconds between two looks, growing."""
_FINE = Opinion(Verdict.AS_PROMISED, "", "")


@dataclass(frozen=True)
class Verification:
    """Asks Microsoft Graph in PlaceOS's name what a stack promises, and the tenant why it does not keep it.

    tell: called with one line of progress before each wait.
    """

    promise: Promise
    cloud: Cloud
    clock: Clock
    second_opinion: SecondOpinion
    tell: Callable[[str], None]

    def until_promised(self, wait: timedelta) -> list[Row]:
        """The rows of the last look: all as promised, or something is set up otherwise, or time is up.

        Raises WireError when Graph or the sign-in can't be reached: at once without a wait, else only when
        time is up.
        """
        deadline, pause, agreed, lagged = self.clock.now() + wait, _FIRST_PAUSE, 0, False
        while True:
            rows = self._look(deadline)
            open_ones = [one for one in rows if one.verdict is not Verdict.AS_PROMISED]
            agreed = 0 if open_ones else agreed + 1
            lagged = lagged or bool(open_ones)
            if agreed >= (_STREAK if lagged else 1) or _is_over(open_ones):
                return rows
            if self.clock.now() >= deadline:
                return rows
            seconds = _FIRST_PAUSE if agreed else pause
            seconds = min(seconds, max(1.0, (deadline - self.clock.now()).total_seconds()))
            self.tell(_progress(rows, open_ones, self.clock.now(), deadline))
            self.clock.sleep(seconds)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _look(self, deadline: datetime) -> list[Row]:
        """Ask once, with tokens of this moment: a token carries the permissions of when it was made.

        A slot that could not be asked says so by itself; WireError when none could and time is up.
        """
        rows, broken = list[Row](), list[WireError]()
        for slot in self.promise.slots:
            try:
                rows += self._of_slot(slot)
            except WireError as error:
                broken.append(error)
                advice = error.advice.rstrip(".") or "run it again"
                untold = Opinion(
                    Verdict.NOT_TOLD, f"it could not be asked: {error.reason.rstrip('.')}", advice
                )
                rows.append(token_row(slot, "no answer", untold))
        if len(broken) == len(self.promise.slots) and self.clock.now() >= deadline:
            raise broken[0]
        return rows

    def _of_slot(self, slot: Slot) -> list[Row]:
        credential = client_secret_credential(
            self.promise.tenant_id, self.promise.client_id, slot.secret, self.cloud, self.clock
        )
        try:
            signed_in_claims(credential, self.cloud.graph_scope)
        except NotAuthorised as error:
            refused = refused_sign_in(error.code)
            opinion = self.second_opinion.of_sign_in(slot, refused)
            return [token_row(slot, f"{error.code or 'refused'}: {refused.means}", opinion)]
        asked = list(questions(self.promise, slot))
        answers = PlaceosGraph(self.promise, credential, self.cloud, self.clock, self.tell).ask(asked)
        rows = [token_row(slot, "a token", _FINE)]
        for question, seen in zip(asked, answers, strict=True):
            came = came_to(question, seen, self.promise.mode)
            fine = is_promised(question, came)
            opinion = _FINE if fine else self.second_opinion.of_call(question, seen, came)
            rows.append(row(question, seen, opinion, self.promise.mode))
            rows += [left_row(question, seen.left)] if seen.left else []
        return rows


def _is_over(rows: Sequence[Row]) -> bool:
    """Waiting mends nothing; to ask again where something was left may leave another."""
    return any(one.verdict in (Verdict.NOT_AS_PROMISED, Verdict.LEFT) for one in rows)


def _progress(rows: Sequence[Row], open_ones: Sequence[Row], now: datetime, deadline: datetime) -> str:
    said = f"{now:%H:%M} UTC: {len(rows) - len(open_ones)} of {len(rows)} as promised"
    until = f"waiting until {deadline:%H:%M} UTC at the latest"
    if not open_ones:
        return f"{said}; looking again, so that every copy of Graph is asked; {until}"
    first = open_ones[0]
    about = f"{first.call} {first.mailbox}".strip()
    return f"{said}; {about}: {first.seen}; {first.why}; {until}"
