from collections.abc import Callable, Iterator

import pytest

from emulator.azure_native_plugin.servicer import AzureNativeServicer
from emulator.plugin.server import PluginServer
from emulator.server import EmulatedTenant
from tests.emulated_vault import Ask, asking_vault
from tests.emulator.azuread_plugin.provider_client import ProviderClient


@pytest.fixture
def environ(tenant: EmulatedTenant) -> dict[str, str]:
    """The deployer's environment; nothing really waits."""
    subscription = tenant.tenant.settings["subscription"]
    return {**tenant.environment, "ARM_SUBSCRIPTION_ID": subscription, "STANDIN_POLL_SECONDS": "0"}


@pytest.fixture
def connect(environ: dict[str, str]) -> Iterator[Callable[[], ProviderClient]]:
    """Connections to the stand-in, not configured yet."""
    plugin = PluginServer(AzureNativeServicer(environ))
    port = plugin.start()
    opened: list[ProviderClient] = []

    def open_() -> ProviderClient:
        opened.append(ProviderClient(port, lambda type_: f"urn:pulumi:dev::rooms::{type_}::it"))
        return opened[-1]

    yield open_
    for client in opened:
        client.close()
    plugin.stop()


@pytest.fixture
def provider(connect: Callable[[], ProviderClient]) -> ProviderClient:
    client = connect()
    client.configure()
    return client


@pytest.fixture
def operator(tenant: EmulatedTenant) -> Ask:
    """PlaceOS's operator at the vault."""
    return asking_vault(tenant, "PlaceOS Operator")
