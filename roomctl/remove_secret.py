"""The end of a credential that a killed run left."""

from typing import Annotated

import typer

from deployer import DeployerError, current_deployer
from graph import applications
from graph.api import GraphApi, current_graph
from https_json import EndpointError
from roomctl.leftovers import is_probe, recorded_application, recorded_keys, secret_of_ours
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from wire import NotFound, WireError


def remove_secret(
    application: Annotated[str, typer.Option(help="Object id of the application.")],
    key_id: Annotated[str, typer.Option(help="Key id of the credential, as Entra lists it.")],
    stack: Annotated[str | None, typer.Option(help="Stack name; the selected one when not given.")] = None,
) -> None:
    """Remove a client secret that the stack made and does not know. Any other is refused."""
    recorded = read_stack(stack)
    try:
        current_deployer()
        _remove(recorded, current_graph(), application.lower(), key_id.lower())
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))


def _remove(recorded: RecordedStack, graph: GraphApi, application: str, key_id: str) -> None:
    if key_id in recorded_keys(recorded):
        could_not_look(f"{key_id} is a secret that {recorded.name} knows; nothing was removed")
    try:
        present = {one.key_id: one for one in applications.passwords(graph, application)}
    except NotFound:
        present = {}
    if key_id not in present:
        typer.echo(f"{key_id} is gone already.")
        return
    secret = present[key_id]
    # An existing application is not in the state: there only the probe's is surely of this stack.
    if application != recorded_application(recorded) and not is_probe(recorded, secret):
        could_not_look(f"{application} is not the application of {recorded.name}; nothing was removed")
    if not secret_of_ours(recorded, secret):
        could_not_look(
            f"{key_id} ({secret.display_name!r}) was not made by {recorded.name}; nothing was "
            "removed. Whoever made it knows what for; it can be removed in Entra."
        )
    applications.remove_password(graph, application, key_id)
    typer.echo(f"Removed {key_id}.")
