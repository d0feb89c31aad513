"""What is there of a deployer, what is not, and what stands in the way: first read, then made by steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from clock import Clock
from exchange import role_groups
from exchange.admin_api import ExchangeAdmin
from exchange.patience import until_there
from graph import applications, directory_roles, registrations
from graph.api import GraphApi
from graph.registrations import Registration, Service, Trust
from permissions import GRAPH_APP_ID
from pipeline_subject import credential_name
from rights import On, Right, names
from roomctl.private_file import new_private_file

_SERVICES = {On.GRAPH: GRAPH_APP_ID, On.EXCHANGE_ONLINE: "00000002-0000-0ff1-ce00-000000000000"}
_SECRET_LIFETIME = timedelta(days=90)
_NOTES = "Made by roomctl create-deployer."

_T = TypeVar("_T")


class ExchangeBy(StrEnum):
    """How the deployer gets its Exchange roles."""

    ROLE_GROUP = "role-group"
    DIRECTORY_ROLE = "directory-role"


@dataclass(frozen=True)
class Wanted:
    """The deployer that is asked for: signed in by `trust`, or by a secret that is written to `secret_file`.

    `directory_role` is the template id, and name, of what stands for the Exchange roles where those are not
    given by a role group.
    """

    name: str
    rights: tuple[Right, ...]
    owners: tuple[str, ...]
    trust: Trust | None
    secret_file: Path | None
    directory_role: tuple[str, str] | None


@dataclass(frozen=True)
class Step:
    """One thing that has to be there, and how it is made."""

    what: str
    value: str
    there: bool
    make: Callable[[], None]


@dataclass
class Plan:
    """A deployer as the tenant has it. Reading raises WireError; so does a step that is refused."""

    graph: GraphApi
    exchange: ExchangeAdmin
    clock: Clock
    tenant_id: str
    wanted: Wanted
    findings: list[str] = field(default_factory=list)
    """What has to be settled by a person before anything is done."""
    object_id: str = ""
    app_id: str = ""
    principal_id: str = ""

    def steps(self) -> list[Step]:
        """Everything that the deployer takes, in the order in which it is made."""
        present = registrations.find_registrations(self.graph, self.wanted.name)
        if len(present) > 1:
            self.findings.append(f"{len(present)} applications are called {self.wanted.name}; choose another")
        found = present[0] if present else None
        if found:
            self.object_id, self.app_id, self.principal_id = found.object_id, found.app_id, found.principal_id
            self._look_at_owners(found)
        return [
            Step("application", self.wanted.name, bool(found), self._register),
            Step("service principal", self.wanted.name, bool(self.principal_id), self._add_principal),
            *self._consents(),
            *self._exchange_roles(),
            *self._sign_in(found),
        ]

    def _look_at_owners(self, found: Registration) -> None:
        others = sorted(set(found.owners) - set(self.wanted.owners))
        if others:
            self.findings.append(
                f"the application has other owners, who could sign in as it ({', '.join(others)}): name them "
                "with --owner, or take them out"
            )
        if missing := sorted(set(self.wanted.owners) - set(found.owners)):
            self.findings.append(
                f"{', '.join(missing)} must be made an owner in Entra: the application exists"
            )

    def _register(self) -> None:
        self.object_id, self.app_id = registrations.register(
            self.graph, self.wanted.name, _NOTES, list(self.wanted.owners)
        )

    def _add_principal(self) -> None:
        self.principal_id = self._patiently(
            lambda: registrations.add_service_principal(self.graph, self.app_id)
        )

    def _consents(self) -> Iterator[Step]:
        held = applications.app_role_assignments(self.graph, self.principal_id) if self.principal_id else []
        for on, app_id in _SERVICES.items():
            service = registrations.service(self.graph, app_id)
            granted = {one.role_id for one in held if one.resource_id == service.object_id}
            asked = names(self.wanted.rights, on)
            for name in asked:
                yield Step(str(on), name, service.roles[name] in granted, self._consenting(service, name))
            for name, role_id in service.roles.items():
                if role_id in granted and name not in asked:
                    self.findings.append(f"{name} on {on} is granted and not needed: take it away in Entra")

    def _consenting(self, service: Service, name: str) -> Callable[[], None]:
        def grant() -> None:
            role = service.roles[name]
            self._patiently(
                lambda: registrations.consent(self.graph, self.principal_id, service.object_id, role)
            )

        return grant

    def _exchange_roles(self) -> Iterator[Step]:
        if self.wanted.directory_role:
            role, name = self.wanted.directory_role
            has = bool(self.principal_id) and directory_roles.holds(self.graph, self.principal_id, role)
            yield Step("Entra role", name, has, lambda: self._give(role))
            return
        roles = sorted(names(self.wanted.rights, On.EXCHANGE_ROLE))
        group = role_groups.find(self.exchange, self.wanted.name)
        if group and list(group.roles) != roles:
            self.findings.append(
                f"the role group {group.name} has the roles {', '.join(group.roles)}, not {', '.join(roles)}"
            )
        if group and group.members - {self.principal_id}:
            self.findings.append(f"the role group {group.name} has other members than the deployer")
        yield Step(
            "Exchange role group", ", ".join(roles), group is not None, lambda: self._make_group(roles)
        )
        joined = group is not None and self.principal_id in group.members
        yield Step("member of that role group", self.wanted.name, joined, self._join)

    def _give(self, role: str) -> None:
        self._patiently(lambda: directory_roles.give(self.graph, self.principal_id, role))

    def _make_group(self, roles: list[str]) -> None:
        role_groups.create(self.exchange, self.wanted.name, roles)

    def _join(self) -> None:
        self._patiently(
            lambda: role_groups.introduce(self.exchange, self.app_id, self.principal_id, self.wanted.name)
        )
        self._patiently(lambda: role_groups.join(self.exchange, self.wanted.name, self.principal_id))

    def _sign_in(self, found: Registration | None) -> Iterator[Step]:
        trusted = registrations.trusts(self.graph, self.object_id) if found else set()
        if others := trusted - {self.wanted.trust}:
            subjects = ", ".join(sorted(one.subject for one in others))
            self.findings.append(f"the application trusts other pipelines too: {subjects}")
        secrets = len(found.secret_names) if found else 0
        if self.wanted.trust:
            if secrets:
                self.findings.append(f"the application has client secrets, too: {secrets}")
            there = self.wanted.trust in trusted
            yield Step("federated credential", self.wanted.trust.subject, there, self._trust)
        if path := self.wanted.secret_file:
            exists = path.exists()
            if exists and not (found and f"ARM_CLIENT_ID={found.app_id}\n" in path.read_text("utf-8")):
                self.findings.append(f"{path} exists and is not this application's: name another file")
            elif exists and not secrets:
                self.findings.append(f"the secret in {path} is gone: remove the file")
            yield Step("client secret, written to", str(path), exists, lambda: self._write_secret(path))

    def _trust(self) -> None:
        if trust := self.wanted.trust:
            name = credential_name(trust.subject)
            self._patiently(lambda: registrations.add_trust(self.graph, self.object_id, name, trust))

    def _write_secret(self, path: Path) -> None:
        with new_private_file(path) as file:
            ends = self.clock.now() + _SECRET_LIFETIME
            made = self._patiently(
                lambda: applications.add_password(
                    self.graph, self.object_id, display_name=f"until {ends:%Y-%m-%d}", ends=ends
                )
            )
            file.write(
                f"export ARM_TENANT_ID={self.tenant_id}\nexport ARM_CLIENT_ID={self.app_id}\n"
                f"export ARM_CLIENT_SECRET='{made.secret}'\n"
            )

    def _patiently(self, act: Callable[[], _T]) -> _T:
        """What was made a moment ago may not be known everywhere yet."""
        return until_there(self.clock, act)
