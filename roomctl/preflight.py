"""Before anything is touched: who deploys, with which rights, and what of the tenant is in the way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from clouds import require_cloud
from deployer import current_deployer
from exchange.admin_api import current_exchange
from exchange.personal_consent import BY_PERSON
from graph.api import current_graph
from https_json import EndpointError
from marks import mark_of
from resource_manager.api import current_resource_manager
from rights import DEPLOY, Right, Role, needed
from roomctl.administrator_request import request
from roomctl.console import console, table, working
from roomctl.deployer_identity import Identity, identify
from roomctl.held_rights import right_looks
from roomctl.look import Answer, Look, Row, Section
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from roomctl.pulumi import ask_pulumi_json
from roomctl.recorded_stack import full_name
from roomctl.tenant_facts import Asked, of_problem, settings_looks, tenant_looks
from roomctl.vault_looks import VaultLooks
from roomctl.which_application import StackName
from settings import Settings, SettingsError, settings_from_config_json, without_secrets
from visible import visible

_ROOT = Path(__file__).parent.parent
"""The project's folder, to which the paths in the settings are relative."""
_COLOURS = {Answer.FINE: "green", Answer.NOT_LOOKED: "red", Answer.FOUND: "yellow"}
_SETTINGS = "a stack whose settings can't be used makes nothing"


@dataclass(frozen=True)
class Report:
    """Everything that was looked at. stack: as it is called in full."""

    stack: str
    identity: Identity
    rows: list[Row]

    def count(self, answer: Answer) -> int:
        """How many rows have that answer."""
        return sum(row.answer is answer for row in self.rows)

    @property
    def exit_code(self) -> int:
        """What was found outranks what could not be looked at."""
        if self.count(Answer.FOUND):
            return FOUND
        return COULD_NOT_LOOK if self.count(Answer.NOT_LOOKED) else 0


def preflight(
    stack: StackName = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="A request for an administrator.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Look whether a first run can succeed, and change nothing: 7 when something is in the way.

    Ends with 1 when nothing was found and something could not be looked at.
    """
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    report = _report(stack)
    if as_json:
        typer.echo(json.dumps(_as_json(report), indent=2, ensure_ascii=False))
    elif markdown:
        typer.echo(request(report.stack, report.identity, report.rows))
    else:
        _show(report)
    raise typer.Exit(report.exit_code)


def _report(stack: str | None) -> Report:
    name = full_name(stack)
    config: Mapping[str, Mapping[str, Any]] = ask_pulumi_json(
        "config", "--json", "--show-secrets", stack=stack
    )
    identity = Identity()
    settings, rows = _settings(config, name.split("/")[1])
    with working("Asking Microsoft Graph and Exchange"):
        plain = {key: str(entry.get("value") or "") for key, entry in config.items()}
        rows = identify(identity, plain, current_graph) + rows
        asked = Asked(
            settings,
            mark_of(name),
            identity,
            current_graph,
            current_exchange,
            current_resource_manager,
            lambda: current_deployer().clock,
        )
        rights = _needed(settings)
        kept = {right.name for right in rights}
        vault = (
            VaultLooks(settings, identity, current_resource_manager)
            if settings and settings.key_vault
            else None
        )
        looks = [
            *right_looks(rights, identity, settings, current_exchange, vault),
            *tenant_looks(asked),
            *([vault.what_it_is()] if vault else ()),
            *(settings_looks(asked, settings) if settings else ()),
        ]
        rows += [row for look in looks for row in look.rows_as(identity.signed_in, kept)]
    return Report(name, identity, [_without_secrets(row, settings) for row in rows])


def _settings(config: Mapping[str, Mapping[str, Any]], project: str) -> tuple[Settings | None, list[Row]]:
    """The stack's settings, and what is wrong with them."""
    look = Look(Section.SETTINGS, "settings", _SETTINGS, lambda _: iter(()))
    try:
        settings = settings_from_config_json(config, project_root=_ROOT, project=project)
    except SettingsError as error:
        return None, [of_problem(look, problem) for problem in error.problems]
    try:
        require_cloud(settings.cloud)
    except EndpointError as error:
        return settings, [look.found(str(error), "make the setting cloud and ARM_ENVIRONMENT the same")]
    return settings, [look.fine("they can be used")]


def _needed(settings: Settings | None) -> tuple[Right, ...]:
    """What `pulumi up` takes with these settings."""
    if settings is None:
        return needed(DEPLOY)
    used = {
        "applicationOwners": settings.application_owners,
        "applicationClientId": settings.application_client_id,
        "keyVault": settings.key_vault,
        "everyRoomMailbox": settings.every_room_mailbox,
    }
    roles = {Role.APPLY} if settings.consent == BY_PERSON else DEPLOY
    return needed(roles, *(key for key, value in used.items() if value))


def _without_secrets(row: Row, settings: Settings | None) -> Row:
    """The row without the values that the stack keeps secret."""
    hidden = tuple(settings.hidden.values()) if settings else ()
    about, seen, fix, undo = (
        without_secrets(text, hidden) for text in (row.about, row.seen, row.fix, row.undo)
    )
    return replace(row, about=about, seen=seen, fix=fix, undo=undo)


def _show(report: Report) -> None:
    out = console()
    out.print(_table(report.rows))
    found, unseen = report.count(Answer.FOUND), report.count(Answer.NOT_LOOKED)
    if not found and not unseen:
        out.print("\nNothing is in the way. Next: pulumi preview --diff", style="green")
        return
    out.print(f"\n{found} found, {unseen} not looked at. Nothing was changed.", style="yellow")
    out.print("For an administrator: roomctl preflight --markdown", style="dim")


def _table(rows: list[Row]) -> Table:
    """What is fine comes first, so that what is not stands where a person looks last."""
    shown = table()
    for row in sorted(rows, key=lambda row: list(_COLOURS).index(row.answer)):
        colour = _COLOURS[row.answer]
        shown.add_row(f"[{colour}]{row.answer}[/]", _cell(row))
    return shown


def _cell(row: Row) -> str:
    told = f"{_text(row.about)}: {_text(row.seen)} [dim]({_text(row.why)})[/]"
    return told if row.answer is Answer.FINE else f"{told}\n[yellow]fix[/] {_text(row.fix)}"


def _text(text: str) -> str:
    return "\n".join(escape(visible(line)) for line in text.splitlines())


def _as_json(report: Report) -> dict[str, Any]:
    identity = report.identity
    return {
        "stack": report.stack,
        "deployer": {"clientId": identity.client_id, "name": identity.name},
        "tenant": {"id": identity.tenant_id, "name": identity.tenant_name},
        "exitCode": report.exit_code,
        "rows": [
            {
                "section": row.section,
                "about": row.about,
                "answer": row.answer,
                "seen": row.seen,
                "why": row.why,
                "fix": row.fix if row.answer is not Answer.FINE else "",
                "undo": row.undo if row.answer is not Answer.FINE else "",
            }
            for row in report.rows
        ],
    }
