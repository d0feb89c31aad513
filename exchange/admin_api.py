"""Exchange Online's cmdlets over its admin endpoint, without PowerShell.

The endpoint is the one that Microsoft's own ExchangeOnlineManagement module speaks to; it is no documented
interface. What is known of it comes from clients that use it: KelvinTegelaar/CIPP-API (New-ExoRequest),
GreyCorbel/ExoHelper (Invoke-ExoCommand) and cisagov/ScubaGear (EXORestHelper).
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from deployer import Deployer, current_deployer
from exchange.judgement import SERVICE, judge
from exchange.records import texts
from wire import Invalid, NotFound, Transient, Unclear
from wire.errors import cleaned
from wire.paging import pages

if TYPE_CHECKING:
    from azure.core.rest import HttpRequest

__all__ = ["SERVICE", "ExchangeAdmin", "Record", "current_exchange", "exactly_one", "hashtable"]

Record = dict[str, Any]

_PAGE = 1000
# The mailbox of the organisation itself, which routes a request of an app to its tenant (CIPP-API).
_ANCHOR = "APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"
_READING = ("Get-", "Test-")
_INCOMPLETE = re.compile(
    r"incomplete|partial|more results|ResultSize|not all\b|timed? ?-?out"
    r"|\b(?:could|can|did|was|were)(?:n't|not| not) (?:be )?"
    r"(?:complet|contact|list|load|reach|read|retriev|return)",
    re.IGNORECASE,
)
_MODULE = "?Version=3.9.2"

_log = logging.getLogger(__name__)


def hashtable(**entries: object) -> Record:
    """A PowerShell hashtable for a parameter, such as `EmailAddresses=hashtable(Add=["smtp:a@x"])`."""
    return {"@odata.type": "#Exchange.GenericHashTable", **entries}


class ExchangeAdmin:
    """Runs cmdlets as the deployer. Safe to share between threads.

    `warn` gets each warning that Exchange adds to an answer, but for the one that a limit asked for was met;
    by default they are logged.
    """

    def __init__(self, deployer: Deployer, *, warn: Callable[[str], None] = _log.warning) -> None:
        # azure-core and requests cost a preview their import, and a preview asks Exchange nothing.
        from wire.client import Wire  # noqa: PLC0415

        self._url = f"{deployer.cloud.exchange}/adminapi/beta/{deployer.tenant_id}/InvokeCommand"
        self._module = f"{deployer.cloud.exchange}/adminapi/v1.0/{deployer.tenant_id}/EXOModuleFile{_MODULE}"
        self.clock = deployer.clock
        self._warn = warn
        self._connection = str(uuid.uuid4())
        self._anchor = _ANCHOR.format(tenant=deployer.tenant_id) if deployer.is_application else None
        self._wire = Wire(
            SERVICE, deployer.cloud.exchange, deployer.exchange_credential, deployer.clock, judge
        )

    def run(self, cmdlet: str, /, *, select: Sequence[str] = (), **parameters: Any) -> list[Record]:
        """Every object the cmdlet returns, all pages of them; most cmdlets that write return none.

        Parameters carry PowerShell's names: a switch is a bool, a multi-valued one a list, a hashtable is
        made by `hashtable`. `select` names the properties wanted; none means all.
        Get- and Test- are repeated while the failure may pass; others raise Unclear if their answer is lost.
        Transient for one that reads and warns, in the words of `_INCOMPLETE`, that its answer is not whole,
        but for having more objects than the number that was asked for. Any other warning is passed on.
        """
        _refuse_empty(cmdlet, parameters)
        reading = cmdlet.startswith(_READING)
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}
        operation = _described(cmdlet, parameters)

        def read(url: str) -> Record:
            document = self._wire.send(operation, lambda: self._request(url, cmdlet, body), reading=reading)
            for warning in texts(document, "@adminapi.warnings"):
                if isinstance(parameters.get("ResultSize"), int) and "ResultSize" in warning:
                    continue  # no more were asked for
                if reading and _INCOMPLETE.search(warning):
                    raise Transient(SERVICE, operation, f"the answer is incomplete: {cleaned(warning)}")
                self._warn(f"{SERVICE}: {operation}: {cleaned(warning)}")
            return document

        first = f"{self._url}?$select={','.join(select)}" if select else self._url
        # A cmdlet that writes may answer with an empty body; one that reads has a list, if an empty one.
        found = (
            pages(first, read, service=SERVICE, operation=operation)
            if reading
            else read(first).get("value") or ()
        )
        return [_without_annotations(record) for record in found]

    def run_one(self, cmdlet: str, /, **parameters: Any) -> Record:
        """The one object that the cmdlet must return; Invalid when it returns none or several."""
        records = self.run(cmdlet, **parameters)
        if len(records) != 1:
            raise Invalid(
                SERVICE,
                _described(cmdlet, parameters),
                f"one object was expected, {len(records)} came back",
                advice="Nothing was changed on the strength of it.",
            )
        return records[0]

    def ensure(self, cmdlet: str, /, **parameters: Any) -> list[Record]:
        """Run a cmdlet that does no harm when it runs twice: it is repeated once when its answer is lost."""
        try:
            return self.run(cmdlet, **parameters)
        except Unclear:
            return self.run(cmdlet, **parameters)

    def look_up(self, cmdlet: str, key: str, expected: str, /, **parameters: Any) -> Record | None:
        """The object whose property `key` is `expected`, asked for by that Identity; None if there is none.

        Invalid when Exchange answers with another object: an identity can match by more than one property.
        """
        try:
            records = self.run(cmdlet, Identity=expected, **parameters)
        except NotFound:
            return None
        return exactly_one(records, key, expected) if records else None

    def cmdlets(self) -> frozenset[str]:
        """The cmdlets that the deployer's roles bring, in small letters; nothing is run.

        The PowerShell module asks so when it connects; the answer is known from KelvinTegelaar/CIPP-API
        (New-ExoRequest, AvailableCmdlets). Invalid for one of another shape.
        """
        from azure.core.rest import HttpRequest  # noqa: PLC0415 - as in _request

        operation = "listing the cmdlets that the deployer may run"
        headers = {"CommandName": "*", **self._headers()}
        answer = self._wire.send(
            operation, lambda: HttpRequest("GET", self._module, headers=headers), reading=True
        )
        value = answer.get("value")
        records = value if isinstance(value, list) else [value]
        listed = [one.get("exportedCmdlets") for one in records if isinstance(one, dict)]
        if not listed or not all(isinstance(one, str) for one in listed):
            raise Invalid(SERVICE, operation, "the answer is not of a known shape")
        names = (name.strip().lower() for one in listed for name in str(one).split(","))
        return frozenset(name for name in names if name)

    def _request(self, url: str, cmdlet: str, body: Record) -> HttpRequest:
        from azure.core.rest import HttpRequest  # noqa: PLC0415

        headers = {
            "X-CmdletName": cmdlet,
            "X-ResponseFormat": "json",
            "Prefer": f"odata.maxpagesize={_PAGE}",
            **self._headers(),
        }
        return HttpRequest("POST", url, headers=headers, json=body)

    def _headers(self) -> dict[str, str]:
        """What goes with every request."""
        return {
            "connection-id": self._connection,
            "client-request-id": str(uuid.uuid4()),
            "Accept": "application/json",
            "Accept-Language": "en-US",  # error texts are translated otherwise (Microsoft365DSC #687)
            "Accept-Encoding": "identity",  # a refusal's body of NULs is labelled gzip and breaks decoders
            **({"X-AnchorMailbox": self._anchor} if self._anchor else {}),
        }


@cache
def current_exchange() -> ExchangeAdmin:
    """Exchange as this process's deployer."""
    return ExchangeAdmin(current_deployer())


def exactly_one(records: Sequence[Record], key: str, expected: str) -> Record:
    """The only record, whose `key` is `expected` whatever the case; Invalid for another or several."""
    found = [str(record.get(key)) for record in records]
    if len(found) == 1 and found[0].casefold() == expected.casefold():
        return records[0]
    shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
    raise Invalid(
        SERVICE,
        f"looking up {key} {expected}",
        f"{len(found)} objects came back ({shown}), not exactly the one asked for",
        advice="Nothing was changed on the strength of it.",
    )


def _refuse_empty(cmdlet: str, parameters: Record) -> None:
    """An empty Identity returns every object (learn.microsoft.com, Get-ApplicationAccessPolicy)."""
    if "Identity" in parameters and not str(parameters["Identity"] or "").strip():
        raise Invalid(SERVICE, cmdlet, "the Identity is empty, which means every object; nothing was sent")
    missing = [name for name, value in parameters.items() if value is None]
    if missing:
        raise Invalid(SERVICE, cmdlet, f"{', '.join(missing)} has no value; nothing was sent")


def _described(cmdlet: str, parameters: Record) -> str:
    return f"{cmdlet} {parameters['Identity']}" if "Identity" in parameters else cmdlet


def _without_annotations(record: Record) -> Record:
    """The record without the types that OData writes beside its properties."""
    return {name: value for name, value in record.items() if "@" not in name}
