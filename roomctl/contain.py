"""A leaked secret: the end of one key, or, in the worst hour, of every way to sign in as PlaceOS."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from deployer import Deployer, DeployerError, current_deployer
from graph import containment
from graph.api import GraphApi, current_graph
from graph.containment import Closing, Containment, WaysIn
from https_json import EndpointError
from moments import instant
from roomctl.console import console, table, working
from roomctl.outcome import FOUND, could_not_look
from roomctl.still_works import tell_still_works
from roomctl.which_application import WHO_MAY, ClientId, KeyId, StackName, Which, which_application
from visible import visible
from wire import NotAuthorised, WireError

LeftOpen = tuple[str, WireError]
"""A way in that is still open, and why."""


def contain(
    key: KeyId = None,
    stack: StackName = None,
    client_id: ClientId = None,
    yes: Annotated[bool, typer.Option("--yes", help="Contain without asking.")] = False,
) -> None:
    """Stop a leak: everything by which PlaceOS signs in is closed at once, until `roomctl resume`.

    With --key only one client secret is removed. Neither asks Exchange, or takes a run of Pulumi.
    """
    which = which_application(stack, client_id)
    try:
        deployer, graph = current_deployer(), current_graph()
        with working("Asking Microsoft Graph"):
            ways = containment.ways_in(graph, which.looked_up(graph))
        left_open = _contain(deployer, graph, ways, yes) if key is None else _remove(graph, ways, key)
        tell_still_works(graph, deployer.clock, ways)
    except NotAuthorised as error:
        could_not_look(f"{error} {WHO_MAY}")
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    if key is None and containment.STOPPING in (what for what, _ in left_open):
        _say(f"\npulumi up is NOT stopped: the mark could not be written. {WHO_MAY}")
    elif key is None:
        _say(
            f"\npulumi up stops until then. Once the leak is closed:\n  roomctl resume {which.chosen}\n"
            f"Or, to give it up for good:\n  pulumi destroy --refresh{which.stack}"
        )
    else:
        _say(f"\nNext, a new secret, and then PlaceOS gets it:\n  {_remedy(which)}")
    if left_open:
        told = "\n".join(f"  {what}: {error}" for what, error in left_open)
        could_not_look(f"still open; run the same command again:\n{told}")


def _remove(graph: GraphApi, ways: WaysIn, key_id: str) -> list[LeftOpen]:
    """Remove one client secret; what was not done, and why."""
    key_id = key_id.lower()
    held = {one.key_id: one for one in ways.application.secrets}
    if key_id not in held:
        known = "\n".join(
            f"  {one.key_id}  {one.display_name!r}, ends {instant(one.expires) if one.expires else 'never'}"
            for one in held.values()
        )
        could_not_look(
            f"{ways.name} has no client secret {key_id}; nothing was removed. "
            + (f"It has:\n{known}" if known else "It has none at all.")
        )
    return list(_closed(containment.removal(graph, ways, held[key_id])))


def _remedy(which: Which) -> str:
    return f"pulumi up --refresh{which.stack}\n  roomctl handover{which.stack}"


def _contain(deployer: Deployer, graph: GraphApi, ways: WaysIn, yes: bool) -> list[LeftOpen]:
    """Close everything; what is still open, and why."""
    mark = Containment(instant(deployer.clock.now()), _who(deployer))
    todo = list(containment.closings(graph, ways, mark))
    out = console()
    out.print(_table(ways, todo))
    if todo:
        out.print(
            "\n[yellow]This stops every room panel at once[/], and whatever else signs in as this "
            "application, until it is resumed and PlaceOS has a new secret."
        )
        if not yes and not typer.confirm("Contain it?"):
            raise typer.Exit(FOUND)
        out.print()
    left_open = [*ways.unread, *_closed(todo)]
    if not left_open:
        out.print("\nContained: nobody gets a token for this application.", style="green")
    return left_open


def _closed(todo: Iterable[Closing]) -> Iterator[LeftOpen]:
    """Do it all, whatever fails; tell what did."""
    for one in todo:
        try:
            with working(f"Closing {one.what}"):
                containment.insist(one.close)
        except WireError as error:
            yield one.what, error
        else:
            _done(one.what)


def _table(ways: WaysIn, todo: list[Closing]) -> Table:
    rows = table()
    rows.add_row("application", escape(visible(f"{ways.name}, client id {ways.client_id}")))
    if contained := containment.containment(ways.notes):
        rows.add_row("contained", escape(visible(f"since {contained.since} by {contained.by}")))
    for one in todo:
        rows.add_row("to close", escape(visible(one.what)))
    return rows


def _who(deployer: Deployer) -> str:
    return f"application {deployer.client_id}" if deployer.client_id else "a person, through the Azure CLI"


def _done(what: str) -> None:
    console().print(f"[green]closed:[/] {escape(visible(what))}", soft_wrap=True)


def _say(text: str) -> None:
    console().print(text, soft_wrap=True, markup=False)
