"""What is there of a deployer, what is not, and what stands in the way: first read, then made by steps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from clock import Clock
from exchange import role_groups
from exchange.admin_api import ExchangeAdmin
from exchange.patience import looks, until_there
from graph import applications, custom_roles, directory_roles, registrations
from graph.api import SERVICE, GraphApi
from graph.applications import AppRoleAssignment
from graph.custom_roles import CustomRole
from graph.registrations import Registration, Service, Trust
from graph.service_principals import app_role_names
from permissions import EXCHANGE_APP_ID, GRAPH_APP_ID
from rights import On, Right, names
from roomctl import exchange_rights, own_application, secret_file
from roomctl.deployer_secret import DeployerSecret
from roomctl.new_trust import credential_name
from roomctl.own_application import NOTE
from roomctl.secret_file import SecretFile, SecretFileError
from wire import Invalid, NotFound

CUSTOM_ROLE = "PlaceOS Secret Rotation"
"""What lets an identity change one application's client secrets, and nothing else."""
_SERVICES = {On.GRAPH: GRAPH_APP_ID, On.EXCHANGE_ONLINE: EXCHANGE_APP_ID}

_T = TypeVar("_T")


@dataclass(frozen=True)
class Wanted:
    """The deployer that is asked for: signed in by `trust`, or by a secret that is written to `secret_file`.

    `owners` are object ids, and what each was asked for by. `directory_role` is the template id, and name, of
    what stands for the Exchange roles where those are not given by a role group. `rotates` is the object id
    of the application whose client secrets it may change, where it may.
    """

    name: str
    rights: tuple[Right, ...]
    owners: Mapping[str, str]
    trust: Trust | None
    secret_file: Path | None
    directory_role: tuple[str, str] | None
    rotates: str | None

    @property
    def exchange_roles(self) -> list[str]:
        """The roles of its role group; none where a directory role stands for them."""
        return [] if self.directory_role else sorted(names(self.rights, On.EXCHANGE_ROLE))


@dataclass(frozen=True)
class Step:
    """One thing that has to be there, and how it is made."""

    what: str
    value: str
    there: bool
    make: Callable[[], None]


@dataclass
class Plan:
    """A deployer as the tenant has it. Reading raises WireError; so does a step that is refused.

    `caller` is the object id of who runs this: whoever registers an application may become its owner.
    """

    graph: GraphApi
    exchange: ExchangeAdmin
    clock: Clock
    tenant_id: str
    caller: str
    wanted: Wanted
    findings: list[str] = field(default_factory=list)
    """What has to be settled by a person before anything is done."""
    registered: bool = False
    """Whether the application was made just now: who owns it may not be known everywhere yet."""
    object_id: str = ""
    app_id: str = ""
    principal_id: str = ""

    def steps(self) -> list[Step]:
        """Everything that the deployer takes, in the order in which it is made; the application is first.

        Each call looks anew, and what was found before is forgotten.
        """
        self.findings.clear()
        file = self._file()
        found = self._application(file)
        if found:
            self.object_id, self.app_id = found.object_id, found.app_id
            self.principal_id = found.principal.object_id if found.principal else ""
            self.findings += own_application.doubts(found, self.wanted.name, self.wanted.owners, self.caller)
        return [
            Step("application", self.wanted.name, bool(found), self._register),
            Step("service principal", self.wanted.name, bool(self.principal_id), self._add_principal),
            *self._consents(),
            *self._entra_roles(),
            *self._exchange_roles(),
            *self._sign_in(found, file),
            self._owners(found),
        ]

    def _application(self, file: SecretFile | None) -> Registration | None:
        """The one application that may be the deployer."""
        if self.object_id:
            return self._patiently(lambda: registrations.registration(self.graph, self.object_id))
        present: list[Registration] = []
        for _ in looks(self.clock):
            present = self._patiently(lambda: registrations.find_registrations(self.graph, self.wanted.name))
            if present or not (file and file.app_id):  # made a while ago at least
                break
        if len(present) > 1:
            self.findings.append(own_application.several(present, self.wanted.name))
        return present[0] if present else None

    def _register(self) -> None:
        self.object_id = self._patiently(lambda: registrations.register(self.graph, self.wanted.name, NOTE))
        self.registered = True

    def _add_principal(self) -> None:
        self.principal_id = self._patiently(
            lambda: registrations.add_service_principal(self.graph, self.app_id)
        )

    def _consents(self) -> Iterator[Step]:
        held = self._held()
        needed: set[tuple[str, str]] = set()
        for on, app_id in _SERVICES.items():
            service = registrations.service(self.graph, app_id)
            for name in names(self.wanted.rights, on):
                role = _role(service, on, name)
                needed.add((service.object_id, role))
                there = any((one.resource_id, one.role_id) == (service.object_id, role) for one in held)
                yield Step(str(on), name, there, self._consenting(service, role))
        besides = [one for one in held if (one.resource_id, one.role_id) not in needed]
        called = {id_: app_role_names(self.graph, id_) for id_ in {one.resource_id for one in besides}}
        for one in besides:
            name = called[one.resource_id].get(one.role_id) or f"app role {one.role_id}"
            self.findings.append(
                f"{name} on {one.resource_name} is granted and not needed: take it away in Entra, or name "
                "the option that needs it"
            )

    def _held(self) -> list[AppRoleAssignment]:
        if not self.principal_id:
            return []
        return self._patiently(lambda: applications.app_role_assignments(self.graph, self.principal_id))

    def _consenting(self, service: Service, role: str) -> Callable[[], None]:
        return lambda: self._patiently(
            lambda: registrations.consent(self.graph, self.principal_id, service.object_id, role)
        )

    def _entra_roles(self) -> Iterator[Step]:
        held = directory_roles.held(self.graph, self.principal_id) if self.principal_id else set()
        if self.wanted.directory_role:
            role, name = self.wanted.directory_role
            given = (role, directory_roles.WHOLE_TENANT)
            yield Step("Entra role", name, given in held, lambda: self._give(*given))
            held -= {given}
        if self.wanted.rotates:
            scope = directory_roles.of_application(self.wanted.rotates)
            custom = custom_roles.find(self.graph, CUSTOM_ROLE)
            yield self._custom_role(custom)
            given_on_it = custom is not None and (custom.id, scope) in held
            yield Step("that role on the application", self.wanted.rotates, given_on_it, self._let_rotate)
            held -= {(custom.id, scope)} if custom else set()
        called = directory_roles.names(self.graph) if held else {}
        self.findings += [
            f"the Entra role {called.get(role, role)} is given to it and not needed: take it away in Entra"
            for role, _ in sorted(held)
        ]

    def _custom_role(self, found: CustomRole | None) -> Step:
        actions = frozenset(names(self.wanted.rights, On.CREDENTIALS))
        if found and found.actions != actions:
            self.findings.append(
                f"the custom role {CUSTOM_ROLE} opens {', '.join(sorted(found.actions))}, and is to open "
                f"{', '.join(sorted(actions))}: correct or rename it in Entra, Roles & admins"
            )
        make = partial(custom_roles.make, self.graph, CUSTOM_ROLE, NOTE, actions)
        return Step("Entra role, for one application", CUSTOM_ROLE, found is not None, make)

    def _let_rotate(self) -> None:
        def give() -> None:
            custom = custom_roles.find(self.graph, CUSTOM_ROLE)
            if custom is None:
                raise NotFound(SERVICE, f"looking up the custom role {CUSTOM_ROLE}", "it is not there yet")
            self._give(custom.id, directory_roles.of_application(self.wanted.rotates or ""))

        self._patiently(give)

    def _give(self, role: str, scope: str) -> None:
        self._patiently(lambda: directory_roles.give(self.graph, self.principal_id, role, scope))

    def _exchange_roles(self) -> Iterator[Step]:
        roles = self.wanted.exchange_roles
        seen = exchange_rights.look(self.exchange, self.wanted.name, self.app_id, self.principal_id)
        self.findings += [*seen.doubts(roles), *seen.besides(roles)]
        if not roles:
            return
        missing = [role for role in roles if not (seen.group and role in seen.group.roles)]
        yield Step("Exchange role group", ", ".join(roles), not missing, lambda: self._make_group(missing))
        yield Step("member of that role group", self.wanted.name, seen.joined, self._join)

    def _make_group(self, missing: list[str]) -> None:
        role_groups.create(self.exchange, self.wanted.name, self.wanted.exchange_roles, NOTE)
        if missing != self.wanted.exchange_roles:
            for role in missing:
                role_groups.add_role(self.exchange, self.wanted.name, role)

    def _join(self) -> None:
        self._patiently(
            lambda: role_groups.introduce(self.exchange, self.app_id, self.principal_id, self.wanted.name)
        )
        self._patiently(lambda: role_groups.join(self.exchange, self.wanted.name, self.principal_id))

    def _sign_in(self, found: Registration | None, file: SecretFile | None) -> Iterator[Step]:
        trusted = (
            self._patiently(lambda: registrations.trusts(self.graph, self.object_id)) if found else set()
        )
        if others := sorted(
            f"{one.subject or 'an expression'} of {one.issuer} for {', '.join(one.audiences)}"
            for one in trusted - {self.wanted.trust}
        ):
            self.findings.append(
                f"the application trusts other pipelines too ({'; '.join(others)}): remove them in Entra, "
                "Certificates & secrets, Federated credentials"
            )
        if self.wanted.trust:
            if found and found.passwords:
                self.findings.append(
                    f"the application has client secrets, too ({len(found.passwords)}), and a pipeline needs "
                    "none: remove them in Entra, Certificates & secrets"
                )
            there = self.wanted.trust in trusted
            yield Step("federated credential", self.wanted.trust.subject, there, self._trust)
        if path := self.wanted.secret_file:
            if file:
                self.findings += self._secret(path).doubts(file)
            there = file is not None and bool(file.key_id)
            make = lambda: self._secret(path).write(file)  # noqa: E731
            yield Step("client secret, written to", str(path), there, make)

    def _trust(self) -> None:
        if trust := self.wanted.trust:
            name = credential_name(trust)
            self._patiently(lambda: registrations.add_trust(self.graph, self.object_id, name, trust))

    def _file(self) -> SecretFile | None:
        path = self.wanted.secret_file
        try:
            return secret_file.read(path) if path else None
        except SecretFileError as error:
            self.findings.append(str(error))
            return None

    def _secret(self, path: Path) -> DeployerSecret:
        return DeployerSecret(self.graph, self.clock, path, self.tenant_id, self.object_id, self.app_id)

    def _owners(self, found: Registration | None) -> Step:
        """Those who were asked for and no other: not whoever registers it either."""
        wanted, shown = set(self.wanted.owners), ", ".join(self.wanted.owners.values())
        settled = (
            found is not None
            and not self.registered
            and wanted == set(found.owners)
            and not (found.principal and found.principal.owners)
        )
        return Step("list of owners", shown or "empty", settled, self._settle_owners)

    def _settle_owners(self) -> None:
        for owner in self.wanted.owners:
            registrations.add_owner(self.graph, self.object_id, owner)
        registrations.remove_principal_owner(self.graph, self.principal_id, self.caller)
        if self.caller not in self.wanted.owners:  # last: it may have no other right to any of this
            registrations.remove_owner(self.graph, self.object_id, self.caller)

    def _patiently(self, act: Callable[[], _T]) -> _T:
        """What was made a moment ago may not be known everywhere yet."""
        return until_there(self.clock, act)


def _role(service: Service, on: On, name: str) -> str:
    if name not in service.roles:
        raise Invalid(
            str(on), f"looking up the permission {name}", "the service does not offer it in this tenant"
        )
    return service.roles[name]
