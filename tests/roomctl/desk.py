"""An administrator at `roomctl create-deployer`, with the rights that the command names and no other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import deployer
from emulator.faults import Fault
from emulator.server import EmulatedTenant
from emulator.store import Document
from exchange.admin_api import ExchangeAdmin, current_exchange
from graph.api import GraphApi, current_graph
from rights import On
from roomctl import administrator
from roomctl.__main__ import cli
from tests.emulated import trusted_alone

NAME = "PlaceOS Deployer"
SUBJECT = "repo:contoso/rooms:environment:prod"
ADMINISTRATOR = "Tenant Administrator"


class Desk:
    """An administrator at the command, and a look behind it."""

    def __init__(self, tenant: EmulatedTenant) -> None:
        self.tenant, self.store = tenant, tenant.store

    def run(self, *arguments: str, answer: str = "") -> tuple[int, str]:
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()
        command = ["create-deployer", *arguments]
        done = CliRunner().invoke(cli, command, input=answer, env={"COLUMNS": "200"})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output + done.stderr

    def may(
        self, *, gives_directory_role: bool = False, names_owners: bool = False, **held: list[str]
    ) -> None:
        """The administrator has exactly the rights that the command names; `held` replaces those on Graph."""
        rights = administrator.rights(gives_directory_role=gives_directory_role, names_owners=names_owners)
        own = self.principal(ADMINISTRATOR)["id"]
        for consent in self.consents(own):
            self.store.delete("appRoleAssignment", consent["id"])
        for on in (On.GRAPH, On.EXCHANGE_ONLINE):
            for right in held.get("graph", rights[on]) if on is On.GRAPH else rights[on]:
                self.grant(own, on, right)
        for role in self.store.all("directoryRole"):
            kept = [member for member in role["members"] if member != own]
            self.store.put("directoryRole", role["id"], role | {"members": kept})
        group = {"Name": "Desk", "Guid": "desk", "Identity": "Desk", "Roles": rights[On.EXCHANGE_ROLE]}
        self.store.put("roleGroup", "desk", group | {"_members": [own]})

    def grant(self, principal: str, service: str, right: str) -> None:
        """A consent, by nobody's hand."""
        resource = next(one for one in self.store.all("servicePrincipal") if one["displayName"] == service)
        role = next(one["id"] for one in resource["appRoles"] if one["value"] == right)
        id_ = f"{principal}-{right}"
        self.store.put(
            "appRoleAssignment",
            id_,
            {
                "id": id_, "appRoleId": role, "principalId": principal, "principalType": "ServicePrincipal",
                "resourceId": resource["id"], "resourceDisplayName": service,
            },
        )  # fmt: skip

    def fault(self, cmdlet: str | None = None, path: str | None = None, **fault: Any) -> None:
        """The next such request goes wrong."""
        match = {name: fault.pop(name) for name in ("method", "query") if name in fault}
        self.tenant.faults.add(
            [Fault.model_validate({"match": {"cmdlet": cmdlet, "path": path, **match}, **fault})]
        )

    def writes(self) -> list[str]:
        """What was changed in the tenant so far."""
        reads = ("Get-", "Test-")
        return [
            one.get("cmdlet") or one["path"]
            for one in self.store.logged()
            if one["method"] != "GET"
            and not one["path"].endswith("/token")
            and not one.get("cmdlet", "").startswith(reads)
        ]

    def principal(self, name: str = NAME) -> Document:
        return next(one for one in self.store.all("servicePrincipal") if one["displayName"] == name)

    def applications(self) -> list[Document]:
        return [one for one in self.store.all("application") if one["displayName"] == NAME]

    def application(self) -> Document:
        [found] = self.applications()
        return found

    def change(self, kind: str, document: Document, **values: Any) -> None:
        """Somebody changes it behind the command's back."""
        self.store.put(kind, document["id"], document | values)

    def role_group(self, name: str = NAME) -> Document:
        [found] = [one for one in self.store.all("roleGroup") if one["Name"] == name]
        return found

    def secrets(self) -> list[str]:
        """The key ids of the deployer's client secrets."""
        return [one["keyId"] for one in self.application()["passwordCredentials"]]

    def person(self, alias: str = "ada.ashby") -> str:
        return next(one["id"] for one in self.store.all("user") if one["mailNickname"] == alias)

    def consents(self, principal: str) -> list[Document]:
        return [one for one in self.store.all("appRoleAssignment") if one["principalId"] == principal]

    def rights(self) -> dict[On, list[str]]:
        """What the deployer holds."""
        held: dict[On, list[str]] = {on: [] for on in On}
        own = self.principal()["id"]
        services = {one["id"]: one for one in self.store.all("servicePrincipal")}
        for consent in self.consents(own):
            service = services[consent["resourceId"]]
            [role] = [one["value"] for one in service["appRoles"] if one["id"] == consent["appRoleId"]]
            held[On(service["displayName"])].append(role)
        for group in self.store.all("roleGroup"):
            held[On.EXCHANGE_ROLE] += group["Roles"] if own in group["_members"] else []
        return {on: sorted(values) for on, values in held.items()}

    @property
    def graph(self) -> GraphApi:
        made = deployer.deployer_from_environment(self.tenant.environment_of(ADMINISTRATOR))
        return GraphApi(made.credential, made.cloud, made.clock)

    @property
    def exchange(self) -> ExchangeAdmin:
        return ExchangeAdmin(deployer.deployer_from_environment(self.tenant.environment_of(ADMINISTRATOR)))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with trusted_alone(EmulatedTenant()) as tenant:
        for name, value in tenant.environment_of(ADMINISTRATOR).items():
            monkeypatch.setenv(name, value)
        made = Desk(tenant)
        made.may()
        yield made
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()


def exported(path: Path) -> dict[str, str]:
    """The variables that the file sets."""
    return dict(re.findall(r"^export (\w+)='?([^'\n]*)'?$", path.read_text(), re.MULTILINE))
