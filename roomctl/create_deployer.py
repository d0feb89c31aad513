"""Make the application that deploys, with the rights of the README's table and no other."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange.admin_api import current_exchange
from graph import directory_roles, registrations
from graph.api import current_graph
from graph.registrations import Trust
from https_json import EndpointError
from pipeline_subject import GITHUB, problem
from rights import Use, needed
from roomctl.console import console, table, working
from roomctl.deployer_plan import ExchangeBy, Plan, Step, Wanted
from roomctl.outcome import FOUND, could_not_look
from visible import visible
from wire import NotAuthorised, WireError

_WHO = (
    "This command takes a Privileged Role Administrator or Global Administrator, or an application with "
    "Application.ReadWrite.All and AppRoleAssignment.ReadWrite.All; for a role group also Role Management in "
    "Exchange."
)


def create_deployer(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: Annotated[str, typer.Option(help="Display name of the application.")] = "PlaceOS Deployer",
    subject: Annotated[
        str | None,
        typer.Option(help="Pipeline that signs in without a secret: repo:OWNER/NAME:environment:NAME."),
    ] = None,
    issuer: Annotated[
        str, typer.Option(help="Who issues the pipeline's tokens.", show_default="GitHub")
    ] = GITHUB,
    secret_file: Annotated[
        Path | None, typer.Option(help="Make a client secret instead, and write it to this new file.")
    ] = None,
    exchange: Annotated[
        ExchangeBy,
        typer.Option(
            metavar="HOW",
            help="How it gets its Exchange rights: role-group, or directory-role (Exchange Administrator, or "
            "Global Reader with --read-only).",
        ),
    ] = ExchangeBy.ROLE_GROUP,
    read_only: Annotated[bool, typer.Option("--read-only", help="For previews and drift only.")] = False,
    application_owners: Annotated[
        bool, typer.Option("--application-owners", help="The stack sets applicationOwners.")
    ] = False,
    existing_application: Annotated[
        bool, typer.Option("--existing-application", help="The stack sets applicationClientId.")
    ] = False,
    owner: Annotated[
        list[str] | None, typer.Option(help="Owner of the application: user principal name or object id.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done; 7 if anything.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Make the deployer's application with its rights; sign in as an administrator first.

    A second run changes nothing. What the application has besides is shown, never taken away.
    """
    if (subject is None) == (secret_file is None):
        raise typer.BadParameter("give either --subject or --secret-file")
    if subject is not None and (wrong := problem(subject, issuer)):
        raise typer.BadParameter(wrong)
    settings = [
        *(["applicationOwners"] if application_owners else []),
        *(["applicationClientId"] if existing_application else []),
    ]
    try:
        administrator, graph = current_deployer(), current_graph()
        wanted = Wanted(
            name=name,
            rights=needed(Use.LOOK if read_only else Use.UP, *settings),
            owners=tuple(registrations.user_id(graph, one) for one in owner or ()),
            trust=Trust(issuer, subject) if subject is not None else None,
            secret_file=secret_file,
            directory_role=_directory_role(read_only) if exchange is ExchangeBy.DIRECTORY_ROLE else None,
        )
        plan = Plan(graph, current_exchange(), administrator.clock, administrator.tenant_id, wanted)
        _carry_out(plan, dry_run=dry_run, yes=yes)
    except NotAuthorised as error:
        could_not_look(f"{error} {_WHO}")
    except (DeployerError, EndpointError, WireError, OSError) as error:
        could_not_look(str(error))


def _carry_out(plan: Plan, *, dry_run: bool, yes: bool) -> None:
    out = console()
    with working("Asking Microsoft Graph and Exchange"):
        steps = plan.steps()
    missing = [step for step in steps if not step.there]
    out.print(_table(steps))
    out.print()
    for finding in plan.findings:
        out.print(f"[yellow]Found:[/] {escape(visible(finding))}.", soft_wrap=True)
    if plan.findings:
        out.print("Nothing was done.", style="yellow")
        raise typer.Exit(FOUND)
    if not missing:
        out.print("Nothing to do: it has exactly these rights.", style="green")
    elif dry_run:
        out.print(f"Nothing was done; {len(missing)} to do.", style="yellow")
        raise typer.Exit(FOUND)
    else:
        if not yes and not typer.confirm("Do this?"):
            raise typer.Exit(FOUND)
        for step in missing:
            with working(f"Making {step.what}"):
                step.make()
            out.print(f"[green]made:[/] {step.what} {escape(visible(step.value))}", soft_wrap=True)
    out.print(_next(plan), soft_wrap=True, markup=False)


def _table(steps: list[Step]) -> Table:
    rows = table(columns=3)
    for step in steps:
        state = "[green]there[/]" if step.there else "[yellow]to do[/]"
        rows.add_row(step.what, state, escape(visible(step.value)))
    return rows


def _next(plan: Plan) -> str:
    if plan.wanted.secret_file:
        return f"\nNext:\n  . {plan.wanted.secret_file.resolve()}"
    return (
        "\nNext, in the pipeline's environment:\n"
        f"  ARM_TENANT_ID={plan.tenant_id}\n  ARM_CLIENT_ID={plan.app_id}\n  ARM_USE_OIDC=true"
    )


def _directory_role(read_only: bool) -> tuple[str, str]:
    if read_only:
        return directory_roles.GLOBAL_READER, "Global Reader"
    return directory_roles.EXCHANGE_ADMINISTRATOR, "Exchange Administrator"
