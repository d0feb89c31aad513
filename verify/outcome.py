"""What came of each question: what was seen, whether that is as promised, and what to do if not."""

from dataclasses import dataclass
from enum import StrEnum

from verify.mode import OUT_OF_SCOPE, Mode
from verify.promise import Expected, Question, Slot
from wire import WireError

_REFUSED_INSIDE = ("ErrorAccessDenied", "ErrorNoFreeBusyAccess")
"""How an answer of success says that a schedule is closed."""
_NOT_OF_THIS_TENANT = "not applicable to target tenant"
"""What a service says of a tenant that has no licence for it, whoever asks: as Intune does
(https://github.com/microsoftgraph/msgraph-beta-sdk-go/issues/198); unconfirmed for this product."""


class Verdict(StrEnum):
    """How what was seen compares with what was promised."""

    AS_PROMISED = "as promised"
    NOT_YET = "not yet"
    """The tenant is set up as the code says, and Microsoft Graph has not learned of it."""
    NOT_AS_PROMISED = "not as promised"
    UNEXPLAINED = "not as promised, and nobody could say why"
    """Exchange and Entra could not be asked whether time will mend it."""
    NOT_TOLD = "can't be told"
    """It neither works nor is refused."""
    LEFT = "left behind"
    """Something that was made after all could not be taken away, or perhaps."""


@dataclass(frozen=True)
class Left:
    """Something that is left, or may be: what and until when, why, and what removes it."""

    what: str
    why: str
    advice: str

    def __str__(self) -> str:
        """For people, in a line."""
        return f"{self.what}; {self.why}. To do: {self.advice}"


@dataclass(frozen=True)
class Seen:
    """An answer: status 0 when there was none, and a code in one of success when it holds an error.

    odd: what came where it is neither of the call's shape nor Graph's own error, "" where it is.
    broken: why there was none. made: what was made after all and taken away, in words. left: what was not.
    """

    status: int
    code: str = ""
    message: str = ""
    odd: str = ""
    broken: WireError | None = None
    made: str = ""
    left: Left | None = None

    def __str__(self) -> str:
        """For people, in a line."""
        said = " ".join(part for part in (str(self.status or ""), self.code) if part) or "no answer"
        return f"{said}, {self.odd}" if self.odd else said

    @property
    def refused(self) -> bool:
        """Whether the caller may not do this."""
        return self.status in (401, 403) or self.code in _REFUSED_INSIDE


class Came(StrEnum):
    """What a call came to."""

    WORKED = "works"
    OUT_OF_SCOPE = "refused by the scope"
    NO_PERMISSION = "refused without a permission"
    NO_LICENCE = "refused, for the tenant does not have the service"
    UNCLEAR = "neither works nor is refused"


@dataclass(frozen=True)
class Opinion:
    """What the tenant itself says about an answer that is not as promised."""

    verdict: Verdict
    why: str
    advice: str


@dataclass(frozen=True)
class Row:
    """One line of the outcome. advice: what to do, "" where nothing is."""

    slot: str
    call: str
    mailbox: str
    expected: str
    seen: str
    lost: str
    verdict: Verdict
    why: str = ""
    advice: str = ""


def came_to(question: Question, seen: Seen, mode: Mode) -> Came:
    """What the answer means for this call; one that is not Graph's own means nothing."""
    if seen.odd:
        return Came.UNCLEAR
    if (200 <= seen.status < 300 and not seen.code) or (
        seen.status in (400, 404) and seen.code.startswith(question.call.passed)
    ):
        return Came.WORKED
    if question.call.licence and _NOT_OF_THIS_TENANT in seen.message:
        return Came.NO_LICENCE
    if not seen.refused:
        return Came.UNCLEAR
    return Came.OUT_OF_SCOPE if OUT_OF_SCOPE[mode].is_it(seen.code, seen.message) else Came.NO_PERMISSION


def is_promised(question: Question, came: Came) -> bool:
    """Whether it came to what it must; whoever lacks a permission may be told another reason first."""
    if question.expected is Expected.NO_PERMISSION:
        return came in (Came.NO_PERMISSION, Came.OUT_OF_SCOPE, Came.NO_LICENCE)
    return came.value == question.expected.value


def row(question: Question, seen: Seen, opinion: Opinion, mode: Mode) -> Row:
    """The line of one question."""
    works = question.expected is Expected.WORKS
    return Row(
        slot=question.slot.name,
        call=question.call.name,
        mailbox=question.mailbox,
        expected=_expected(question, mode),
        seen=f"{seen}{f'; {seen.made}' if seen.made else ''}",
        lost=question.call.function if works and opinion.verdict is not Verdict.AS_PROMISED else "",
        verdict=opinion.verdict,
        why=opinion.why,
        advice=opinion.advice,
    )


def left_row(question: Question, left: Left) -> Row:
    """The line of what a question left behind."""
    return Row(
        slot=question.slot.name,
        call=question.call.name,
        mailbox=question.mailbox,
        expected="nothing stays",
        seen=left.what,
        lost="",
        verdict=Verdict.LEFT,
        why=left.why,
        advice=left.advice,
    )


def token_row(slot: Slot, seen: str, opinion: Opinion) -> Row:
    """The line of a sign-in; without one PlaceOS has nothing at all."""
    lost = "" if opinion.verdict is Verdict.AS_PROMISED else "everything, once PlaceOS uses this secret"
    return Row(slot.name, "sign-in", "", "a token", seen, lost, opinion.verdict, opinion.why, opinion.advice)


def _expected(question: Question, mode: Mode) -> str:
    match question.expected:
        case Expected.WORKS:
            return question.call.comes_to
        case Expected.OUT_OF_SCOPE:
            return f"refused: {OUT_OF_SCOPE[mode].words}"
        case Expected.NO_PERMISSION:
            return "refused: 403, without the permission"
