"""A small tenant in memory of the process, and an app that calls Exchange's admin endpoint of it."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from emulator.exchange.routes import routes
from emulator.ids import stable_id
from emulator.seeding import seed
from emulator.store import Document, Store
from emulator.tenant import Tenant
from emulator.tenants import read_tenant_file
from emulator.tokens import EXCHANGE, mint

TENANT_FILE = """
name: Fabrikam
domain: fabrikam.example
buildings:
  - code: ber
    name: Berlin
    levels: {"01": {Spree: 8, Havel: 6, Dahme: 4}}
staff: {given: [Ann, Bob, Cem], surnames: [Abel]}
administrators: [{name: Exchange Admin, alias: exchange.admin, roles: [Exchange Administrator]}]
shared_mailboxes: [{name: Reception, alias: reception}]
groups:
  - {name: Synced, alias: synced, type: mail_security, synced: true, members: [ann.abel]}
  - {name: Inner, alias: inner, type: mail_security, members: [ber-01-spree]}
  - {name: Rooms, alias: rooms, type: mail_security, owners: [exchange.admin], members: [inner, ber-01-havel]}
  - {name: News, alias: news, type: distribution, members: [bob.abel]}
apps:
  - name: Deployer
    secret: true
    roles: [Exchange Administrator]
    permissions: {Office 365 Exchange Online: [Exchange.ManageAsApp]}
  - name: Reader
    roles: [Global Reader]
    permissions: {Office 365 Exchange Online: [Exchange.ManageAsApp]}
  - name: Recipients
    roles: [Exchange Recipient Administrator]
    permissions: {Office 365 Exchange Online: [Exchange.ManageAsApp]}
  - name: Directory
    roles: [Directory Readers]
    permissions: {Office 365 Exchange Online: [Exchange.ManageAsApp]}
  - name: Unroled
    permissions: {Office 365 Exchange Online: [Exchange.ManageAsApp]}
  - name: Unconsented
    roles: [Exchange Administrator]
deployer: Deployer
"""

DOMAIN = "fabrikam.example"


@dataclass(frozen=True)
class Refusal:
    """What a refused cmdlet answered."""

    status: int
    type: str
    text: str


class Exchange:
    """Calls the admin endpoint as one app of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self._app = Starlette(routes=routes(tenant))

    def send(self, method: str, url: str, headers: dict[str, str], content: bytes = b"") -> httpx.Response:
        """The answer to a request, its body as it came: nothing is decompressed."""

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url=self.tenant.exchange_url) as client:
                request = client.build_request(method, url, headers=headers, content=content)
                answer = await client.send(request, stream=True)
                body = b"".join([part async for part in answer.aiter_raw()])
            kept = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
            raw = httpx.Response(answer.status_code, headers=kept, content=body)
            raw.extensions["encoding"] = answer.headers.get("content-encoding", "")
            return raw

        return asyncio.run(go())

    def token(self, app: str, service: str = EXCHANGE) -> str:
        """A token of the app, with what it may do now."""
        principals = self.tenant.store.all("servicePrincipal")
        principal = next(found for found in principals if found["displayName"] == app)
        target = next(found for found in principals if found["appId"] == service)
        audience = self.tenant.exchange_url if service == EXCHANGE else self.tenant.base_url
        return mint(self.tenant, principal, target, audience)[0]

    def post(
        self,
        cmdlet: str,
        parameters: dict[str, Any] | None = None,
        *,
        app: str = "Deployer",
        url: str = "",
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """The bare answer to a cmdlet."""
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters or {}}}
        return self.send(
            "POST",
            url or f"/adminapi/beta/{self.tenant.id}/InvokeCommand",
            content=content or json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token(app)}",
                "Content-Type": "application/json",
                "Accept-Language": "en-US",
                "Accept-Encoding": "identity",
                **(headers or {}),
            },
        )

    def run(self, cmdlet: str, app: str = "Deployer", **parameters: Any) -> list[Document]:
        """The records of a cmdlet that must succeed."""
        answer = self.post(cmdlet, parameters, app=app)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"] if answer.content else []

    def refused(self, cmdlet: str, app: str = "Deployer", **parameters: Any) -> Refusal:
        """The refusal of a cmdlet that must fail."""
        answer = self.post(cmdlet, parameters, app=app)
        assert answer.status_code >= 400, answer.text
        _, type_, text = answer.json()["error"]["details"][0]["message"].split("|", 2)
        return Refusal(answer.status_code, type_.rpartition(".")[2], text)

    def warnings(self, cmdlet: str, **parameters: Any) -> list[str]:
        """The warnings of a cmdlet that must succeed."""
        return list(self.post(cmdlet, parameters).json()["@adminapi.warnings"])

    def members(self, group: str) -> list[str]:
        """The names of a group's direct members."""
        found = self.run("Get-DistributionGroupMember", Identity=group, ResultSize="Unlimited")
        return [member["Name"] for member in found]

    def app_id(self, app: str) -> str:
        """The client id of an app of the tenant."""
        apps = self.tenant.store.all("application")
        return str(next(found["appId"] for found in apps if found["displayName"] == app))

    def id_of(self, alias: str) -> str:
        """The object id of a mailbox or group."""
        recipients = self.tenant.store.all("recipient")
        return str(next(r["ExternalDirectoryObjectId"] for r in recipients if r["Alias"] == alias))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file with the tenant; making its keys takes a while."""
    folder = tmp_path_factory.mktemp("tenant")
    described, state = folder / "tenant.yaml", folder / "state.sqlite"
    described.write_text(TENANT_FILE, encoding="utf-8")
    store = Store(state)
    seed(store, read_tenant_file(described))
    store.close()
    return state


@pytest.fixture
def tenant(seeded: Path, tmp_path: Path) -> Iterator[Tenant]:
    """The tenant, fresh for each test."""
    store = Store(shutil.copy(seeded, tmp_path / "state.sqlite"))
    yield Tenant(store, "https://localhost:1")
    store.close()


@pytest.fixture
def exchange(tenant: Tenant) -> Exchange:
    """The admin endpoint of the tenant."""
    return Exchange(tenant)


@pytest.fixture
def add_recipient(tenant: Tenant) -> Callable[..., Document]:
    """Adds a recipient of any type."""

    def add(alias: str, details: str, **properties: Any) -> Document:
        id_ = stable_id("recipient", alias)
        document = {
            "Identity": alias,
            "Guid": stable_id("guid", alias),
            "ExternalDirectoryObjectId": id_,
            "Name": alias,
            "Alias": alias,
            "DisplayName": alias,
            "DistinguishedName": f"CN={alias}",
            "PrimarySmtpAddress": f"{alias}@{DOMAIN}",
            "EmailAddresses": [f"SMTP:{alias}@{DOMAIN}"],
            "RecipientType": details,
            "RecipientTypeDetails": details,
            **properties,
        }
        tenant.store.put("recipient", id_, document)
        return document

    return add


@pytest.fixture
def change_settings(tenant: Tenant) -> Callable[..., None]:
    """Changes settings of the tenant's head."""

    def change(**settings: Any) -> None:
        tenant.store.put("tenant", "tenant", tenant.settings | settings)

    return change
