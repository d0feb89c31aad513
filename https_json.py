"""JSON over HTTPS without a credential: the cloud's metadata document and a served clock.

Standard library only, so that reading the settings of a stack costs no import of a client.
"""

import http.client
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from visible import visible

_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class EndpointError(Exception):
    """An endpoint named in the environment is unusable: which, why and what to change, in one line."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A document that describes where credentials go is taken from the place named, or not at all."""

    def redirect_request(self, *_args: Any) -> None:
        return None


def ca_bundle(environ: Mapping[str, str] = os.environ) -> str | None:
    """The file of certificate authorities to trust, or None for the system's own."""
    return next((environ[name] for name in _CA_VARIABLES if environ.get(name)), None)


def https_url(value: str, variable: str) -> str:
    """`value` without a trailing slash; EndpointError, naming `variable`, unless it is an https URL."""
    try:
        parts = urlsplit(value)
        plain = parts.scheme == "https" and parts.hostname and (parts.port or 443)
    except ValueError:  # a port that is no number, or half an address
        plain = False
    if not plain or parts.username or parts.query or parts.fragment or not value.isprintable():
        # The value is not shown: what does not belong there may be a password.
        raise EndpointError(
            f"{variable} must be a plain https:// address, without user, query or fragment, such as "
            "https://localhost:8443. Correct it."
        )
    return value.rstrip("/")


@cache
def _opener(authorities: str | None) -> urllib.request.OpenerDirector:
    """Made once a file: to read hundreds of certificates takes longer than a call to this machine."""
    try:
        context = ssl.create_default_context(cafile=authorities)
    except OSError as error:  # ssl's own errors are among them
        raise EndpointError(
            f"The certificate authorities in {authorities} can't be read: {error.strerror}. Correct or "
            f"remove {', '.join(_CA_VARIABLES)}."
        ) from None
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirect)


def fetch_json(
    url: str,
    variable: str,
    body: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """GET the JSON object at `url`, or POST `body` there; EndpointError, naming `variable`, on failure."""
    https_url(url.partition("?")[0], variable)
    request = urllib.request.Request(  # noqa: S310 - the scheme has just been checked
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Accept": "application/json", "Content-Type": "application/json", **(headers or {})},
    )
    try:
        with _opener(ca_bundle()).open(request, timeout=30) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        raise EndpointError(f"{url} answered {error.code}; check {variable}.") from None
    except (OSError, http.client.HTTPException) as error:  # includes URLError, TLS and timeouts
        reason = getattr(error, "reason", error)
        reason = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise EndpointError(f"{url} could not be read: {visible(reason)}; check {variable}.") from None
    except (ValueError, RecursionError):  # nested without end
        raise EndpointError(f"{url} did not answer JSON; check {variable}.") from None
    if not isinstance(answer, dict):
        raise EndpointError(f"{url} did not answer a JSON object; check {variable}.")
    return answer
