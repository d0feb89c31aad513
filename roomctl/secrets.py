"""The client secrets of a stack's application: who uses which, when they end, and what to do about it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from deployer import DeployerError, current_deployer
from graph import applications
from graph.api import SERVICE, GraphApi, current_graph
from graph.applications import Application
from graph.sign_ins import NoLog, SignIn, last_sign_ins
from https_json import EndpointError
from roomctl.console import console, table, working
from roomctl.current_secret import CurrentSecret, current_secret, never_handed_out
from roomctl.leftovers import recorded_keys
from roomctl.outcome import FOUND, could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from roomctl.secret_report import Calendar, HeldSecret, SecretReport, secret_report
from roomctl.stack_settings import stack_settings
from roomctl.which_application import StackName
from visible import in_markdown, visible
from wire import NotAuthorised, NotFound, WireError


def secrets(
    stack: StackName = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="For a mail or a chat message.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show the client secrets: 7 when one in use ends soon, or one is not of this code's making."""
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    recorded = read_stack(stack)
    current = current_secret(recorded)
    if current is None:
        could_not_look("This stack tells of no client secret: it has none yet. Run: pulumi up")
    period = stack_settings(recorded, stack).rotation_period
    try:
        report = held_secrets(recorded, current, period)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    if as_json:
        typer.echo(json.dumps(_as_json(report), indent=2, sort_keys=True))
    elif markdown:
        typer.echo(_as_markdown(report, recorded.called))
    else:
        _show(report)
    if report.findings:
        raise typer.Exit(FOUND)


def held_secrets(recorded: RecordedStack, current: CurrentSecret, period: timedelta) -> SecretReport:
    """Ask Microsoft Graph, with a WireError when it can't be; NotFound when the application is gone."""
    deployer, graph = current_deployer(), current_graph()
    with working("Asking Microsoft Graph"):
        application = applications.application(graph, current.application)
        if application is None:
            what = f"looking up the application {current.application}"
            raise NotFound(SERVICE, what, "it is gone from Entra", advice="Run pulumi up --refresh.")
        sign_ins = _sign_ins(graph, application)
    calendar = Calendar(
        current_key=current.key_id,
        current_given=current.given,
        recorded_keys=recorded_keys(recorded),
        never_given=never_handed_out(recorded),
        period=period,
        stack=recorded.called,
    )
    return secret_report(application, calendar, recorded.mark, sign_ins, deployer.clock.now())


def _sign_ins(graph: GraphApi, application: Application) -> list[SignIn] | NoLog:
    try:
        return last_sign_ins(graph, application.app_id)
    except NotAuthorised as error:
        return NoLog.of(error)


_NOT_READ = {
    NoLog.NO_RIGHT: "The sign-in log was not read, so any of them may be in use: it takes AuditLog.Read.All "
    "and Entra ID P1.",
    NoLog.NO_LICENCE: "The tenant has no sign-in log, which takes Entra ID P1, so any of them may be in use.",
}
_NOT_GIVEN = (
    "The stack's outputs do not name the current secret, as after a failed run: PlaceOS may have been given "
    "it or the one before."
)


def _notes(report: SecretReport) -> Iterator[str]:
    """What the report does not know."""
    if report.no_log:
        yield _NOT_READ[report.no_log]
    if not report.current_given:
        yield _NOT_GIVEN


def _show(report: SecretReport) -> None:
    out = console()
    out.print(_table(report))
    for note in _notes(report):
        out.print(f"\n[dim]{note}[/]")
    if not report.findings:
        out.print("\nNothing to do.", style="green")
    for finding in report.findings:
        what, fix = escape(visible(finding.what)), escape(visible(finding.fix))
        out.print(f"\n[yellow]{what}.[/] {fix}")


def _table(report: SecretReport) -> Table:
    rows = table()
    for one in report.secrets:
        rows.add_row(one.called, escape(visible(_in_words(one, log_read=report.log_read))))
    return rows


def _in_words(one: HeldSecret, *, log_read: bool) -> str:
    named = f"{one.named}, until {one.until}"
    if one.last:
        return f"{named}; signed in last at {one.last.when} from {one.last.address}"
    return f"{named}; no sign-in in the log" if log_read else named


def _as_markdown(report: SecretReport, stack: str) -> str:
    """Without the times of sign-ins: the text changes only when there is something new to know."""
    count = len(report.findings)
    verdict = f"{count} thing{'s' * (count > 1)} to do" if count else "nothing to do"
    lines = [f"**Client secrets of PlaceOS, stack `{stack}`: {verdict}**", ""]
    lines += [f"- **{in_markdown(one.what)}.** {in_markdown(one.fix)}" for one in report.findings]
    lines += ["", "| Secret | Name | Key id | Until | Signs in |", "| --- | --- | --- | --- | --- |"]
    for one in report.secrets:
        used = ("yes" if one.last else "no") if report.log_read else "not known"
        cells = (one.called, one.password.display_name, one.password.key_id, one.until, used)
        lines.append(f"| {' | '.join(map(in_markdown, cells))} |")
    for note in _notes(report):
        lines += ["", note]
    return "\n".join(lines)


def _as_json(report: SecretReport) -> dict[str, Any]:
    return {
        "secrets": [
            {
                "standing": one.standing.name.lower(),
                "name": one.password.display_name,
                "keyId": one.password.key_id,
                "until": one.until,
                "lastSignIn": one.last.when if one.last else None,
                "lastSignInFrom": one.last.address if one.last else None,
            }
            for one in report.secrets
        ],
        "findings": [{"what": one.what, "fix": one.fix} for one in report.findings],
        "currentGiven": report.current_given,
        "signInLogRead": report.log_read,
    }
