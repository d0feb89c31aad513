"""The end of a destroy: the policies and the group that bound what was left."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange import groups, policies
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.records import AccessPolicy, SecurityGroup
from graph.api import GraphApi, current_graph
from graph.restorable import exists_or_restorable
from https_json import EndpointError
from roomctl.outcome import FOUND, could_not_look
from wire import WireError


def finish_destroy(
    mark: Annotated[str, typer.Argument(help="The stack's mark, such as plc:1a2b3c4d.")],
    group: Annotated[str, typer.Option(help="Address of the room group.")],
    yes: Annotated[bool, typer.Option(help="Remove without asking.")] = False,
) -> None:
    """Remove the access policies and the room group that `pulumi destroy` kept.

    Refused while an application that a policy names exists, or is deleted and could be restored.
    """
    try:
        current_deployer()
        _finish(current_exchange(), current_graph(), mark, group, yes)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))


def _finish(exchange: ExchangeAdmin, graph: GraphApi, mark: str, address: str, yes: bool) -> None:
    console = Console()
    left = [policy for policy in policies.list_policies(exchange) if mark in policy.description]
    group = groups.find(exchange, address)
    if group and mark not in group.notes:
        could_not_look(f"group {address} does not carry {mark}; nothing was removed")
    if not left and not group:
        console.print(f"Nothing of {mark} is left.")
        return
    console.print(_table(left, group))
    alive = [policy.app_id for policy in left if exists_or_restorable(graph, policy.app_id)]
    if alive:
        console.print(
            f"[red]Nothing was removed:[/] {', '.join(alive)} exists or can still be restored, and these "
            "policies are what limits it. Delete it for good first (Entra, Deleted applications)."
        )
        raise typer.Exit(FOUND)
    if not yes and not typer.confirm("Remove these?"):
        raise typer.Exit(FOUND)
    for policy in left:
        policies.remove(exchange, policy.identity)
    if group:
        groups.remove(exchange, group.object_id)
    console.print(f"Removed {len(left)} policies and {1 if group else 0} group.")


def _table(left: list[AccessPolicy], group: SecurityGroup | None) -> Table:
    table = Table("what", "identity", "limits")
    for policy in left:
        table.add_row("access policy", policy.identity, f"application {policy.app_id}")
    if group:
        table.add_row("group", group.address, group.name)
    return table
