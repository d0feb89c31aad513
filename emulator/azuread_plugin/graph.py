"""Microsoft Graph as the real provider calls it: headers, accepted answers, what is retried, how long."""

import http
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias
from urllib.parse import urlencode

import urllib3

from emulator.azuread_plugin.session import Session
from emulator.plugin.errors import PluginError

Document: TypeAlias = dict[str, Any]

_HEADERS = {
    "Accept": "application/json; charset=utf-8; IEEE754Compatible=false",
    "Content-Type": "application/json; charset=utf-8",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
}
_ACCEPTED = {
    "GET": {200},
    "POST": {200, 201, 202, 204},
    "PATCH": {200, 202, 204},
    "DELETE": {200, 204},
}
_NO_ANSWER = 0
_FINAL = -1
_LONGEST_BACKOFF = 61.0


class GraphError(PluginError):
    """Graph said no, or nothing: `status` 0 if one may ask again, -1 if not."""

    def __init__(self, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """What the provider retries always: no answer, 408, 424, 429 and 5xx but "not implemented"."""
        return self.status in {_NO_ANSWER, 408, 424, 429} or (self.status >= 500 and self.status != 501)

    def about(self, doing: str) -> "GraphError":
        """The same failure, said with what was being done."""
        return GraphError(f"{doing}: {self}", self.status, self.retry_after)


Retry: TypeAlias = Callable[[GraphError], bool]
"""Which further failures one call is repeated after."""


def when(*statuses: int, saying: str = "") -> Retry:
    """Retry on these statuses, if the message matches the pattern."""
    return lambda failure: failure.status in statuses and re.search(saying, str(failure)) is not None


class Graph:
    """The calls of one operation, which together may wait no longer than the operation's minutes.

    What counts is the time that the real provider would wait; how long it really is says the session's pace.
    """

    def __init__(self, session: Session, minutes: float) -> None:
        self._session = session
        self._left = minutes * 60
        self.caller = session.object_id
        self.client_id = session.settings.client_id
        self.tenant_id = session.settings.tenant_id
        self.lock = session.lock

    def get(self, path: str, *, version: str = "v1.0", select: str = "") -> Document:
        """One object; GraphError 404 when there is none."""
        return self._call("GET", self._url(path, version, {"$select": select}))

    def find(self, path: str, *, version: str = "v1.0", select: str = "") -> Document | None:
        """One object, or None when there is none."""
        try:
            return self.get(path, version=version, select=select)
        except GraphError as failure:
            if failure.status == 404:
                return None
            raise

    def list(
        self, path: str, *, version: str = "v1.0", filter_: str = "", select: str = ""
    ) -> list[Document]:
        """Every object of a collection, page after page."""
        found: list[Document] = []
        url = self._url(path, version, {"$filter": filter_, "$select": select})
        while url:
            page = self._call("GET", url)
            found += page.get("value") or []
            url = str(page.get("@odata.nextLink") or "")
            if url and not url.startswith(f"{self._session.base}/"):
                raise GraphError(f"listing {path}: the next page is at another place than Graph", 200)
        return found

    def post(self, path: str, body: Document, *, type_: str = "", retry: Retry | None = None) -> Document:
        """Send to a collection or an action; `type_` is the body's OData type."""
        return self._call("POST", self._url(path), _typed(body, type_), retry)

    def patch(
        self, path: str, body: Document, *, type_: str, version: str = "v1.0", retry: Retry | None = None
    ) -> None:
        """Change an object."""
        self._call("PATCH", self._url(path, version), _typed(body, type_), retry)

    def delete(self, path: str) -> None:
        """Remove; GraphError 404 when it is gone already."""
        self._call("DELETE", self._url(path))

    def reference(self, object_id: str) -> str:
        """The address by which an owner is named."""
        return f"{self._session.base}/v1.0/directoryObjects/{object_id}"

    def settle(
        self, seen: Callable[[], bool], *, every: float, doing: str, times: int = 5, misses: int | None = None
    ) -> None:
        """Look until it was seen so many times in a row, `every` so many seconds.

        Raises GraphError when the operation's time is over, or after more than `misses` failures in a row.
        """
        hits, missed = 0, 0
        while True:
            hits, missed = (hits + 1, 0) if seen() else (0, missed + 1)
            if hits == times:
                return
            if misses is not None and missed > misses:
                raise GraphError(f"{doing}: couldn't find resource ({missed} retries)", 404)
            if not self._wait(every):
                raise GraphError(f"{doing}: timeout while waiting for it to settle", 408)

    def gone(self, path: str, doing: str) -> None:
        """Wait until the object is seen no more."""
        self.settle(lambda: self.find(path) is None, every=5, doing=doing)

    def _url(self, path: str, version: str = "v1.0", query: Mapping[str, str] | None = None) -> str:
        asked = urlencode({name: text for name, text in (query or {}).items() if text})
        return f"{self._session.base}/{version}{path}" + (f"?{asked}" if asked else "")

    def _wait(self, seconds: float) -> bool:
        """False when the operation's time is over before the wait would be."""
        if seconds > self._left:
            return False
        self._left -= seconds
        pace = self._session.settings.pace
        time.sleep(seconds if pace is None else pace)
        return True

    def _call(
        self, method: str, url: str, body: Document | None = None, retry: Retry | None = None
    ) -> Document:
        backoff = 1.0
        while True:
            try:
                return self._answer(method, url, body)
            except GraphError as failure:
                again = failure.transient or (retry is not None and retry(failure))
                if not again or not self._wait(failure.retry_after or backoff):
                    raise
                backoff = min(backoff * 2, _LONGEST_BACKOFF)

    def _answer(self, method: str, url: str, body: Document | None) -> Document:
        """One request; a refused token is replaced once, for the service's clock decides about its age."""
        token = self._session.token()
        answer = self._send(method, url, body, token)
        if answer.status == 401:
            self._session.refused(token)
            answer = self._send(method, url, body, self._session.token())
        if answer.status not in _ACCEPTED[method]:
            raise _failure(answer)
        return _document(answer)

    def _send(self, method: str, url: str, body: Document | None, token: str) -> urllib3.BaseHTTPResponse:
        headers = {**_HEADERS, "Authorization": f"Bearer {token}"}
        data = None if body is None else json.dumps(body).encode()
        try:
            return self._session.send(method, url, headers, data)
        except urllib3.exceptions.SSLError as failure:
            raise GraphError(
                f"{method} {url}: certificate not trusted (SSL_CERT_FILE names the CA bundle): {failure}",
                _FINAL,
            ) from None
        except urllib3.exceptions.HTTPError as failure:
            # What may have had its effect is not sent twice, and where nobody listens nobody will.
            again = method == "GET" and not isinstance(failure, urllib3.exceptions.NewConnectionError)
            status = _NO_ANSWER if again else _FINAL
            raise GraphError(f"{method} {url}: no answer: {failure}", status) from None


@contextmanager
def saying(doing: str) -> Iterator[None]:
    """A refusal inside is told with what was being done."""
    try:
        yield
    except GraphError as failure:
        raise failure.about(doing) from None


def quoted(text: str) -> str:
    """A string literal of an OData filter."""
    return "'" + text.replace("'", "''") + "'"


def _typed(body: Document, type_: str) -> Document:
    return {"@odata.type": f"#microsoft.graph.{type_}", **body} if type_ else body


def _document(answer: urllib3.BaseHTTPResponse) -> Document:
    if not answer.data:
        return {}
    try:
        document = json.loads(answer.data)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise GraphError("Bad API response: not a JSON object", answer.status)
    return document


def _failure(answer: urllib3.BaseHTTPResponse) -> GraphError:
    """The provider's wording: code, message and inner errors joined by colons."""
    try:
        document = json.loads(answer.data or b"{}")
        error = document.get("error") if isinstance(document, dict) else None
    except ValueError:
        error = None
    said: list[str] = []
    while isinstance(error, dict):
        said += [str(error[key]) for key in ("code", "message") if error.get(key)]
        error = error.get("innerError")
    try:
        phrase = http.HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "unknown"
    after = answer.headers.get("Retry-After", "")
    message = (
        f"unexpected status {answer.status} ({answer.status} {phrase}) "
        f"with error: {': '.join(said) or 'none given'}"
    )
    return GraphError(message, answer.status, float(after) if after.isdigit() else None)
