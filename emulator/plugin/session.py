"""One configured provider: which tenant, as whom, and the tokens that prove it."""

import base64
import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import urllib3

from emulator.plugin.authorizer import Place, authorizer
from emulator.plugin.errors import PluginError
from emulator.plugin.settings import Settings

__all__ = ["Session", "Settings"]

_RENEW_BEFORE = 300.0  # seconds of a token's life that are left unused


class Session(ABC):
    """A signed-in provider. Making one asks for the metadata document and a token, nothing else.

    Environment and token as the real providers get them:
    https://registry.terraform.io/providers/hashicorp/azuread/latest/docs#metadata_host
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._authorizer = authorizer(settings)
        self._pool = urllib3.PoolManager(
            maxsize=32, ca_certs=settings.ca_bundle, cert_reqs="CERT_REQUIRED", retries=False
        )
        self._lock = threading.Lock()
        self._named: dict[str, threading.Lock] = {}
        self.base, self.audience, self._login = self._endpoints()
        self._token, self._renew_at = self.mint(self.audience)
        self.object_id = _object_id(self._token)

    @property
    def agent(self) -> str:
        """What the client calls itself."""
        return f"{self.settings.package}-stand-in"

    @abstractmethod
    def service(self, metadata: Mapping[str, Any]) -> tuple[str, str]:
        """The service's address and its name in scopes, out of the cloud's metadata; "" for what it lacks."""

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> urllib3.BaseHTTPResponse:
        """One request, whatever the answer; raises urllib3's HTTPError when there is none."""
        named = {"User-Agent": self.agent, **headers}
        return self._pool.request(method, url, headers=named, body=body, redirect=False)

    def token(self) -> str:
        """A token that is not about to expire."""
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._token, self._renew_at = self.mint(self.audience)
            return self._token

    def refused(self, token: str) -> None:
        """The service does not take this token any more: its clock may run ahead of ours."""
        with self._lock:
            if token == self._token:
                self._token, self._renew_at = self.mint(self.audience)

    def lock(self, name: str) -> threading.Lock:
        """The lock of one object: operations on an application's credentials come one after the other."""
        with self._lock:
            return self._named.setdefault(name, threading.Lock())

    def _endpoints(self) -> tuple[str, str, str]:
        url = f"https://{self.settings.metadata_host}/metadata/endpoints?api-version=2022-09-01"
        document = self._json("GET", url, "retrieving the cloud's metadata", {}, None)
        authentication = document.get("authentication")
        login = authentication.get("loginEndpoint") if isinstance(authentication, dict) else None
        base, audience = self.service(document)
        if not (base and audience and login and document.get("name") and document.get("resourceManager")):
            raise PluginError(
                f"building environment: {url} lacks name, resourceManager, microsoftGraphResourceId "
                "or authentication.loginEndpoint"
            )
        return base.rstrip("/"), audience.rstrip("/"), str(login).rstrip("/")

    def mint(self, audience: str) -> tuple[str, float]:
        """A new token for a service, and when on the machine's clock it is to be replaced."""
        asked_at = time.monotonic()
        answer = self._authorizer(self._json, Place(self._login, audience))
        token = answer.get("access_token")
        if not isinstance(token, str):
            raise PluginError("unable to obtain access token: the answer has no access_token")
        return token, asked_at + float(answer.get("expires_in", 0)) - _RENEW_BEFORE

    def _json(
        self, method: str, url: str, doing: str, headers: Mapping[str, str], body: bytes | None
    ) -> dict[str, Any]:
        """The JSON object at an address; the query is left out of errors."""
        place = url.partition("?")[0]
        try:
            answer = self.send(method, url, {"Accept": "application/json", **headers}, body)
            document = json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as failure:
            raise PluginError(f"{doing}: no usable answer from {place}: {failure}") from None
        if answer.status != 200 or not isinstance(document, dict):
            said = document.get("error_description") if isinstance(document, dict) else None
            raise PluginError(f"{doing}: {place} answered {answer.status}: {said or 'no description'}")
        return document


def _object_id(token: str) -> str:
    """The caller's object id, out of the token's `oid` claim."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["oid"])
    except (IndexError, ValueError, KeyError, TypeError):
        raise PluginError(
            "unable to read the caller's object id: the access token has no readable `oid` claim"
        ) from None
