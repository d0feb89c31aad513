"""What an auditor asks for, written down: one dated JSON and one page to print."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from deployer import DeployerError, current_deployer
from drift.looks import Unseen
from evidence.as_json import as_json
from evidence.collect import collect
from evidence.evidence import Evidence, Secret, Secrets, Subject
from evidence.looking import Looking
from evidence.off_boarding import Beside, Vault
from evidence.page import page
from exchange.mailbox_kinds import ROOMS
from graph.sign_ins import NoLog
from https_json import EndpointError
from resource_manager.api import current_resource_manager
from resource_manager.key_vault import key_vault
from roomctl.compared import Compared, compared
from roomctl.console import console, working
from roomctl.current_secret import current_secret
from roomctl.outcome import COULD_NOT_LOOK, could_not_look
from roomctl.private_file import new_private_file, unfit
from roomctl.pulumi import run_pulumi
from roomctl.recorded_stack import RecordedStack, full_name
from roomctl.secret_report import HeldSecret, SecretReport
from roomctl.secrets import held_secrets
from roomctl.stack_settings import stack_settings
from roomctl.which_application import StackName
from settings import Settings
from visible import visible
from wire import WireError

_SIGN_INS = Unseen(
    "the sign-in log",
    "Microsoft Graph does not let it be read",
    "grant AuditLog.Read.All; the log takes Entra ID P1, too",
)


def evidence(
    stack: StackName = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="An existing folder, in which both files are written.")
    ] = Path(),
) -> None:
    """Write what an auditor asks for, as JSON and as a page to print: 1 when a part can't be looked at.

    It changes nothing, and takes the rights of the role read. Drift is told in it, and is no failure of it.
    """
    try:
        deployer = current_deployer()
        data, shown = _files(folder, full_name(stack).split("/")[2], f"{deployer.clock.now():%Y-%m-%d}")
        found = _collected(compared(stack), stack)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    text = json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    _write({data: text, shown: page(found, data.name, digest)})
    _summary(found, data, shown)
    raise typer.Exit(COULD_NOT_LOOK if found.not_looked_at else 0)


def _files(folder: Path, stack: str, day: str) -> tuple[Path, Path]:
    """Evidence is never written over: that of a day stays what it was."""
    data, shown = (folder / f"evidence-{stack}-{day}{kind}" for kind in (".json", ".html"))
    for file in (data, shown):
        if file.exists():
            could_not_look(
                f"{file} is there already, and evidence is never written over: move it away, or name another "
                "folder with --folder."
            )
        if reason := unfit(file):
            could_not_look(reason)
    return data, shown


def _collected(held: Compared, stack: str | None) -> Evidence:
    deployer, looking = current_deployer(), Looking(held.tenant)
    code, recorded = held.tenant.code, held.recorded
    outputs = recorded.outputs.get(f"{recorded.project}-{recorded.short_name}", {})
    subject = Subject(
        stack=recorded.called,
        tenant_id=held.tenant.id,
        application=code.name,
        client_id=code.client_id,
        application_id=code.application,
        principal_id=code.principal,
        own=not code.existing,
        written=deployer.clock.now(),
        written_by=deployer.client_id,
    )
    proof = outputs.get("configuredAccess"), outputs.get("enforcedAccess")
    with working("Asking Microsoft Graph, Exchange and Azure"):
        secrets = _secrets(recorded, stack, looking)
        beside = _beside(held, proof[0] or {}, stack)
        return collect(held.tenant, held.report, subject, proof, secrets, beside, looking)


def _secrets(recorded: RecordedStack, stack: str | None, looking: Looking) -> Secrets:
    current = current_secret(recorded)
    if current is None:
        return Secrets((), log_read=False)
    period = stack_settings(recorded, stack).rotation_period
    told = looking.at(
        "client secrets",
        lambda: held_secrets(recorded, current, period),
        nothing=SecretReport((), (), current_given=False, no_log=None),
    )
    if told is None:
        return Secrets(None, log_read=False)
    if told.no_log is NoLog.NO_RIGHT:
        looking.unseen.append(_SIGN_INS)
    has_log = told.no_log is not NoLog.NO_LICENCE
    return Secrets(tuple(map(_secret, told.secrets)), log_read=told.log_read, has_log=has_log)


def _secret(one: HeldSecret) -> Secret:
    return Secret(
        standing=str(one.standing),
        name=one.password.display_name,
        key_id=one.password.key_id,
        until=one.until,
        last_sign_in=one.last.when if one.last else "",
        last_sign_in_from=one.last.address if one.last else "",
    )


def _beside(held: Compared, configured: Mapping[str, Any], stack: str | None) -> Beside:
    """What the off-boarding list is about, beside the tenant."""
    rooms = [
        one for group in held.tenant.code.groups if group.kind is ROOMS for one in held.tenant.expected(group)
    ]
    return Beside(
        rooms=[one for one in configured.get("allowed") or () if one in rooms],
        of_rooms=len(rooms),
        vault=_vault(held.settings),
        updates=_updates(stack),
        written_by=current_deployer().client_id,
    )


def _vault(settings: Settings) -> Vault | None:
    where = settings.key_vault
    if where is None:
        return None
    return Vault(
        where.name,
        settings.key_vault_secret_name,
        lambda: key_vault(current_resource_manager(), where.resource_id),
    )


def _updates(stack: str | None) -> int | None:
    """How many updates the history holds; None when Pulumi does not tell."""
    newest = ("stack", "history", "--json", "--page", "1", "--page-size", "1")
    asked = run_pulumi(*newest, *(["--stack", stack] if stack else []))
    try:
        return int(json.loads(asked.stdout)[0]["version"])
    except (ValueError, LookupError, TypeError):
        return None


def _write(files: Mapping[Path, str]) -> None:
    """Both or neither; only their owner may read them, for they name people and their rooms."""
    made: list[Path] = []
    try:
        for path, text in files.items():
            with new_private_file(path) as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        could_not_look(f"{error.filename or path} can't be written: {error.strerror}. Nothing is left of it.")


def _summary(found: Evidence, data: Path, shown: Path) -> None:
    out = console()
    out.print(f"{escape(str(data))}\n{escape(str(shown))}\n", soft_wrap=True)
    drifted = len(found.report.findings)
    consents = "consents not looked at" if found.consents is None else f"consents {len(found.consents)}"
    out.print(f"{consents}, members {found.members:,}, findings of drift {drifted}", soft_wrap=True)
    if drifted:
        out.print(f"[yellow]It has drifted:[/] roomctl drift --stack {escape(found.subject.stack)}")
    for one in found.not_looked_at:
        told = escape(visible(f"{one.about}: {one.reason}. {one.fix}"))
        out.print(f"[yellow]Not looked at:[/] {told}", soft_wrap=True)
