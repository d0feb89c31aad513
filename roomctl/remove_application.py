"""The end of an application that a killed run left half made."""

from typing import Annotated

import typer

from deployer import DeployerError, current_deployer
from graph import applications
from graph.api import GraphApi, current_graph
from https_json import EndpointError
from roomctl.leftovers import is_spare, recorded_application
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from wire import WireError


def remove_application(
    application: Annotated[str, typer.Option(help="Object id of the application.")],
    stack: Annotated[str | None, typer.Option(help="Stack name; the selected one when not given.")] = None,
) -> None:
    """Delete an application that carries the stack's mark, is not the stack's, and that nobody can use."""
    recorded = read_stack(stack)
    try:
        current_deployer()
        _remove(recorded, current_graph(), application.lower())
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))


def _remove(recorded: RecordedStack, graph: GraphApi, application: str) -> None:
    if application == recorded_application(recorded):
        could_not_look(f"{application} is the application of {recorded.name}; pulumi destroy removes it")
    found = applications.application(graph, application)
    if found is None:
        typer.echo(f"{application} is gone already.")
        return
    if recorded.mark not in found.notes:
        could_not_look(f"{found.name} ({application}) does not carry {recorded.mark}; nothing was removed")
    if not is_spare(graph, found):
        could_not_look(f"{found.name} ({application}) has secrets or consents; nothing was removed")
    applications.remove(graph, application)
    typer.echo(f"Removed {found.name}.")
