"""An emulated tenant on a port of its own, and apps in it that hold just the permissions of a test."""

import shutil
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from emulator.clock import stamp
from emulator.server import EmulatedTenant
from emulator.store import Document
from emulator.tokens import GRAPH
from tests.emulated import emulated, trusted_alone

__all__ = ["emulated"]

ROOM = "syd-01-harbour@contoso.example"
PERSON = "ada.ashby@contoso.example"


@dataclass
class App:
    """An application with its service principal and a secret."""

    client_id: str
    application_id: str
    principal_id: str
    secret: str = field(repr=False)


class Cloud:
    """The served tenant, and how a test talks to it."""

    def __init__(self, served: EmulatedTenant) -> None:
        self.served, self.store, self.clock, self.url = served, served.store, served.clock, served.url
        self.tenant = served.tenant
        self.http = httpx.Client(
            base_url=served.url, verify=ssl.create_default_context(cafile=served.ca_bundle), trust_env=False
        )

    def app(self, *roles: str, service: str = GRAPH) -> App:
        """A new app to which these permissions were consented."""
        app = App(str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4()), f"S3cret~{uuid.uuid4().hex}")
        now = self.clock.now()
        credential = {
            "keyId": "key",
            "secretText": None,
            "startDateTime": stamp(now),
            "endDateTime": "2099-01-01T00:00:00Z",
        }
        self.store.put(
            "application",
            app.application_id,
            {
                "id": app.application_id,
                "appId": app.client_id,
                "displayName": "test app",
                "passwordCredentials": [credential],
                "_secrets": {"key": app.secret},
                "_owners": [],
            },
        )
        self.store.put(
            "servicePrincipal",
            app.principal_id,
            {
                "id": app.principal_id,
                "appId": app.client_id,
                "displayName": "test app",
                "createdDateTime": stamp(now),
                "_owners": [],
            },
        )
        for role in roles:
            self.consent(app, role, service)
        return app

    def consent(self, app: App, role: str, service: str = GRAPH) -> str:
        """Grant a permission behind Graph's back; the id of the grant."""
        resource = self.service(service)
        grant = {
            "id": str(uuid.uuid4()),
            "appRoleId": self.role_id(role, service),
            "principalId": app.principal_id,
            "resourceId": resource["id"],
        }
        self.store.put("appRoleAssignment", grant["id"], grant)
        return grant["id"]

    def service(self, app_id: str) -> Document:
        """A service principal, by its app id."""
        return next(sp for sp in self.store.all("servicePrincipal") if sp["appId"] == app_id)

    def role_id(self, value: str, service: str = GRAPH) -> str:
        """The id of an app role."""
        return next(r["id"] for r in self.service(service)["appRoles"] if r["value"] == value)

    def ask_token(self, app: App, scope: str | None = None, **form: str) -> httpx.Response:
        """The answer of the token endpoint."""
        asked = {
            "client_id": app.client_id,
            "client_secret": app.secret,
            "grant_type": "client_credentials",
            "scope": scope or f"{self.url}/.default",
            **form,
        }
        return self.http.post(f"/{self.tenant.id}/oauth2/v2.0/token", data=asked)

    def calling_as(self, app: App) -> "Caller":
        """A caller with a token minted now."""
        return Caller(self, self.ask_token(app).json()["access_token"])

    def caller(self, *roles: str) -> "Caller":
        """A caller whose new app holds these permissions of Graph."""
        return self.calling_as(self.app(*roles))

    def user_id(self, address: str) -> str:
        """The object id of a mailbox."""
        return next(u["id"] for u in self.store.all("user") if u["mail"] == address)

    def log(self) -> list[Document]:
        """The request log."""
        return self.store.logged()


class Caller:
    """Somebody with a token for Graph."""

    def __init__(self, cloud: Cloud, token: str) -> None:
        self.cloud, self.token = cloud, token

    def __call__(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        prefer: str = "",
        consistency: str = "",
        **query: Any,
    ) -> httpx.Response:
        """Send one request; `path` starts with the version, names in `query` get their dollar sign."""
        return self.cloud.http.request(
            method,
            path,
            json=body,
            params={f"${name}": value for name, value in query.items()} or None,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Prefer": prefer,
                "ConsistencyLevel": consistency,
            },
        )

    def ok(self, method: str, path: str, body: Document | None = None, **query: Any) -> Any:
        """The JSON of a request that must succeed."""
        answer = self(method, path, body, **query)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@pytest.fixture(scope="session")
def seeded_state(tmp_path_factory):
    """A state file of contoso: making keys once is enough."""
    state = tmp_path_factory.mktemp("contoso") / "state.sqlite"
    with EmulatedTenant(state=state):
        return state


@pytest.fixture
def cloud(seeded_state, tmp_path) -> Iterator[Cloud]:
    state = shutil.copy(seeded_state, tmp_path / "contoso.sqlite")
    with trusted_alone(EmulatedTenant(state=state)) as served:
        yield Cloud(served)


@pytest.fixture(scope="module")
def shared_cloud(seeded_state, tmp_path_factory) -> Iterator[Cloud]:
    """For tests that change nothing but what they make themselves."""
    state = shutil.copy(seeded_state, tmp_path_factory.mktemp("shared") / "contoso.sqlite")
    with trusted_alone(EmulatedTenant(state=state)) as served:
        yield Cloud(served)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal of Graph."""
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
def refused():
    return refusal


@pytest.fixture
def tenant() -> Iterator[EmulatedTenant]:
    with trusted_alone(EmulatedTenant()) as tenant:
        yield tenant


@pytest.fixture
def environ(tenant: EmulatedTenant) -> dict[str, str]:
    """The environment of a plugin that does not really wait between its polls."""
    return {**tenant.environment_of("Tenant Administrator"), "STANDIN_POLL_SECONDS": "0"}
