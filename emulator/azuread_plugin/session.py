"""One configured provider: which tenant, as whom, and the token that proves it."""

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import urllib3

from emulator.azuread_plugin.errors import PluginError

_AGENT = "azuread-stand-in"
_RENEW_BEFORE = 300.0  # seconds of a token's life that are left unused
_OTHER_CREDENTIALS = (
    "ARM_CLIENT_CERTIFICATE",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_CLIENT_ID_FILE_PATH",
    "ARM_CLIENT_SECRET_FILE_PATH",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_TOKEN_FILE_PATH",
    "ARM_OIDC_REQUEST_TOKEN",
)


@dataclass(frozen=True)
class Settings:
    """The provider's configuration: its arguments, and the environment where they are silent."""

    metadata_host: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    ca_bundle: str | None
    pace: float | None
    """Seconds that each poll and each retry waits; None: as long as the real plugin."""

    @classmethod
    def read(cls, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Self:
        """Raises PluginError naming every setting that is missing, with the variables that would give it."""
        wanted = {
            "metadataHost": "ARM_METADATA_HOSTNAME",
            "tenantId": "ARM_TENANT_ID",
            "clientId": "ARM_CLIENT_ID",
            "clientSecret": "ARM_CLIENT_SECRET",
        }
        found = {
            argument: str(arguments.get(argument) or environ.get(variable, ""))
            for argument, variable in wanted.items()
        }
        missing = [f"azuread:{name} ({wanted[name]})" for name, value in found.items() if not value]
        if missing:
            others = [name for name in _OTHER_CREDENTIALS if environ.get(name)]
            hint = f"; {', '.join(others)}: this stand-in knows client secrets only" if others else ""
            raise PluginError(
                f"unable to build authorizer: missing {', '.join(missing)}{hint}. "
                "Set them, or attach the real azuread plugin"
            )
        return cls(
            metadata_host=found["metadataHost"],
            tenant_id=found["tenantId"],
            client_id=found["clientId"],
            client_secret=found["clientSecret"],
            ca_bundle=environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE") or None,
            pace=_pace(environ.get("AZUREAD_STANDIN_POLL_SECONDS", "")),
        )


def _pace(text: str) -> float | None:
    try:
        seconds = float(text) if text else None
    except ValueError:
        seconds = -1.0
    if seconds is not None and not 0 <= seconds < float("inf"):
        raise PluginError(
            f"AZUREAD_STANDIN_POLL_SECONDS is {text!r}: it takes a number of seconds, 0 or more"
        )
    return seconds


class Session:
    """A signed-in provider. Making one asks for the metadata document and a token, nothing else.

    Environment and token as the real provider gets them:
    https://registry.terraform.io/providers/hashicorp/azuread/latest/docs#metadata_host
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pool = urllib3.PoolManager(
            maxsize=32, ca_certs=settings.ca_bundle, cert_reqs="CERT_REQUIRED", retries=False
        )
        self._lock = threading.Lock()
        self._named: dict[str, threading.Lock] = {}
        self.base, self._login = self._endpoints()
        self._token, self._renew_at = self._mint()
        self.object_id = _object_id(self._token)

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> urllib3.BaseHTTPResponse:
        """One request, whatever the answer; raises urllib3's HTTPError when there is none."""
        named = {"User-Agent": _AGENT, **headers}
        return self._pool.request(method, url, headers=named, body=body, redirect=False)

    def token(self) -> str:
        """A token that is not about to expire."""
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._token, self._renew_at = self._mint()
            return self._token

    def refused(self, token: str) -> None:
        """The service does not take this token any more: its clock may run ahead of ours."""
        with self._lock:
            if token == self._token:
                self._token, self._renew_at = self._mint()

    def lock(self, name: str) -> threading.Lock:
        """The lock of one object: operations on an application's credentials come one after the other."""
        with self._lock:
            return self._named.setdefault(name, threading.Lock())

    def _endpoints(self) -> tuple[str, str]:
        url = f"https://{self.settings.metadata_host}/metadata/endpoints?api-version=2022-09-01"
        document = self._json("GET", url, "retrieving the cloud's metadata")
        authentication = document.get("authentication")
        login = authentication.get("loginEndpoint") if isinstance(authentication, dict) else None
        graph = document.get("microsoftGraphResourceId")
        if not (graph and login and document.get("name") and document.get("resourceManager")):
            raise PluginError(
                f"building environment: {url} lacks name, resourceManager, microsoftGraphResourceId "
                "or authentication.loginEndpoint"
            )
        return str(graph).rstrip("/"), str(login).rstrip("/")

    def _mint(self) -> tuple[str, float]:
        settings = self.settings
        form = {
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "grant_type": "client_credentials",
            "scope": f"{self.base}/.default",
        }
        url = f"{self._login}/{settings.tenant_id}/oauth2/v2.0/token"
        asked_at = time.monotonic()
        answer = self._json("POST", url, "unable to obtain access token", urlencode(form).encode())
        token = answer.get("access_token")
        if not isinstance(token, str):
            raise PluginError(f"unable to obtain access token: {url} answered without access_token")
        return token, asked_at + float(answer.get("expires_in", 0)) - _RENEW_BEFORE

    def _json(self, method: str, url: str, doing: str, form: bytes | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            answer = self.send(method, url, headers, form)
            document = json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as failure:
            raise PluginError(f"{doing}: no usable answer from {url}: {failure}") from None
        if answer.status != 200 or not isinstance(document, dict):
            said = document.get("error_description") if isinstance(document, dict) else None
            raise PluginError(f"{doing}: {url} answered {answer.status}: {said or 'no description'}")
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
