"""Why Microsoft Graph does not do what was promised: the tenant is set up otherwise, or Graph lags behind.

Exchange and Entra answer at once what Graph may learn hours later, so they are asked, as the operator.
"""

from collections.abc import Callable
from dataclasses import dataclass

from exchange.admin_api import ExchangeAdmin
from exchange.policies import Access, access
from graph import applications
from graph.api import GraphApi
from graph.service_principals import app_role_names, find_service_principal
from permissions import GRAPH_APP_ID
from verify.calls import Call
from verify.mode import Mode
from verify.outcome import Came, Opinion, Seen, Verdict
from verify.promise import Expected, Promise, Question, Slot
from verify.sign_ins import STACK, RefusedSignIn
from wire import NotAuthorised, NotFound, WireError

_UNDER_RBAC = "nobody but Microsoft Graph is asked about roles in Exchange"

_ON_THE_WAY = "look at the proxy or firewall on the way to Microsoft Graph, and run it again"


class CannotAskError(Exception):
    """The operator can't be asked for an opinion; the text says why."""


@dataclass(frozen=True)
class SecondOpinion:
    """What Exchange and Entra say of the application; each is asked only when there is something to ask.

    exchange, graph: the operator's clients, made when first used; CannotAskError where there is no operator.
    """

    promise: Promise
    exchange: Callable[[], ExchangeAdmin]
    graph: Callable[[], GraphApi]

    def of_sign_in(self, slot: Slot, refused: RefusedSignIn) -> Opinion:
        """Whether Entra holds the secret that it does not accept yet."""
        if not refused.may_pass:
            return _wrong(refused.means, self._advice(refused))
        return self._asked(lambda: self._of_secret(slot, refused))

    def of_call(self, question: Question, seen: Seen, came: Came) -> Opinion:
        """Whether the tenant is set up for what was promised of this call."""
        if seen.odd:
            return Opinion(Verdict.NOT_TOLD, _of_odd(question), _ON_THE_WAY)
        if seen.broken:
            why = f"it could not be asked: {seen.broken.reason.rstrip('.')}"
            return Opinion(Verdict.NOT_TOLD, why, seen.broken.advice.rstrip(".") or "run it again")
        if came is Came.UNCLEAR:
            why = seen.message or "neither yes nor no"
            return Opinion(Verdict.NOT_TOLD, why, "run it again; if it stays, look at the mailbox")
        if came is Came.NO_LICENCE:
            return self._of_licence(question.call)
        return self._asked(lambda: self._of_rights(question, came))

    @property
    def _mend(self) -> str:
        return f"run pulumi up --refresh --stack {self.promise.stack}, which mends what the code says"

    @property
    def _stop(self) -> str:
        return f"if PlaceOS uses it already, stop it first: roomctl contain --stack {self.promise.stack}"

    def _advice(self, refused: RefusedSignIn) -> str:
        return refused.advice.replace(STACK, self.promise.stack)

    def _asked(self, ask: Callable[[], Opinion]) -> Opinion:
        try:
            return ask()
        except (CannotAskError, NotAuthorised) as error:
            return _unexplained(
                f"neither Exchange nor Entra could be asked whether time will mend it: {error}",
                "run it again as who may read the application and Exchange's access policies",
            )
        except WireError as error:
            return _unexplained(f"whether time will mend it: {error}", "run it again")

    def _of_secret(self, slot: Slot, refused: RefusedSignIn) -> Opinion:
        graph = self.graph()
        try:
            held = applications.passwords(graph, self.promise.application)
        except NotFound:
            return _wrong("the application is gone from Entra", self._mend)
        if slot.key_id not in {one.key_id for one in held}:
            return _wrong(
                f"the application has no client secret {slot.key_id} in Entra", self._advice(refused)
            )
        return _lags(f"Entra lists the client secret, and its sign-in service says: {refused.means}")

    def _of_rights(self, question: Question, came: Came) -> Opinion:
        if question.expected is Expected.NO_PERMISSION:
            return self._of_unpromised(question)
        if came is Came.NO_PERMISSION or (came is Came.OUT_OF_SCOPE and self.promise.mode is Mode.RBAC):
            return self._of_missing(question)
        return self._of_scope(question, came)

    def _of_unpromised(self, question: Question) -> Opinion:
        open_by = sorted({name for choice in question.call.opened_by for name in choice} & self._held())
        if open_by:
            return _wrong(
                f"Entra has granted {', '.join(open_by)}, which the stack does not promise",
                f"remove the consent in Entra, or have the code say so; {self._stop}",
            )
        return _lags("Entra lists no such consent any more; Graph still acts on it")

    def _of_missing(self, question: Question) -> Opinion:
        if self.promise.mode is Mode.RBAC:
            return _unexplained(_UNDER_RBAC, "look at Get-ManagementRoleAssignment in Exchange")
        held = self._held()
        missing = [" or ".join(choice) for choice in question.call.opened_by if not held.intersection(choice)]
        if missing:
            return _wrong(f"Entra has no consent to {' and to '.join(missing)}", self._mend)
        return _lags("Entra lists the consent; Graph's tokens don't carry it yet")

    def _of_licence(self, call: Call) -> Opinion:
        """Final: no wait brings the tenant a licence."""
        choices = {name for choice in call.opened_by for name in choice}
        useless = ", ".join(sorted(choices & self.promise.permissions))
        return _wrong(
            f"the tenant has no licence for {call.licence}, so no permission opens this call",
            f"take {useless} out of the setting permissions, where it opens nothing, or get the licence",
        )

    def _of_scope(self, question: Question, came: Came) -> Opinion:
        """Graph opens what must be refused, or the other way round."""
        if self.promise.mode is Mode.RBAC:
            return _unexplained(_UNDER_RBAC, "look at Get-ManagementRoleAssignment in Exchange")
        says: Access = access(self.exchange(), self.promise.client_id, question.mailbox)
        must = "granted" if question.expected is Expected.WORKS else "denied"
        if says == must:
            return _lags(f"Exchange says {says}, as the code does; Graph does not act on it yet")
        if came is Came.WORKED:
            return _wrong(
                f"Exchange says {says}: no access policy closes it", f"{self._stop}; then {self._mend}"
            )
        return _wrong(f"Exchange says {says}: the mailbox is in no group of the scope", self._mend)

    def _held(self) -> frozenset[str]:
        """The names of the permissions on Microsoft Graph that Entra lists."""
        graph = self.graph()
        service = find_service_principal(graph, GRAPH_APP_ID)
        names = app_role_names(graph, service)
        granted = applications.app_role_assignments(graph, self.promise.service_principal)
        return frozenset(names.get(one.role_id, "") for one in granted if one.resource_id == service)


def _of_odd(question: Question) -> str:
    return (
        f"Microsoft Graph answers {question.call.answers} here, or an error with its code: this is not its "
        "answer, and proves nothing"
    )


def _wrong(why: str, advice: str) -> Opinion:
    return Opinion(Verdict.NOT_AS_PROMISED, why, advice)


def _lags(why: str) -> Opinion:
    return Opinion(Verdict.NOT_YET, why, "wait: run it with --wait, or again later")


def _unexplained(why: str, advice: str) -> Opinion:
    return Opinion(Verdict.UNEXPLAINED, why, advice)
