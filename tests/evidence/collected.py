"""Evidence of a stack's objects, collected without the engine by an identity of the emulated tenant."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from deployer import Deployer, deployer_from_environment
from drift.report import report
from drift.tenant import Tenant
from evidence.collect import collect
from evidence.evidence import Evidence, Secret, Secrets, Subject
from evidence.looking import Looking
from evidence.off_boarding import Beside, Vault
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from resource_manager.key_vault import KeyVault
from tests.drift.made import Made

ROOM = "lon-01-effra@contoso.example"
PROOF = {"allowed": [ROOM], "refused": ["ada.ashby@contoso.example"], "since": "2026-11-21T12:00:00Z"}


@dataclass
class Collecting:
    """Who collects, and what the stack has beside the tenant."""

    made: Made
    who: str = "Reader"
    code: dict[str, Any] = field(default_factory=dict)
    vault: Callable[[], KeyVault] | None = None
    updates: int | None = 3
    secret_name: str = "placeos slot 0"
    has_log: bool = True

    @property
    def looking(self) -> Deployer:
        """The identity."""
        return deployer_from_environment(self.made.emulated.tenant.environment_of(self.who))

    def evidence(self) -> Evidence:
        """What it is told now."""
        by = self.looking
        graph = GraphApi(by.credential, by.cloud, by.clock)
        tenant = Tenant(by.tenant_id, graph, ExchangeAdmin(by), replace(self.made.code, **self.code))
        code, now = tenant.code, by.clock.now()
        subject = Subject(
            stack=code.stack, tenant_id=by.tenant_id, application=code.name, client_id=code.client_id,
            application_id=code.application, principal_id=code.principal, own=not code.existing,
            written=now, written_by=by.client_id,
        )  # fmt: skip
        secret = Secret(
            "current", self.secret_name, "11111111-2222-4333-8444-555555555555", "2027-01-01", "", ""
        )
        vault = Vault("contoso-vault", "placeos-client-secret", self.vault) if self.vault else None
        told = report(tenant, (), (), now.date())
        secrets = Secrets((secret,), log_read=self.has_log, has_log=self.has_log)
        beside = Beside([ROOM], 48, vault, self.updates, by.client_id)
        return collect(tenant, told, subject, (PROOF, None), secrets, beside, Looking(tenant))
