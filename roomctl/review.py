"""What a change lets PlaceOS do, told before it is applied."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from review.as_json import as_json as told_as_json
from review.markdown import could_not_look as told_as_missing
from review.markdown import markdown
from review.report import Review
from review.sarif import as_sarif
from review.settings_changes import setting_changes
from roomctl.catalogue_check import check_catalogue as check
from roomctl.catalogue_check import show
from roomctl.last_settings import last_settings
from roomctl.outcome import FOUND, CouldNotLook
from roomctl.plan import plan
from roomctl.policy_pack import CONFIG, policy_pack
from roomctl.recorded_stack import full_name
from roomctl.review_on_emulated_tenant import review_on_emulated_tenant
from roomctl.review_on_terminal import show as show_on_terminal
from roomctl.sarif_file import make_way, write
from roomctl.which_application import StackName
from stack_files import settings_file

_NO_HISTORY = "Which settings differ: the history of the stack has no update that succeeded."


def review(  # noqa: PLR0913, PLR0917 - each is an option of the command
    stack: StackName = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Compare with this git ref, brought up on an emulated tenant."),
    ] = None,
    emulated: Annotated[
        bool, typer.Option("--emulated", help="Preview on an emulated tenant: no right is needed.")
    ] = False,
    policy_config: Annotated[
        Path, typer.Option(metavar="FILE", help="Levels and exceptions of the policy pack.")
    ] = CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    sarif: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write SARIF too, for code scanning.")
    ] = None,
    check_catalogue: Annotated[
        bool,
        typer.Option("--check-catalogue", help="Only ask whether the tenant and permissions/ agree."),
    ] = False,
) -> None:
    """Tell in words what a change lets PlaceOS do: 7 when somebody should agree to it. It changes nothing."""
    if check_catalogue:
        if stack or base or emulated or as_json or sarif:
            raise typer.BadParameter("--check-catalogue stands alone: it asks the tenant, and no stack")
        raise typer.Exit(show(check()))
    try:
        if sarif:
            make_way(sarif)
        told = _reviewed(stack, base, emulated, policy_config)
    except CouldNotLook as reason:
        if not as_json and not sys.stdout.isatty():  # where it is, the reason stands there already
            typer.echo(told_as_missing(stack or "the selected stack", reason.reason))
        raise
    if as_json:
        typer.echo(json.dumps(told_as_json(told), indent=2))
    elif sys.stdout.isatty():
        show_on_terminal(told)
    else:
        typer.echo(markdown(told), nl=False)
    if sarif:
        write(sarif, as_sarif(told, settings_file(told.stack)))
    if told.verdict.wants_approval:
        raise typer.Exit(FOUND)


def _reviewed(stack: str | None, base: str | None, emulated: bool, policy_config: Path) -> Review:
    if base is not None and not base.strip():
        raise typer.BadParameter("--base is empty: name a git ref, or leave it out")
    if not (emulated or base):
        return _against_state(stack, policy_config)
    if not stack:
        raise typer.BadParameter("the emulated tenant knows no selected stack: give --stack")
    return review_on_emulated_tenant(stack, base, policy_config, Path.cwd())


def _against_state(stack: str | None, policy_config: Path) -> Review:
    _, project, name = full_name(stack).split("/")
    before = last_settings(stack)
    with policy_pack(policy_config, Path.cwd()) as pack:
        planned = plan(stack, pack)
    recorded = bool(planned.sides.before.resources)
    return Review(
        stack=name,
        against="what Pulumi has recorded of the stack",
        sides=planned.sides,
        settings=setting_changes(before, planned.settings, project),
        violations=planned.violations,
        notes=(*((_NO_HISTORY,) if recorded and before is None else ()), *pack.off),
    )
