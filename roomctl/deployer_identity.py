"""Who the variables sign in as: looked at before anything is asked in that name."""

import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from deployer import Deployer, DeployerError, current_deployer, require_one_identity
from graph import directory_roles
from graph.api import GraphApi
from graph.service_principals import display_name
from roomctl.look import Look, Row, Section, Service
from wire import NotAuthorised, WireError
from wire.claims import Claims, signed_in_claims
from wire.credentials import RenewableCredential

_PLAIN_APPLICATION = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
"""Every application's, which stands for no role (learn.microsoft.com/entra/identity-platform/
access-token-claims-reference, claim wids)."""
_NAMES = {
    directory_roles.EXCHANGE_ADMINISTRATOR: "Exchange Administrator",
    directory_roles.GLOBAL_READER: "Global Reader",
    directory_roles.GLOBAL_ADMINISTRATOR: "Global Administrator",
}
_WHY = "every call is made in its name"
_HOW = (
    "correct the variables (How it signs in, in docs/first-tenant.md); an administrator makes a deployer "
    "with roomctl create-deployer"
)


@dataclass
class Identity:
    """What is known of who deploys; it grows while it is looked at.

    on_graph, on_exchange: what the tokens say; None where there is no token, or none that can be read.
    signed_in: the services that gave a token.
    """

    deployer: Deployer | None = None
    name: str = ""
    tenant_name: str = ""
    on_graph: Claims | None = None
    on_exchange: Claims | None = None
    signed_in: set[Service] = field(default_factory=set)

    @property
    def client_id(self) -> str:
        """The application's, or ""."""
        if self.on_graph and self.on_graph.is_application:
            return self.on_graph.client_id
        return self.deployer.client_id if self.deployer else ""

    @property
    def tenant_id(self) -> str:
        """Where it deploys, or "" while that is not known."""
        return self.deployer.tenant_id if self.deployer else ""

    @property
    def called(self) -> str:
        """How an administrator finds it: by name or, while that is not known, by client id."""
        return self.name or self.client_id or "the deployer"

    @property
    def called_in_exchange(self) -> str:
        """The same of who asks Exchange, where EXCHANGE_CLIENT_ID makes that somebody else."""
        other = self.on_exchange.client_id if self.on_exchange else ""
        return self.called if other in ("", self.client_id) else other


def identify(
    identity: Identity,
    config: Mapping[str, str],
    graph: Callable[[], GraphApi],
    services: Collection[Service] = frozenset(Service),
) -> list[Row]:
    """Sign in to the services and say as whom; `config` is the stack's whole configuration by full key."""
    variables = Look(Section.IDENTITY, "identity", _WHY, partial(_chosen, identity, config))
    rows = variables.rows()
    deployer = identity.deployer
    if deployer is None:
        return rows
    to_graph = partial(_on_graph, identity, deployer)
    rows += Look(Section.IDENTITY, "sign-in to Microsoft Graph", _WHY, to_graph).rows()
    if Service.EXCHANGE in services:
        to_exchange = partial(_on_exchange, identity, deployer)
        rows += Look(Section.IDENTITY, "sign-in to Exchange", _WHY, to_exchange).rows()
    identity.name = _name(identity, graph)
    return rows


def _chosen(identity: Identity, config: Mapping[str, str], look: Look) -> Iterator[Row]:
    try:
        require_one_identity(config, os.environ)
        identity.deployer = current_deployer()
    except DeployerError as error:
        yield look.found(str(error), _HOW)
        return
    who = identity.deployer.client_id
    called = (
        f"the application with the client id {who}" if who else "whoever `az login` signed in, or a machine"
    )
    yield look.fine(f"{called}, in the tenant {identity.deployer.tenant_id}")


def _on_graph(identity: Identity, deployer: Deployer, look: Look) -> Iterator[Row]:
    identity.on_graph = yield from _signed_in(
        identity, deployer.credential, deployer.cloud.graph_scope, Service.GRAPH, look
    )


def _on_exchange(identity: Identity, deployer: Deployer, look: Look) -> Iterator[Row]:
    identity.on_exchange = yield from _signed_in(
        identity, deployer.exchange_credential, deployer.cloud.exchange_scope, Service.EXCHANGE, look
    )
    if claims := identity.on_exchange:
        roles = sorted(_NAMES.get(role, role) for role in claims.directory_roles - {_PLAIN_APPLICATION})
        of_roles = replace(
            look, about="directory roles", why="Exchange Administrator brings every Exchange role"
        )
        yield of_roles.fine(", ".join(roles) or "none, and none is needed")


def _signed_in(
    identity: Identity, credential: RenewableCredential, scope: str, service: Service, look: Look
) -> Generator[Row, None, Claims | None]:
    try:
        claims = signed_in_claims(credential, scope)
    except NotAuthorised as error:
        yield look.found(error.reason, error.advice or _HOW)
        return None
    identity.signed_in.add(service)
    if claims is None:
        yield look.not_looked("the token can't be read, so what it was given is not known", "look in Entra")
    elif not claims.is_application:
        yield look.fine("a person, with the rights of the person")
    else:
        yield look.fine(f"the service principal {claims.object_id}")
    return claims


def _name(identity: Identity, graph: Callable[[], GraphApi]) -> str:
    """Its display name, which helps whoever looks for it; "" when it can't be read."""
    if not (identity.client_id and Service.GRAPH in identity.signed_in):
        return ""
    try:
        return display_name(graph(), identity.client_id)
    except WireError:
        return ""
