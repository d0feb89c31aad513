"""The end of a destroy: the policies and the group that bound what was left."""

import re
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange import groups, policies
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.records import AccessPolicy, SecurityGroup
from graph.api import GraphApi, current_graph
from graph.restorable import exists_or_restorable
from https_json import EndpointError
from roomctl.console import console, table, working
from roomctl.outcome import FOUND, could_not_look
from visible import visible
from wire import WireError


def finish_destroy(
    mark: Annotated[str, typer.Argument(help="The stack's mark, such as plc:1a2b3c4d.")],
    group: Annotated[str, typer.Option(help="Address of the room group.")],
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
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
    out = console()
    with working("Asking Exchange and Microsoft Graph"):
        every = policies.list_policies(exchange)
        # no stack makes one for every application, and without it some of them may open every mailbox
        left = [one for one in every if mark in one.description and one.app_id != "*"]
        group = groups.find(exchange, address)
        alive = [policy.app_id for policy in left if exists_or_restorable(graph, policy.app_id)]
    if group and mark not in group.notes:
        could_not_look(
            f"The notes of group {address} do not hold {mark}, so it is another stack's or nobody's. Nothing "
            "was removed. Check the mark and the address: pulumi destroy names both."
        )
    if others := _others_on(group, every, left):
        could_not_look(
            f"The group {address} is the scope of other policies, too, for {', '.join(others)}: without it "
            "they would open something else. Nothing was removed. Give those a group of their own first."
        )
    if not left and not group:
        out.print(f"Nothing of {mark} is left.", style="green", markup=False)
        return
    out.print(_table(left, group))
    if alive:
        out.print(
            f"\n[yellow]Nothing was removed:[/] {_cell(', '.join(alive))} exists or can still be restored, "
            "and these policies are what limits it. Delete it for good first (Entra, Deleted applications)."
        )
        raise typer.Exit(FOUND)
    if not yes and not typer.confirm("Remove these?"):
        raise typer.Exit(FOUND)
    with working("Removing"):
        for policy in left:
            policies.remove(exchange, policy.identity)
        if group:
            groups.remove(exchange, group.object_id)
    out.print(
        f"\nRemoved: access policies {len(left)}, groups {len([group] if group else [])}.", style="green"
    )


def _others_on(group: SecurityGroup | None, every: list[AccessPolicy], left: list[AccessPolicy]) -> list[str]:
    """The applications of the policies that hang on the group and are not to be removed with it."""
    return [
        one.app_id for one in every if group and one.group_object_id == group.object_id and one not in left
    ]


def _table(left: list[AccessPolicy], group: SecurityGroup | None) -> Table:
    rows = table()
    for policy in left:
        to_group = f" to group {policy.group_object_id}" if policy.group_object_id else ""
        rows.add_row("access policy", _cell(f"limits application {policy.app_id}{to_group}"))
    if group:
        rows.add_row("room group", _cell(f"{group.address}, {group.name}"))
    return rows


def _cell(text: str) -> str:
    """What Exchange answered, as it is: rich would take brackets for markup."""
    return escape(visible(text))
