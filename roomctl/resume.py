"""The end of a containment."""

from rich.markup import escape

from deployer import DeployerError, current_deployer
from graph import containment
from graph.api import GraphApi, current_graph
from graph.containment import WaysIn
from https_json import EndpointError
from roomctl.console import console, working
from roomctl.outcome import could_not_look
from roomctl.which_application import WHO_MAY, ClientId, StackName, Which, which_application
from visible import visible
from wire import NotAuthorised, WireError


def resume(stack: StackName = None, client_id: ClientId = None) -> None:
    """Let `pulumi up` work again after `roomctl contain`: its next run makes new secrets.

    What has been resumed already is left as it is.
    """
    which = which_application(stack, client_id)
    try:
        current_deployer()
        graph = current_graph()
        with working("Asking Microsoft Graph"):
            ways = containment.ways_in(graph, which.looked_up(graph))
        resumed = _resume(graph, ways)
    except NotAuthorised as error:
        could_not_look(f"{error} {WHO_MAY}")
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    console().print(_next(which, anew=resumed or not ways.application.secrets), soft_wrap=True, markup=False)


def _next(which: Which, *, anew: bool) -> str:
    if anew:
        return (
            "\nNext, which asks the proofs and makes both secrets anew:\n"
            f"  pulumi up --refresh{which.stack}\n  roomctl handover{which.stack}"
        )
    return (
        "\nIt has client secrets, and nothing is made anew. What a run would do:\n"
        f"  pulumi preview --refresh{which.stack}"
    )


def _resume(graph: GraphApi, ways: WaysIn) -> bool:
    """End the containment; whether there was one to end."""
    for what, error in ways.unread:
        could_not_look(f"{what}: {error} Nothing was resumed.")
    out = console()
    todo = list(containment.reopenings(graph, ways))
    for one in todo:
        with working(f"Resuming {one.what}"):
            containment.insist(one.close)
        out.print(f"[green]resumed:[/] {escape(visible(one.what))}", soft_wrap=True)
    if not todo:
        out.print("Nothing to resume: it is not contained.", style="green")
    elif keys := _keys(ways):
        out.print(
            f"[yellow]Found:[/] {escape(visible(', '.join(keys)))}: there in spite of the containment, and "
            "somebody can sign in with it now. If nobody knows whose it is: roomctl contain again.",
            soft_wrap=True,
        )
    return bool(todo)


def _keys(ways: WaysIn) -> list[str]:
    found = [one for holder in ways.holders for one in (*holder.secrets, *holder.certificates)]
    return [*(one.key_id for one in found), *(one.subject for one in ways.trusts)]
