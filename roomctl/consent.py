"""The consent that a person gives: whether it is time, and the page that says what to do."""

import json
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange.admin_api import current_exchange
from graph import applications
from graph.api import GraphApi, current_graph
from graph.applications import Application
from graph.service_principals import find_service_principal
from https_json import EndpointError
from roomctl.consent_page import WHO, ConsentPage
from roomctl.consent_request import Todo, consent_request
from roomctl.console import console, table, working
from roomctl.leftovers import recorded_application
from roomctl.outcome import FOUND, could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from roomctl.stack_settings import StackSettings, stack_settings
from roomctl.which_application import StackName
from visible import visible
from wire import WireError

_PROOF = "placeos-scope-configured-access"
"""The name of the proof among the stack's resources."""


def consent(
    stack: StackName = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The page to hand over, with a script.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show what a person has to consent to, and how: 7 when somebody has to do something, or it is not time.

    For stacks with `consent: manual`. It changes nothing.
    """
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    recorded = read_stack(stack)
    chosen = stack_settings(recorded, stack)
    if not chosen.consent_by_person:
        raise typer.BadParameter("this stack consents by code; a person does with consent: manual")
    try:
        with working("Asking Microsoft Graph and Exchange"):
            page = _page(recorded, chosen)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    if as_json:
        typer.echo(json.dumps(page.as_json(), indent=2, sort_keys=True))
    elif markdown:
        typer.echo(page.as_markdown())
    else:
        _show(page)
    if page.request.todo is not Todo.NOTHING:
        raise typer.Exit(FOUND)


def _page(recorded: RecordedStack, chosen: StackSettings) -> ConsentPage:
    deployer, graph = current_deployer(), current_graph()
    application = _application(graph, recorded, chosen)
    proof = recorded.outputs.get(_PROOF, {})
    request = consent_request(
        current_exchange(),
        graph,
        find_service_principal(graph, application.app_id),
        chosen.asked(),
        proof,
    )
    return ConsentPage(
        stack=recorded.called,
        request=request,
        name=application.name,
        client_id=application.app_id,
        tenant_id=deployer.tenant_id,
        own=not chosen.client_id,
        limited_to=_limits(proof.get("result") or {}, chosen.text("roomGroupAddress")),
    )


def _application(graph: GraphApi, recorded: RecordedStack, chosen: StackSettings) -> Application:
    if chosen.client_id:
        found = applications.by_client_id(graph, chosen.client_id)
    else:
        object_id = recorded_application(recorded)
        if object_id is None:
            could_not_look(f"This stack has no application yet. Run: pulumi up --stack {recorded.called}")
        found = applications.application(graph, object_id)
    if found is None:
        could_not_look(
            f"the application is gone from Entra; run pulumi up --refresh --stack {recorded.called}"
        )
    return found


def _limits(proven: dict[str, Any], address: str) -> str:
    """What the proof found open, in words."""
    if not proven:
        return "nothing yet"
    people = f" and {proven['staff']} people's" if "staff" in proven else ""
    return (
        f"the mailboxes of {proven['rooms']} rooms{people} (group {address}), by the access policy; "
        "no policy narrows what is tenant-wide"
    )


def _show(page: ConsentPage) -> None:
    out = console()
    out.print(_table(page))
    why = escape(visible(page.request.why))
    if page.request.todo is Todo.NOTHING:
        out.print(f"\n{why}", style="green")
    else:
        out.print(f"\n[yellow]{page.title.capitalize()}:[/] {why}")
    if page.command:
        out.print(f"Run: {page.command}", soft_wrap=True, markup=False)
    if page.is_time:
        out.print(f"\nWho: {escape(WHO)}")
        out.print(f"In the portal: {escape(page.portal)}", soft_wrap=True)
        out.print(f"Or by a script: roomctl consent --markdown --stack {page.stack}", soft_wrap=True)
        out.print(f"Then: {page.then}", soft_wrap=True)


def _table(page: ConsentPage) -> Table:
    rows = table()
    for what, told in page.facts():
        rows.add_row(what, escape(visible(told)))
    for one in page.permissions():
        granted = "granted" if one["granted"] else "not granted"
        rows.add_row(one["name"], f"{granted}. {one['opens']}")
    return rows
