"""Sending a request: signed in, repeated where that is safe, and judged by what the answer means.

azure-core's own retry policy is not used: it repeats a POST on 500, 503 and 504 and whatever carries
Retry-After, so a cmdlet that creates something could run twice, and it can't see that Exchange reports busy
servers as 400.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline import Pipeline, PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse

from clock import Clock
from wire.answers import Answer, Judge, retry_after
from wire.connection import connection_error
from wire.errors import Invalid, NotDone, Throttled, Transient, Unclear
from wire.sign_in import sign_in_error
from wire.transport import ClockedTransport

USER_AGENT = "placeos-m365"
# Between attempts without Retry-After; a service that asks for more than the longest wait is not waited for.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_WAIT = 300.0
_REDIRECTS = (301, 302, 307, 308)

_log = logging.getLogger(__name__)


class ForgettingCredential(TokenCredential, Protocol):
    """A credential whose cached tokens can be dropped."""

    def forget(self) -> None:
        """Make the next token a fresh one."""


class _FreshTokenPolicy(BearerTokenCredentialPolicy[HttpRequest, HttpResponse]):
    """Signs requests; refused once with 401, it signs again with a token made anew."""

    def __init__(self, credential: ForgettingCredential, scope: str) -> None:
        super().__init__(credential, scope)
        self._forgetting = credential

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        response = super().send(request)
        if response.http_response.status_code != 401:
            return response
        self._forgetting.forget()
        return super().send(request)


class Wire:
    """One service at one https address, for one identity. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - each is a part of the one connection
        self,
        service: str,
        endpoint: str,
        credential: ForgettingCredential,
        clock: Clock,
        judge: Judge,
        *,
        transport: ClockedTransport | None = None,
    ) -> None:
        self._service = service
        self._endpoint = endpoint
        self._clock = clock
        self._judge = judge
        self._credential = credential
        self._pipeline: Pipeline[Any, Any] = Pipeline(
            transport or ClockedTransport(clock),
            [UserAgentPolicy(USER_AGENT), _FreshTokenPolicy(credential, f"{endpoint}/.default")],
        )

    def send(self, operation: str, build: Callable[[], HttpRequest], *, reading: bool) -> dict[str, Any]:
        """The JSON object answered (empty for an empty body); any other outcome is a WireError.

        `build` makes the request anew for each attempt. A read (`reading`) is repeated after every failure of
        the moment; a write only when it was certainly not carried out, else Unclear is raised.
        """
        for pause in (*PAUSES, None):
            try:
                return self._attempt(operation, build())
            except (Throttled, Transient) as error:
                if not reading and not isinstance(error, Throttled | NotDone):
                    raise Unclear.like(error) from None
                wait = pause if error.retry_after is None else error.retry_after
                if pause is None or wait is None or wait > LONGEST_WAIT:
                    raise
                _log.info("%s Again in %.0f s.", error, wait)
            self._clock.sleep(wait)
        raise AssertionError("the last attempt either answers or raises")

    def _attempt(self, operation: str, request: HttpRequest) -> dict[str, Any]:
        answer = self._answer(operation, request)
        error = self._judge(operation, answer)
        if error is not None:
            error.retry_after = retry_after(answer.headers, self._clock.now())
            raise error
        if answer.document is None:
            raise Transient(
                self._service, operation, f"the answer was not a JSON object: {answer.text[:80]}",
                status=answer.status,
            )  # fmt: skip
        return answer.document

    def _answer(self, operation: str, request: HttpRequest) -> Answer:
        for _ in range(3):
            self._refuse_elsewhere(operation, request.url)
            try:
                response = self._pipeline.run(request).http_response
            except ClientAuthenticationError as error:
                self._credential.forget()  # msal answers for a minute of its own with a failure it remembers
                raise sign_in_error(operation, error) from None
            except AzureError as error:
                raise connection_error(self._service, operation, error) from None
            if response.status_code not in _REDIRECTS:
                return _read(response)
            request.url = response.headers.get("Location", "")
        raise Invalid(self._service, operation, "the service redirected three times", status=302)

    def _refuse_elsewhere(self, operation: str, url: str) -> None:
        if not is_part_of(url, self._endpoint):
            raise Invalid(
                self._service,
                operation,
                f"it pointed to {url.partition('?')[0]}, which is not part of {self._endpoint}",
                advice="Nothing was sent there. Check the endpoint, and the proxy if there is one.",
            )


def is_part_of(url: str, endpoint: str) -> bool:
    """Whether a token for `endpoint` may go to `url`: its host, or one below (a tenant's own)."""
    try:
        ours, theirs = urlsplit(endpoint), urlsplit(url)
        same_port = (theirs.port or 443) == (ours.port or 443)
    except ValueError:  # no address at all
        return False
    host = theirs.hostname or ""
    same_host = host == ours.hostname or host.endswith(f".{ours.hostname}")
    return same_host and same_port and theirs.scheme == "https" and theirs.username is None


def _read(response: HttpResponse) -> Answer:
    text = response.text()
    document: Any = None
    if not text.strip("\0 \r\n\t"):
        document = {}
    else:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):  # nested without end
            document = None
    return Answer(
        response.status_code, response.headers, text, document if isinstance(document, dict) else None
    )
