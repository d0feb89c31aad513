"""An emulated tenant of a test's own, and our clients as its deployer."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest import mock

import pytest

from deployer import Deployer, deployer_from_environment
from emulator.faults import Fault
from emulator.server import EmulatedTenant
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from resource_manager.api import ResourceManager

_Started = TypeVar("_Started")


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

    def fault(self, cmdlet: str | None = None, path: str | None = None, **fault: Any) -> None:
        """The next call of the cmdlet, or to the path, goes wrong."""
        match = {"cmdlet": cmdlet, "path": path}
        self.tenant.faults.add([Fault.model_validate({"match": match, **fault})])

    def calls(self, cmdlet: str) -> int:
        """How often the cmdlet was called."""
        return sum(entry.get("cmdlet") == cmdlet for entry in self.tenant.store.logged())


@pytest.fixture
def emulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    with trusted_alone(EmulatedTenant()) as tenant:
        for name, value in tenant.environment.items():
            monkeypatch.setenv(name, value)
        yield Emulated(tenant, deployer_from_environment(tenant.environment))
