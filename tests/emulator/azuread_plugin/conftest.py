from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
import urllib3

from emulator.azuread_plugin.graph import Graph
from emulator.azuread_plugin.servicer import AzureadServicer
from emulator.azuread_plugin.session import Session, Settings
from emulator.plugin.server import PluginServer
from emulator.server import EmulatedTenant
from tests.emulator.azuread_plugin.provider_client import ProviderClient


@pytest.fixture
def plugin_port(environ: dict[str, str]) -> Iterator[int]:
    plugin = PluginServer(AzureadServicer(environ))
    yield plugin.start()
    plugin.stop()


@pytest.fixture
def connect(plugin_port: int) -> Iterator[Callable[[], ProviderClient]]:
    """Further connections, not configured yet."""
    opened: list[ProviderClient] = []

    def open_() -> ProviderClient:
        opened.append(ProviderClient(plugin_port))
        return opened[-1]

    yield open_
    for client in opened:
        client.close()


@pytest.fixture
def provider(connect: Callable[[], ProviderClient]) -> ProviderClient:
    client = connect()
    client.configure()
    return client


@pytest.fixture
def graph(environ: dict[str, str]) -> Graph:
    """Graph as an administrator with the plugin's credentials uses it, next to the plugin."""
    return Graph(Session(Settings.read({}, environ)), minutes=5)


@pytest.fixture
def user_ids(graph: Graph) -> list[str]:
    """The object ids of some people in the tenant."""
    return [user["id"] for user in graph.list("/users")][:25]


@pytest.fixture
def requests_since(tenant: EmulatedTenant) -> Callable[[], list[str]]:
    """The requests since this fixture or its last call, as `METHOD path`.

    Asked over HTTPS: an entry is written after its answer, which the tenant finishes before the next one.
    """
    pool = urllib3.PoolManager(ca_certs=str(tenant.ca_bundle))
    position = 0

    def since() -> list[str]:
        nonlocal position
        answer = pool.request("GET", f"{tenant.url}/emulator/requests?after={position}").json()
        entries = answer["requests"]
        position = entries[-1]["position"] if entries else position
        return [f"{entry['method']} {entry['path']}" for entry in entries]

    since()
    return since


@pytest.fixture
def failing() -> Callable[..., Any]:
    """Call something that must fail, and hand back the error's one message."""

    def fail(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
        with pytest.raises(grpc.RpcError) as raised:
            call(*arguments, **named)
        message = str(raised.value.details())
        assert "Traceback" not in message
        assert "Exception calling application" not in message
        return message

    return fail
