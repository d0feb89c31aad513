"""The end of a destroy: the policies and the group that bound what was left."""

import re
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange import groups, policies
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.records import AccessPolicy, SecurityGroup
from graph.api import GraphApi, current_graph
from graph.restorable import exists_or_restorable
from https_json import EndpointError
from roomctl.outcome import FOUND, could_not_look
from visible import visible
from wire import WireError


def finish_destroy(
    mark: Annotated[str, typer.Argument(help="The stack's mark, such as plc:1a2b3c4d.")],
    group: Annotated[str, typer.Option(help="Address of the room group.")],
    yes: Annotated[bool, typer.Option(help="Remove without asking.")] = False,
) -> None:
    """Remove the access policies and the room group that `pulumi destroy` kept.

    Refused while an application that a policy names exists, or is deleted and could be restored.
    """
    if not re.fullmatch(r"plc:[0-9a-f]{8}", mark):  # a part of a mark would be found in those of other stacks
        raise typer.BadParameter("a mark is plc: and eight digits or letters a to f; pulumi destroy names it")
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
        could_not_look(
            f"The notes of group {address} do not hold {mark}, so it is another stack's or nobody's. Nothing "
            "was removed. Check the mark and the address: pulumi destroy names both."
        )
    if not left and not group:
        console.print(f"Nothing of {mark} is left.", markup=False)
        return
    console.print(_table(left, group))
    alive = [policy.app_id for policy in left if exists_or_restorable(graph, policy.app_id)]
    if alive:
        console.print(
            f"[red]Nothing was removed:[/] {_cell(', '.join(alive))} exists or can still be restored, and "
            "these policies are what limits it. Delete it for good first (Entra, Deleted applications)."
        )
        raise typer.Exit(FOUND)
    if not yes and not typer.confirm("Remove these?"):
        raise typer.Exit(FOUND)
    for policy in left:
        policies.remove(exchange, policy.identity)
    if group:
        groups.remove(exchange, group.object_id)
    console.print(f"Removed: access policies {len(left)}, groups {len([group] if group else [])}.")


def _table(left: list[AccessPolicy], group: SecurityGroup | None) -> Table:
    table = Table("what", "identity", "limits")
    for policy in left:
        table.add_row("access policy", _cell(policy.identity), _cell(f"application {policy.app_id}"))
    if group:
        table.add_row("group", _cell(group.address), _cell(group.name))
    return table


def _cell(text: str) -> str:
    """What Exchange answered, as it is: rich would take brackets for markup."""
    return escape(visible(text))
