"""The running tenant: what every service of the emulated cloud works on."""

from dataclasses import dataclass, field
from datetime import timedelta

from emulator.clock import EmulatedClock
from emulator.conditions import Conditions
from emulator.faults import Faults
from emulator.replication import Kind, Replication
from emulator.store import Document, Store


@dataclass(frozen=True)
class Tenant:
    """One emulated Microsoft 365 tenant, served on one port.

    `base_url` (https, no trailing slash) is the address of login, of Microsoft Graph and of the clock;
    Exchange has the other name of the same machine, because a token is for one service by its address.
    `latency` is how long each call is on its way, in seconds of this machine's clock.
    """

    store: Store
    base_url: str
    faults: Faults = field(default_factory=Faults)
    latency: float = 0.0
    replication: Replication = field(default_factory=Replication)
    _held: list[Conditions] = field(default_factory=list)

    @property
    def exchange_url(self) -> str:
        """The address of Exchange Online (https, no trailing slash)."""
        return self.base_url.replace("//localhost", "//127.0.0.1")

    @property
    def arm_url(self) -> str:
        """Azure Resource Manager: its address (https, no trailing slash), and its name in tokens."""
        return f"{self.base_url}/arm"

    @property
    def vault_suffix(self) -> str:
        """What follows a vault's name in its host."""
        return self.base_url.replace("https://", ".vault.")

    @property
    def vault_resource(self) -> str:
        """What key vaults are called in tokens."""
        return self.base_url.replace("//", "//vault.")

    def vault_url(self, name: str) -> str:
        """The address of a vault (https, no trailing slash)."""
        return f"https://{name}{self.vault_suffix}"

    @property
    def clock(self) -> EmulatedClock:
        """The tenant's time."""
        return EmulatedClock(self.store)

    @property
    def settings(self) -> Document:
        """The document that a tenant file's head became; LookupError when the store was never seeded."""
        settings = self.store.get("tenant", "tenant")
        if settings is None:
            raise LookupError("this store holds no tenant: seed it from a tenant file first")
        return settings

    @property
    def conditions(self) -> Conditions:
        """What holds now."""
        said = [conditions.said() for conditions in self._held]
        return Conditions(**{name: value for one in said for name, value in one.items()})

    def hold(self, conditions: Conditions) -> None:
        """Let conditions hold, beside those that hold already."""
        self._held.append(conditions)
        self.replication.slow_down(conditions.replication)

    def hold_nothing(self) -> None:
        """Let everything be as usual."""
        self._held.clear()
        self.replication.as_usual()

    def only_reads(self, client_id: str) -> bool:
        """Whether this app is the deployer, and its roles are swapped for reading ones."""
        return self.conditions.deployer_reads_only and client_id == self.settings["deployer"]

    def made(self, kind: Kind, id_: str) -> None:
        """An object came into being, and the directory begins to spread it."""
        self.replication.made(kind, id_, self.clock.now())

    def knows(self, kind: Kind, id_: str, purpose: str) -> bool:
        """Whether the copy of the directory that serves this request knows the object yet."""
        return self.replication.knows(kind, id_, purpose, self.clock)

    @property
    def id(self) -> str:
        """The tenant's GUID."""
        return str(self.settings["id"])

    @property
    def domain(self) -> str:
        """The tenant's mail domain."""
        return str(self.settings["domain"])

    @property
    def policy_delay(self) -> timedelta:
        """How long after Exchange's yes Microsoft Graph begins, or ceases, to enforce a policy."""
        return timedelta(seconds=self.settings["policyDelay"])
