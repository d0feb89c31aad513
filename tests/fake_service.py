"""A TLS service that answers what a test tells it, and a deployer that speaks to it."""

import json
import re
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from azure.core.credentials import AccessToken
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from clouds import Cloud
from deployer import Deployer
from wire.credentials import RenewableCredential

TENANT = "0aabbccd-1111-4222-8333-444455556666"
APP = "7a774f0c-7a6f-11e0-85ad-07fb4824019b"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class FakeClock:
    """Time that moves only when somebody sleeps."""

    time: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=max(0.0, seconds))

    async def pause(self, seconds: float) -> None:
        self.sleep(seconds)


@dataclass
class Tokens:
    """Hands out token-1 until it is made anew, then token-2, and so on."""

    made: int = 0
    scopes: list[str] = field(default_factory=list)

    def credential(self) -> RenewableCredential:
        tokens = self

        class One:
            def __init__(self) -> None:
                tokens.made += 1
                self._text = f"token-{tokens.made}"

            def get_token(self, *scopes: str, **_options: Any) -> AccessToken:
                tokens.scopes.extend(scopes)
                return AccessToken(self._text, 4_000_000_000)

        return RenewableCredential(One)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The authority's file, trusted by every client of this test."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(bundle))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "localhost,127.0.0.1")
    return bundle


@pytest.fixture(scope="session")
def server(authority: trustme.CA) -> Iterator[HTTPServer]:
    """One server for all tests: stopping one takes half a second."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(host="localhost", port=0, ssl_context=context, threaded=True) as running:
        yield running


@pytest.fixture
def service(server: HTTPServer, trusted: Path) -> Iterator[HTTPServer]:
    """The server, which knows nothing of earlier tests."""
    server.clear()
    yield server
    server.check_handler_errors()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def deployer(service: HTTPServer, clock: FakeClock, tokens: Tokens) -> Deployer:
    url = service.url_for("").rstrip("/")
    credential = tokens.credential()
    return Deployer(TENANT, APP, Cloud("test", url, url, url), clock, credential, credential)


@dataclass
class Script:
    """Answers requests in the order told, and remembers them."""

    answers: deque[Response | Callable[[Request], Response]] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)

    def then(self, *answers: Response | Callable[[Request], Response]) -> "Script":
        self.answers.extend(answers)
        return self

    def answer(self, request: Request) -> Response:
        request.get_data()  # kept: the connection is gone when the test looks
        self.requests.append(request)
        if not self.answers:
            return reply({"error": {"code": "Test", "message": "nothing more was expected"}}, 418)
        answer = self.answers.popleft()
        return answer if isinstance(answer, Response) else answer(request)

    @property
    def cmdlets(self) -> list[str]:
        return [body(request)["CmdletInput"]["CmdletName"] for request in self.requests]

    def parameters(self, position: int = -1) -> dict[str, Any]:
        return dict(body(self.requests[position])["CmdletInput"]["Parameters"])


@pytest.fixture
def script(service: HTTPServer) -> Script:
    told = Script()
    service.expect_request(re.compile(".*")).respond_with_handler(told.answer)
    return told


def body(request: Request) -> dict[str, Any]:
    return dict(json.loads(request.get_data()))


def reply(document: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(document), status, headers, content_type="application/json")


def records(*found: dict[str, Any], **more: Any) -> Response:
    """A page of what a cmdlet returned."""
    return reply({"value": list(found), **more})


def refusal(exception: str, text: str, status: int = 400, code: str = "BadRequest") -> Response:
    """Exchange's own error body, as quoted in Microsoft365DSC #2998."""
    return reply(
        {
            "error": {
                "code": code,
                "message": "Error executing cmdlet",
                "details": [{"code": "Context", "target": "", "message": f"Ex6F9304|{exception}|{text}"}],
                "innererror": {
                    "message": "Error executing cmdlet",
                    "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                    "stacktrace": "   at Microsoft.Exchange.Admin.OData.Core",
                },
            }
        },
        status,
        {"request-id": "0f0e0d0c"},
    )


MISSING = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
EXISTS = "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException"
