"""Before anything is touched: who deploys, with which rights, and what of the tenant is in the way."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from clouds import require_cloud
from deployer import current_deployer
from exchange.admin_api import current_exchange
from exchange.personal_consent import BY_PERSON
from graph.api import current_graph
from https_json import EndpointError
from marks import mark_of
from resource_manager.api import current_resource_manager
from rights import DEPLOY, On, Right, Role, needed
from roomctl.administrator_request import request
from roomctl.console import console, working
from roomctl.deployer_identity import Identity, identify
from roomctl.held_rights import right_looks
from roomctl.look import Answer, Look, Row, Section, Service
from roomctl.look_table import fine_ones, to_mend
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from roomctl.pulumi import ask_pulumi_json
from roomctl.recorded_stack import full_name
from roomctl.role_on_application import role_look
from roomctl.tenant_facts import Asked, of_problem, settings_looks, tenant_looks
from roomctl.vault_looks import VaultLooks
from roomctl.which_application import StackName
from settings import Settings, SettingsError, settings_from_config_json, without_secrets
from visible import visible

_ROOT = Path(__file__).parent.parent
"""The project's folder, to which the paths in the settings are relative."""
_COLOURS = {Answer.NOT_LOOKED: "red", Answer.FOUND: "yellow"}
"""In the order of the terminal, where a person looks last."""
_OF_ADMINISTRATOR = (Section.IDENTITY, Section.RIGHTS, Section.TENANT)
_ON_EXCHANGE = (On.EXCHANGE_ONLINE, On.EXCHANGE_ROLE)
_ON_VAULT = (On.VAULT_ACTION, On.VAULT_DATA_ACTION)
_EVERY_LOOK = frozenset({Role.READ, Role.APPLY})
"""The roles whose runs ask everything."""
LOOKS_OF_OTHERS = {
    "token lifetimes": {Role.CONTAIN},
    "sign-in log": {Role.CONTAIN},
    "Conditional Access": {Role.ROTATE},
    "app management policies": {Role.ROTATE},
    "rooms": {Role.ROTATE},
    "applicationOwners": {Role.ROTATE},
}
"""What the runs of the other roles meet, beside their rights."""
_SET = "pulumi config set"
_SETTINGS = "a stack whose settings can't be used makes nothing"


@dataclass(frozen=True)
class Report:
    """Everything that was looked at. stack: as it is called in full. called: as the operator calls it.

    again: the options that ask the same once more.
    """

    stack: str
    called: str
    again: str
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
    role: Annotated[
        list[Role] | None,
        typer.Option(
            metavar="ROLE",
            help=f"What the deployer is for: {', '.join(Role)}; once for each.",
            show_default="what pulumi up takes",
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="A request for an administrator.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Look whether a first run can succeed, and change nothing: 7 when something is in the way.

    Ends with 1 when nothing was found and something could not be looked at.
    """
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    report = _report(stack, frozenset(role or ()))
    if as_json:
        typer.echo(json.dumps(_as_json(report), indent=2, ensure_ascii=False))
    elif markdown:
        typer.echo(request(report.stack, report.identity, report.rows))
    else:
        _show(report)
    raise typer.Exit(report.exit_code)


def _report(stack: str | None, chosen: frozenset[Role]) -> Report:
    name = full_name(stack)
    called = stack or name.split("/")[2]
    config: Mapping[str, Mapping[str, Any]] = ask_pulumi_json(
        "config", "--json", "--show-secrets", stack=stack
    )
    identity = Identity()
    settings, rows = _settings(config, name.split("/")[1])
    roles = chosen or _deploying(settings)
    rights = _needed(settings, roles)
    with working("Asking Microsoft Graph and Exchange"):
        plain = {key: str(entry.get("value") or "") for key, entry in config.items()}
        rows = identify(identity, plain, current_graph, _services(rights)) + rows
        asked = Asked(
            settings,
            mark_of(name),
            identity,
            current_graph,
            current_exchange,
            current_resource_manager,
            lambda: current_deployer().clock,
        )
        kept = {right.name for right in rights}
        looks = _looks(asked, rights, roles)
        rows += [row for look in looks for row in look.rows_as(identity.signed_in, kept)]
    rows = [_of_stack(_without_secrets(row, settings), called) for row in rows]
    again = " ".join([f"--stack {called}", *(f"--role {role}" for role in sorted(chosen))])
    return Report(name, called, again, identity, rows)


def _looks(asked: Asked, rights: tuple[Right, ...], roles: frozenset[Role]) -> Iterator[Look]:
    """The rights, then what of the tenant and of the settings the runs of these roles meet."""
    settings, identity = asked.settings, asked.identity
    vault = (
        VaultLooks(settings, identity, current_resource_manager) if settings and settings.key_vault else None
    )
    told = [right for right in rights if right.on is not On.CREDENTIALS]
    yield from right_looks(told, identity, settings, asked.exchange, vault)
    for right in rights:
        if right.on is On.CREDENTIALS:
            yield role_look(right, asked)
    if vault and any(right.on in _ON_VAULT for right in rights):
        yield vault.what_it_is()
    services = _services(rights)
    for look in [*tenant_looks(asked), *(settings_looks(asked, settings) if settings else ())]:
        if look.services <= services and roles & (_EVERY_LOOK | LOOKS_OF_OTHERS.get(look.about, set())):
            yield look


def _services(rights: Collection[Right]) -> frozenset[Service]:
    """Those that who has these rights signs in to."""
    on_exchange = any(right.on in _ON_EXCHANGE for right in rights)
    return frozenset(Service) if on_exchange else frozenset({Service.GRAPH})


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


def _deploying(settings: Settings | None) -> frozenset[Role]:
    """The roles of who runs `pulumi up` with these settings."""
    return frozenset({Role.APPLY}) if settings and settings.consent == BY_PERSON else DEPLOY


def _needed(settings: Settings | None, roles: Collection[Role]) -> tuple[Right, ...]:
    """What these roles take with these settings."""
    if settings is None:
        return needed(roles)
    used = {
        "applicationOwners": settings.application_owners,
        "applicationClientId": settings.application_client_id,
        "keyVault": settings.key_vault,
        "everyRoomMailbox": settings.every_room_mailbox,
    }
    return needed(roles, *(key for key, value in used.items() if value))


def _without_secrets(row: Row, settings: Settings | None) -> Row:
    """The row without the values that the stack keeps secret."""
    hidden = tuple(settings.hidden.values()) if settings else ()
    about, seen, fix, undo = (
        without_secrets(text, hidden) for text in (row.about, row.seen, row.fix, row.undo)
    )
    return replace(row, about=about, seen=seen, fix=fix, undo=undo)


def _who(identity: Identity) -> str:
    tenant = f"{identity.tenant_name} {identity.tenant_id}".strip()
    return f"{identity.called}, client id {identity.client_id}, in the tenant {tenant}"


def _of_stack(row: Row, called: str) -> Row:
    """The row, whose fix sets the settings of this stack whichever is selected."""
    return replace(row, fix=row.fix.replace(_SET, f"{_SET} --stack {called}"))


def _show(report: Report) -> None:
    out = console()
    if report.identity.client_id:
        out.print(visible(_who(report.identity)), style="dim", soft_wrap=True, markup=False)
    out.print(fine_ones(report.rows))
    for answer, colour in _COLOURS.items():
        if rows := [row for row in report.rows if row.answer is answer]:
            out.print(f"\n{answer}", style=colour)
            out.print(to_mend(rows))
    found, unseen = report.count(Answer.FOUND), report.count(Answer.NOT_LOOKED)
    if not found and not unseen:
        out.print(
            f"\nNothing is in the way. Next: pulumi preview --diff --stack {report.called}",
            style="green", soft_wrap=True, markup=False,
        )  # fmt: skip
        return
    out.print(f"\n{found} found, {unseen} not looked at. Nothing was changed.", style="yellow")
    if any(row.answer is not Answer.FINE and row.section in _OF_ADMINISTRATOR for row in report.rows):
        out.print(
            f"For an administrator: roomctl preflight --markdown {report.again}",
            style="dim", soft_wrap=True, markup=False,
        )  # fmt: skip


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
