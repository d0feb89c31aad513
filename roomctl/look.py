"""One question to the tenant, and what came of it: never "fine" where nobody could look."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from deployer import DeployerError
from https_json import EndpointError
from rights import names_in
from wire import NotAuthorised, WireError


class Answer(StrEnum):
    """What came of a look."""

    FINE = "fine"
    FOUND = "found"
    """Something that would stop a run, or bite it."""
    NOT_LOOKED = "not looked at"
    """The look was refused, failed, or told nothing that is understood."""


class Service(StrEnum):
    """Who is asked."""

    GRAPH = "Microsoft Graph"
    EXCHANGE = "Exchange"


class Section(StrEnum):
    """Whose it is to put right."""

    IDENTITY = "identity"
    RIGHTS = "rights"
    TENANT = "tenant"
    SETTINGS = "settings"
    """The stack's own: no administrator has to do anything."""


@dataclass(frozen=True)
class Row:
    """A line of the table: what was looked at, what was seen, why it matters, and the fix.

    undo: how an administrator takes the fix back; "" where there is nothing to take back.
    """

    section: Section
    about: str
    answer: Answer
    seen: str
    why: str
    fix: str = ""
    undo: str = ""


@dataclass(frozen=True)
class Look:
    """A question. `ask` gets the look itself, whose methods make the rows, and may raise WireError.

    services: those without which it can't be asked. fix, undo: of what is found, and of a look that nobody
    can make.
    """

    section: Section
    about: str
    why: str
    ask: Callable[["Look"], Iterator[Row]]
    services: frozenset[Service] = frozenset()
    fix: str = ""
    undo: str = ""

    def fine(self, seen: str, about: str = "") -> Row:
        """It is as it has to be."""
        return Row(self.section, about or self.about, Answer.FINE, seen, self.why)

    def found(self, seen: str, fix: str = "", undo: str = "", about: str = "") -> Row:
        """It is not."""
        return Row(
            self.section,
            about or self.about,
            Answer.FOUND,
            seen,
            self.why,
            fix or self.fix,
            undo or self.undo,
        )

    def not_looked(self, reason: str, fix: str = "", about: str = "") -> Row:
        """Nobody knows."""
        undo = "" if fix else self.undo
        about = about or self.about
        return Row(self.section, about, Answer.NOT_LOOKED, reason, self.why, fix or self.fix, undo)

    def rows_as(self, signed_in: Collection[Service], kept: Collection[str] = ()) -> list[Row]:
        """The same for who is signed in to these services only, and keeps these rights."""
        if lacking := self.services - set(signed_in):
            names = " and ".join(sorted(lacking))
            return [self.not_looked(f"nobody is signed in to {names}", _SIGN_IN)]
        return self.rows(kept)

    def rows(self, kept: Collection[str] = ()) -> list[Row]:
        """What came of it; a look that breaks off keeps what it saw, and says so.

        kept: the names of the rights that a run needs: those are not granted for a look alone.
        """
        rows: list[Row] = []
        try:
            for row in self.ask(self):
                rows.append(row)  # noqa: PERF402 - what was seen before an error counts
        except NotAuthorised as error:
            refused = self.not_looked(_in_short(error), error.advice or _BY_HAND)
            rows.append(replace(refused, undo=_revoke(error.advice, kept)))
        except WireError as error:
            rows.append(self.not_looked(_in_short(error), error.advice or _AGAIN))
        except (DeployerError, EndpointError) as error:
            rows.append(self.not_looked(str(error), _AGAIN))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            unknown = f"the answer is not of a known shape ({type(error).__name__}: {error})"
            rows.append(self.not_looked(unknown, f"{_BY_HAND}, and please report this line"))
        return rows


_AGAIN = "run it again"
_BY_HAND = "let an administrator look at it"
_SIGN_IN = "sign in first"
_EVERY_CMDLET = "Exchange.ManageAsApp"


def _in_short(error: WireError) -> str:
    """Without the request's id, which is another each time."""
    return f"{error.service}: {error.operation}: {error.reason.rstrip('.')}"


def _revoke(advice: str, kept: Collection[str]) -> str:
    """How to take back what the advice grants; "" for what a run needs, or where nothing is granted."""
    granted = names_in(advice) - {_EVERY_CMDLET}  # which Exchange's advice names beside the role
    return "revoke it, once this was looked at" if granted and not granted & set(kept) else ""
