"""Which application a command is about: the one in a stack's state, or the one with a client id."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import typer

from graph import applications
from graph.api import SERVICE, GraphApi
from roomctl import entra_resources as entra
from roomctl.leftovers import recorded_application
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from wire import NotFound


def _guid(text: str) -> str:
    """As Entra writes it; "" where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _key_id(text: str | None) -> str | None:
    """Checked before anything is asked."""
    if text is None:
        return None
    if not (key_id := _guid(text)):
        raise typer.BadParameter("a key id is a GUID: roomctl secrets lists them")
    return key_id


StackName = Annotated[str | None, typer.Option(help="Stack name; the selected one when not given.")]
ClientId = Annotated[
    str | None,
    typer.Option(help="Client id of the application, in place of a stack whose state can't be read."),
]
KeyId = Annotated[
    str | None,
    typer.Option(help="Remove this client secret alone, by its key id, without asking.", callback=_key_id),
]
WHO_MAY = (
    "This command takes Application.ReadWrite.OwnedBy, as an owner of the application and of its service "
    "principal, or Application.ReadWrite.All."
)
_POLICIES = "-access-policies"


@dataclass(frozen=True)
class Which:
    """An application by object id or, where that is "", by client id; and how commands name it."""

    object_id: str
    client_id: str
    chosen: str
    stack: str

    def looked_up(self, graph: GraphApi) -> str:
        """Its object id; NotFound when the tenant has no such application."""
        if self.object_id:
            return self.object_id
        found = applications.by_client_id(graph, self.client_id)
        if found is None:
            raise NotFound(
                SERVICE,
                f"looking up the application {self.client_id}",
                "this tenant has none with this client id",
                advice="Check the client id and ARM_TENANT_ID.",
            )
        return found.object_id


def which_application(stack: str | None, client_id: str | None) -> Which:
    """From the options of a command; ends it when they name none, or the state can't be read."""
    if client_id is None:
        return _of_stack(read_stack(stack))
    if stack is not None:
        raise typer.BadParameter("--stack or --client-id: one of them says which application")
    if not (guid := _guid(client_id)):
        raise typer.BadParameter(
            "a client id is a GUID: Entra, App registrations, Overview, Application (client) ID"
        )
    return Which("", guid, f"--client-id {guid}", "")


def _of_stack(recorded: RecordedStack) -> Which:
    chosen, stack = f"--stack {recorded.called}", f" --stack {recorded.called}"
    if object_id := recorded_application(recorded):
        return Which(object_id, "", chosen, stack)
    # An existing application is not in the state: its policies name it.
    named = next(iter(recorded.ids_of(entra.POLICIES_TYPE)), None)
    if named is None:
        could_not_look(f"{recorded.name} has recorded no application. Name it: --client-id")
    return Which("", named.removesuffix(_POLICIES), chosen, stack)
