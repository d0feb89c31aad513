"""Azure as the real provider calls it: which answers it takes, what it repeats, how it words a refusal."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import urllib3

from emulator.azure_native_plugin.session import Session
from emulator.plugin.errors import PluginError

Document: TypeAlias = dict[str, Any]

API_VERSION = "2024-11-01"
_REPEATED = {408, 429, 500, 502, 503, 504}
_WAITS = (20, 60, 120)
"""Seconds between the attempts of one call."""
_CONFLICTS, _BETWEEN_CONFLICTS = 6, 5


class AzureRefusedError(PluginError):
    """Azure said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Azure:
    """Azure for one operation."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, id_: str) -> Document | None:
        """A resource; None when there is none."""
        try:
            return self._call("GET", id_)
        except AzureRefusedError as refusal:
            if refusal.status == 404:
                return None
            raise

    def must_be_free(self, id_: str) -> None:
        """Refuse to make what is there already."""
        answer = self._send("GET", id_, None)
        if answer.status == 200:
            raise PluginError(f"cannot create already existing resource '{id_}'")
        if answer.status != 404:
            raise PluginError(
                f"cannot check existence of resource '{id_}': status code {answer.status}, "
                f"{answer.data.decode('utf-8', 'replace')}"
            )

    def put(self, id_: str, body: Document) -> Document:
        """Write a resource."""
        return self._call("PUT", id_, body)

    def put_recovering(self, id_: str, body: Document, recovered: Callable[[], bool]) -> Document:
        """Write a resource; after a conflict `recovered` brings back a deleted one of that name."""
        fruitless = 0
        while True:
            try:
                return self.put(id_, body)
            except AzureRefusedError as refusal:
                if refusal.status != 409:
                    raise
                fruitless = 0 if recovered() else fruitless + 1
                if fruitless >= _CONFLICTS:
                    raise
                self._wait(_BETWEEN_CONFLICTS)

    def recover(self, vault: str, secret: str) -> bool:
        """Whether a deleted secret was found and recovered; that it could not be looked for is no failure."""
        path = f"/deletedsecrets/{secret}"
        if self.session.at_vault("GET", vault, path).status != 200:
            return False
        answer = self.session.at_vault("POST", vault, f"{path}/recover")
        if answer.status != 200:
            told = _told("POST", f"{vault}{path}/recover", answer)
            raise PluginError(f"failed to recover soft-deleted secret {secret}: {told}")
        return True

    def delete(self, vault: str, secret: str) -> None:
        """Delete at the vault: Azure Resource Manager can't. That it is gone already is no failure."""
        answer = self.session.at_vault("DELETE", vault, f"/secrets/{secret}")
        if answer.status not in {200, 404}:
            raise PluginError(_told("DELETE", f"{vault}/secrets/{secret}", answer))

    def _call(self, method: str, id_: str, body: Document | None = None) -> Document:
        answer = self._send(method, id_, body)
        try:
            document = json.loads(answer.data)
        except ValueError:
            text = answer.data.decode("utf-8", "replace")
            raise PluginError(
                f"unexpected response from Azure: '{text}', HTTP status: {answer.status}"
            ) from None
        if answer.status not in {200, 201}:
            error = document.get("error") or {}
            code, message = error.get("code", ""), error.get("message", "")
            text = f'Status={answer.status} Code="{code}" Message="{message}"'
            raise AzureRefusedError(text, answer.status)
        return dict(document)

    def _send(self, method: str, id_: str, body: Document | None) -> urllib3.BaseHTTPResponse:
        for wait in _WAITS:
            answer = self._attempt(method, id_, body)
            if answer.status not in _REPEATED:
                return answer
            self._wait(wait)
        return self._attempt(method, id_, body)

    def _attempt(self, method: str, id_: str, body: Document | None) -> urllib3.BaseHTTPResponse:
        url = f"{self.session.base}{id_}?api-version={API_VERSION}"
        data = None if body is None else json.dumps(body).encode()
        token = self.session.token()
        answer = self._sent(method, url, token, data)
        if answer.status == 401:
            self.session.refused(token)
            answer = self._sent(method, url, self.session.token(), data)
        return answer

    def _sent(self, method: str, url: str, token: str, data: bytes | None) -> urllib3.BaseHTTPResponse:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {token}",
        }
        try:
            return self.session.send(method, url, headers, data)
        except urllib3.exceptions.HTTPError as failure:
            raise PluginError(f"{method} {url}: no answer: {failure}") from None

    def _wait(self, seconds: float) -> None:
        pace = self.session.settings.pace
        time.sleep(seconds if pace is None else pace)


def _told(method: str, where: str, answer: urllib3.BaseHTTPResponse) -> str:
    """A vault's refusal in the words of its client library."""
    return f"{method} https://{where}\nRESPONSE {answer.status}\n{answer.data.decode('utf-8', 'replace')}"
