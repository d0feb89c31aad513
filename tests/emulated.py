"""An emulated tenant of a test's own, and our clients as its deployer."""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from unittest import mock

import pytest
from azure.core.credentials import AccessToken

from deployer import Deployer, deployer_from_environment
from emulator.faults import Fault
from emulator.server import EmulatedTenant
from emulator.tenant import Tenant
from emulator.tokens import LIFETIME, Token, signed
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from resource_manager.api import ResourceManager
from wire.credentials import RenewableCredential

_Started = TypeVar("_Started")
_NOBODY = "e0e0e0e0-0000-4000-8000-000000000000"
_GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


@contextmanager
def trusted_alone(starting: AbstractContextManager[_Started]) -> Iterator[_Started]:
    """A tenant, or what has one, whose authority is all that its clients trust.

    The machine's own, some 150, would be read at each connection, which takes longer than most calls.
    """
    with ExitStack() as stack:
        with mock.patch.dict(os.environ, SSL_CERT_FILE=os.devnull):
            started = stack.enter_context(starting)
        yield started


@dataclass
class Emulated:
    """The tenant and who deploys into it."""

    tenant: EmulatedTenant
    deployer: Deployer

    @property
    def exchange(self) -> ExchangeAdmin:
        return ExchangeAdmin(self.deployer)

    @property
    def graph(self) -> GraphApi:
        return GraphApi(self.deployer.credential, self.deployer.cloud, self.deployer.clock)

    @property
    def azure(self) -> ResourceManager:
        return ResourceManager(self.deployer.credential, self.deployer.cloud, self.deployer.clock)

    @property
    def administrator(self) -> "Emulated":
        """The same tenant for somebody with every right, who stands nowhere in it.

        `emulated.administrator.graph.post(…)`, `emulated.administrator.exchange.run(…)`.
        """
        credential = RenewableCredential(lambda: _EveryRight(self.tenant.tenant))
        return Emulated(
            self.tenant, replace(self.deployer, credential=credential, exchange_credential=credential)
        )

    def fault(self, cmdlet: str | None = None, path: str | None = None, **fault: Any) -> None:
        """The next call of the cmdlet, or to the path, goes wrong."""
        match = {"cmdlet": cmdlet, "path": path}
        self.tenant.faults.add([Fault.model_validate({"match": match, **fault})])

    def calls(self, cmdlet: str) -> int:
        """How often the cmdlet was called."""
        return sum(entry.get("cmdlet") == cmdlet for entry in self.tenant.store.logged())


class _EveryRight:
    """Signs in as nobody of the tenant, with every permission there is and as Global Administrator."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        services = self._tenant.store.all("servicePrincipal")
        permissions = {role["value"] for service in services for role in service.get("appRoles", [])}
        token = Token(_NOBODY, _NOBODY, frozenset(permissions), frozenset({_GLOBAL_ADMINISTRATOR}))
        text = signed(self._tenant, token, scopes[0].removesuffix("/.default"), LIFETIME)
        return AccessToken(text, int(time.time() + LIFETIME.total_seconds()))


@pytest.fixture
def emulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    with trusted_alone(EmulatedTenant()) as tenant:
        for name, value in tenant.environment.items():
            monkeypatch.setenv(name, value)
        yield Emulated(tenant, deployer_from_environment(tenant.environment))
