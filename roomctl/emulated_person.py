"""Who does on an emulated tenant what a run waits for, with the rights of its deployer."""

from collections.abc import Iterable, Mapping

import permissions
from clock import clock_from_environment
from deployer import deployer_from_environment
from graph.api import GraphApi
from graph.registrations import consent, service
from roomctl.emulated_tenant import only


def consent_to(environment: Mapping[str, str], principal: str, names: Iterable[str]) -> None:
    """Grant the service principal these permissions on Microsoft Graph; raises WireError when it can't."""
    with only(environment):
        deployer = deployer_from_environment()
        graph = GraphApi(deployer.credential, deployer.cloud, deployer.clock)
        asked = service(graph, permissions.GRAPH_APP_ID)
        for name in names:
            consent(graph, principal, asked.object_id, asked.roles[name])


def let_pass(environment: Mapping[str, str], seconds: float) -> None:
    """Let so much of the tenant's time pass."""
    with only(environment):
        clock_from_environment().sleep(seconds)
