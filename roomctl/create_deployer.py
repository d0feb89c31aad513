"""Make the application that deploys, with the rights of the README's table and no other."""

import shlex
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from exchange.admin_api import current_exchange
from graph import registrations
from graph.api import current_graph
from graph.caller import caller_id
from graph.registrations import Trust
from https_json import EndpointError
from pipeline_subject import GITHUB
from rights import DEPLOY, Role
from roomctl import administrator
from roomctl.console import console, table, working
from roomctl.deployer_plan import Plan, Step, Wanted
from roomctl.deployer_rights import AskedRights, ExchangeBy
from roomctl.new_trust import normalised, problem
from roomctl.outcome import FOUND, could_not_look
from roomctl.plain_text import name_problem, owner_problem
from roomctl.secret_file import SecretFileError
from roomctl.which_application import which_application
from visible import visible
from wire import NotAuthorised, WireError

_NAME = "PlaceOS Deployer"


def create_deployer(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: Annotated[
        str | None,
        typer.Option(help="Display name of the application; --role takes one.", show_default=_NAME),
    ] = None,
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
            "Global Reader where it only views).",
        ),
    ] = ExchangeBy.ROLE_GROUP,
    role: Annotated[
        list[Role] | None,
        typer.Option(
            metavar="ROLE",
            help=f"What it is for: {', '.join(Role)}; once for each.",
            show_default="apply and consent",
        ),
    ] = None,
    application: Annotated[
        str | None,
        typer.Option(
            metavar="CLIENT_ID", help="With --role rotate: the application whose client secrets it rotates."
        ),
    ] = None,
    application_owners: Annotated[
        bool, typer.Option("--application-owners", help="The stack sets applicationOwners.")
    ] = False,
    existing_application: Annotated[
        bool, typer.Option("--existing-application", help="The stack sets applicationClientId.")
    ] = False,
    every_room_mailbox: Annotated[
        bool, typer.Option("--every-room-mailbox", help="The stack sets everyRoomMailbox.")
    ] = False,
    read_policies: Annotated[
        bool,
        typer.Option("--read-policies", help="It sees whether the tenant limits client secrets."),
    ] = False,
    read_sign_ins: Annotated[
        bool,
        typer.Option("--read-sign-ins", help="It sees which client secret is in use."),
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

    A second run changes nothing. What the application has besides is shown, never taken away. Who registers
    an application may become its owner: that is taken back at the end, unless --owner asks for it.
    """
    asked = AskedRights(
        role or DEPLOY,
        _given(
            applicationOwners=application_owners,
            applicationClientId=existing_application,
            everyRoomMailbox=every_room_mailbox,
        ),
        _given(**{"Policy.Read.All": read_policies, "AuditLog.Read.All": read_sign_ins}),
        exchange,
    )
    _refuse(
        *_sign_in_problems(subject, issuer, secret_file),
        *_role_problems(role or (), name, application),
        name_problem(_NAME if name is None else name),
        *map(owner_problem, owner or ()),
        *asked.problems(),
    )
    rotated = which_application(None, application) if application else None
    may = administrator.rights(
        gives_directory_role=bool(asked.directory_role or rotated), names_owners=bool(owner)
    )
    try:
        who, graph = current_deployer(), current_graph()
        wanted = Wanted(
            name=name or _NAME,
            rights=asked.rights,
            owners={registrations.user_id(graph, one): one for one in owner or ()},
            trust=Trust(normalised(issuer), subject) if subject is not None else None,
            secret_file=secret_file,
            directory_role=asked.directory_role,
            rotates=rotated.looked_up(graph) if rotated else None,
        )
        caller = caller_id(graph, who.client_id)
        _carry_out(
            Plan(graph, current_exchange(), who.clock, who.tenant_id, caller, wanted),
            dry_run=dry_run,
            yes=yes,
        )
    except NotAuthorised as error:
        refused = NotAuthorised.like(error)  # without the advice for who deploys
        could_not_look(f"{refused} {administrator.who(may)}")
    except (DeployerError, EndpointError, SecretFileError, WireError) as error:
        could_not_look(str(error))


def _given(**options: bool) -> list[str]:
    return [name for name, is_given in options.items() if is_given]


def _sign_in_problems(subject: str | None, issuer: str, secret_file: Path | None) -> Iterator[str]:
    if (subject is None) == (secret_file is None):
        yield "give either --subject or --secret-file"
    if subject is not None:
        yield problem(subject, issuer)
    elif issuer != GITHUB:
        yield "--issuer goes with --subject"


def _role_problems(roles: Collection[Role], name: str | None, application: str | None) -> Iterator[str]:
    if roles and name is None:
        yield f"--role makes another identity than {_NAME}: give it a --name"
    if (application is not None) != (Role.ROTATE in roles):
        yield "--role rotate and --application belong together: the output clientId"


def _refuse(*problems: str) -> None:
    """End the command with all of them in one message; "" is none."""
    if told := "\n".join(filter(None, problems)):
        raise typer.BadParameter(told)


def _carry_out(plan: Plan, *, dry_run: bool, yes: bool) -> None:
    out = console()
    steps = _look(plan)
    missing = sum(not step.there for step in steps)
    out.print(_table(steps))
    out.print()
    _stop_at_findings(plan)
    if not missing:
        out.print("Nothing to do: it has exactly these rights.", style="green")
    elif dry_run:
        out.print(f"Nothing was done; {missing} to do.", style="yellow")
        raise typer.Exit(FOUND)
    else:
        if not yes:
            if not typer.confirm("Do this?"):
                raise typer.Exit(FOUND)
            steps = _look(plan)  # an answer may take hours
            _stop_at_findings(plan)
        _make(plan, steps)
    out.print(_next(plan), soft_wrap=True, markup=False)


def _look(plan: Plan) -> list[Step]:
    with working("Asking Microsoft Graph and Exchange"):
        return plan.steps()


def _stop_at_findings(plan: Plan) -> None:
    out = console()
    for finding in plan.findings:
        out.print(f"[yellow]Found:[/] {escape(visible(finding))}.", soft_wrap=True)
    if plan.findings:
        out.print("Nothing more was done." if plan.registered else "Nothing was done.", style="yellow")
        raise typer.Exit(FOUND)


def _make(plan: Plan, steps: list[Step]) -> None:
    application = steps[0]
    if not application.there:
        _make_one(application)
        steps = _look(plan)  # somebody else may have made it at the same moment, or long ago
        _stop_at_findings(plan)
    for step in steps:
        if not step.there:
            _make_one(step)


def _make_one(step: Step) -> None:
    with working(f"Making {step.what}"):
        step.make()
    console().print(f"[green]made:[/] {step.what} {escape(visible(step.value))}", soft_wrap=True)


def _table(steps: list[Step]) -> Table:
    rows = table(columns=3)
    for step in steps:
        state = "[green]there[/]" if step.there else "[yellow]to do[/]"
        rows.add_row(step.what, state, escape(visible(step.value)))
    return rows


def _next(plan: Plan) -> str:
    if plan.wanted.secret_file:
        return f"\nNext:\n  . {shlex.quote(str(plan.wanted.secret_file.resolve()))}"
    return (
        "\nNext, in the pipeline's environment:\n"
        f"  ARM_TENANT_ID={plan.tenant_id}\n  ARM_CLIENT_ID={plan.app_id}\n  ARM_USE_OIDC=true"
    )
