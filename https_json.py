"""JSON over HTTPS without a credential: the cloud's metadata document and a served clock.

Standard library only, so that reading the settings of a stack costs no import of a client.
"""

import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

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
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise EndpointError(f"{variable} must be a plain https:// address, got {value!r}; correct it.")
    return value.rstrip("/")


@cache
def _opener(authorities: str | None) -> urllib.request.OpenerDirector:
    """Made once a file: to read hundreds of certificates takes longer than a call to this machine."""
    context = ssl.create_default_context(cafile=authorities)
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
    except OSError as error:  # includes URLError, TLS and timeouts
        reason = getattr(error, "reason", error)
        raise EndpointError(f"{url} could not be read: {reason}; check {variable}.") from None
    except ValueError:
        raise EndpointError(f"{url} did not answer JSON; check {variable}.") from None
    if not isinstance(answer, dict):
        raise EndpointError(f"{url} did not answer a JSON object; check {variable}.")
    return answer
