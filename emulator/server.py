"""The emulated tenant as a server: one TLS port on this machine, in a thread of this process."""

import asyncio
import os
import socket
import ssl
import tempfile
import threading
from asyncio import BaseTransport
from pathlib import Path
from types import TracebackType
from typing import Self

import certifi
import trustme
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from emulator import managed_identity
from emulator.app import make_app
from emulator.clock import EmulatedClock
from emulator.faults import Faults
from emulator.replication import Replication
from emulator.seeding import seed
from emulator.store import Document, Store
from emulator.tenant import Tenant
from emulator.tenants import CONTOSO, TenantFileError, read_tenant_file


class Protocol(H11Protocol):
    """HTTP whose connection an application can drop: `scope["state"]["abort"]()`."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Give the application the means; uvicorn narrows the parameter's type, asyncio doesn't."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self.app_state = {**self.app_state, "abort": self.transport.abort}


class _Server(uvicorn.Server):
    """A server that says when it can be reached, and ends at once: uvicorn's takes two tenths of a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.reachable = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self.reachable.set()

    def end(self) -> None:
        """Serve no more; to be called from another thread, once it is reachable."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def main_loop(self) -> None:
        ticking = asyncio.create_task(super().main_loop())
        await self._over.wait()
        ticking.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        # an idle TLS connection is not closed until its client says so, which it may never do
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)


def _listen() -> socket.socket:
    """A socket on a free port of this machine.

    Said to be TCP, since asyncio sends without delay only then: else each answer takes 40 ms.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    return listening


class EmulatedTenant:
    """A tenant that is served while the context is open.

    `state` is the SQLite file that keeps it between runs (none: in memory only); `tenant_file` describes
    a new one; `latency` (seconds) is how long each call is on its way. TenantFileError when the file is
    wrong, or when the state holds another tenant.
    """

    def __init__(
        self, tenant_file: Path | None = None, state: Path | None = None, *, latency: float = 0.0
    ) -> None:
        self._tenant_file, self._state, self._latency = tenant_file, state, latency

    def __enter__(self) -> Self:
        """Open or seed the tenant and serve it on a free port."""
        self._folder = tempfile.TemporaryDirectory(prefix="emulated-tenant-")
        self.store = self._open_store()
        listening = _listen()
        base_url = f"https://localhost:{listening.getsockname()[1]}"
        lag = Replication((self.store.get("tenant", "tenant") or {}).get("replicationLag"))
        self.tenant = Tenant(self.store, base_url, latency=self._latency, replication=lag)
        self._server = _Server(self._configuration())
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="emulated tenant", daemon=True
        )
        self._thread.start()
        self._server.reachable.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving; what was written stays in the state file."""
        self.faults.clear()  # or what is held would never end
        self._server.end()
        self._thread.join()
        self.store.close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """The address of login, Graph and control plane (https, no trailing slash)."""
        return self.tenant.base_url

    @property
    def clock(self) -> EmulatedClock:
        """The tenant's time."""
        return self.tenant.clock

    @property
    def faults(self) -> Faults:
        """The plan of faults."""
        return self.tenant.faults

    @property
    def ca_bundle(self) -> Path:
        """A file with the machine's roots and the authority that signed this server's certificate."""
        return Path(self._folder.name) / "ca.pem"

    @property
    def environment(self) -> dict[str, str]:
        """What the deployer needs: endpoints, its credentials and the CA bundle. It holds a secret."""
        client_id = self.tenant.settings["deployer"]
        return self._environment(
            next(app for app in self.store.all("application") if app["appId"] == client_id)
        )

    def environment_of(self, name: str) -> dict[str, str]:
        """The same for the application of this name, or the managed identity, which has no secret.

        TenantFileError when no application of the name has a secret, or several are called so.
        """
        for principal in self.store.all("servicePrincipal"):
            if (principal["displayName"], principal.get("servicePrincipalType")) == (name, "ManagedIdentity"):
                return self._endpoints() | {
                    "ARM_CLIENT_ID": principal["appId"],
                    "ARM_USE_MSI": "true",
                    "ARM_MSI_ENDPOINT": f"{self.url}{managed_identity.MACHINE}",
                }
        found = [app for app in self.store.all("application") if app["displayName"] == name]
        if len(found) != 1 or not found[0]["_secrets"]:
            having = sorted(app["displayName"] for app in self.store.all("application") if app["_secrets"])
            raise TenantFileError(f"{name!r} is no application with a secret: {', '.join(having)}")
        return self._environment(found[0])

    def _environment(self, application: Document) -> dict[str, str]:
        return self._endpoints() | {
            "ARM_CLIENT_ID": application["appId"],
            "ARM_CLIENT_SECRET": list(application["_secrets"].values())[-1],
        }

    def _endpoints(self) -> dict[str, str]:
        host = self.url.removeprefix("https://")
        direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), "localhost,127.0.0.1"]))
        return {
            "ARM_METADATA_HOSTNAME": host,
            "ARM_TENANT_ID": self.tenant.id,
            "ARM_USE_CLI": "false",
            "EXCHANGE_ENDPOINT": self.tenant.exchange_url,
            "CLOCK_ENDPOINT": f"{self.url}/emulator/clock",
            **dict.fromkeys(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"], str(self.ca_bundle)),
            **dict.fromkeys(["NO_PROXY", "no_proxy"], direct),
        }

    def _open_store(self) -> Store:
        if self._state is None:
            store = Store()
        else:
            self._state.parent.mkdir(parents=True, exist_ok=True)
            self._state.touch(mode=0o600)  # keys and secrets are in it
            store = Store(self._state)
        held = store.get("tenant", "tenant")
        if held is None:
            seed(store, read_tenant_file(self._tenant_file or CONTOSO))
        elif self._tenant_file is not None:
            described = read_tenant_file(self._tenant_file)
            if described.id_of("tenant") != held["id"]:
                raise TenantFileError(
                    f"{self._state} holds the tenant {held['domain']}, not {described.domain} of "
                    f"{self._tenant_file}: give another state file, or remove this one to start afresh"
                )
        return store

    def _configuration(self) -> uvicorn.Config:
        kept = self.store.get("key", "authority") or {}
        authority = trustme.CA.from_pem(kept["certificate"].encode(), kept["pem"].encode())
        roots = Path(
            os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or certifi.where()
        )
        self.ca_bundle.write_bytes(roots.read_bytes() + b"\n" + authority.cert_pem.bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1", "*.vault.localhost").configure_cert(context)
        return uvicorn.Config(
            make_app(self.tenant),
            http=Protocol,
            ssl_context_factory=lambda _config, _default: context,
            lifespan="off",
            log_level="error",
            timeout_keep_alive=120,
            timeout_graceful_shutdown=2,
        )
