"""What PlaceOS's credentials can and can't do, asked of Microsoft Graph in PlaceOS's name."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from clock import clock_from_environment
from clouds import cloud_from_environment
from deployer import DeployerError
from exchange.admin_api import current_exchange
from graph.api import current_graph
from https_json import EndpointError
from moments import instant
from roomctl.console import console, table
from roomctl.duration import duration
from roomctl.outcome import could_not_look
from roomctl.promised import promised
from roomctl.recorded_stack import read_stack
from roomctl.which_application import StackName
from verify.outcome import Row, Verdict
from verify.promise import Promise
from verify.report import Outcome, alike, calls_of
from verify.report import as_json as told_as_json
from verify.report import markdown as told_as_markdown
from verify.second_opinion import CannotAskError, SecondOpinion
from visible import visible
from wire import WireError

_Client = TypeVar("_Client")
_SAMPLE = 5
_COLOURS = {Verdict.AS_PROMISED: "green", Verdict.NOT_YET: "yellow"}


def _rooms(text: str) -> int | None:
    """A number of rooms, None for all."""
    if text.strip().lower() == "all":
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"{text!r}: write all, or how many rooms, 1 or more")
    return int(text)


def verify(
    stack: StackName = None,
    rooms: Annotated[
        str, typer.Option(metavar="all|N", help="How many rooms are looked at; the same ones each time.")
    ] = str(_SAMPLE),
    wait: Annotated[
        str, typer.Option(metavar="90s|30m|2h", help="How long Microsoft Graph may take to catch up.")
    ] = "0s",
    markdown: Annotated[bool, typer.Option("--markdown", help="For a page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Prove what PlaceOS's credentials can and can't do: 7 when something is not as promised.

    Every call that PlaceOS makes is made, with both client secrets, and nothing is booked, sent or changed.

    What could make something, if Microsoft Graph let it, is asked with the secret in use alone.
    """
    if markdown and as_json:
        raise typer.BadParameter("--markdown or --json: one of them")
    how_many, patience = _rooms(rooms), duration(wait)
    recorded = read_stack(stack)
    promise = promised(recorded, how_many)
    try:
        outcome = _verified(recorded.called, promise, patience)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))
    if as_json:
        typer.echo(json.dumps(told_as_json(outcome), indent=2))
    elif markdown:
        typer.echo(told_as_markdown(outcome), nl=False)
    else:
        _show(outcome)
    raise typer.Exit(outcome.exit_code)


def _verified(stack: str, promise: Promise, wait: timedelta) -> Outcome:
    # Microsoft's SDK takes a second to import, which the other commands need not wait for.
    from verify.verification import Verification  # noqa: PLC0415

    clock = clock_from_environment()
    opinion = SecondOpinion(promise, _as_operator(current_exchange), _as_operator(current_graph))
    looking = Verification(promise, cloud_from_environment(), clock, opinion, _tell)
    rows = looking.until_promised(wait)
    return Outcome(stack, promise.client_id, promise.mode, tuple(rows), instant(clock.now()))


def _as_operator(client: Callable[[], _Client]) -> Callable[[], _Client]:
    """The client of who runs this; PlaceOS's own credentials are enough for all but the reasons."""

    def made() -> _Client:
        try:
            return client()
        except DeployerError as error:
            raise CannotAskError(str(error)) from None

    return made


def _tell(progress: str) -> None:
    console(stderr=True).print(visible(progress), style="dim", soft_wrap=True, markup=False)


def _show(outcome: Outcome) -> None:
    out = console()
    out.print(_fine(outcome.rows))
    for said, rows in alike(outcome.open_ones, "verdict", "expected", "why", "advice", "lost").items():
        out.print(_open(rows, *said), soft_wrap=True)
    colour = "yellow" if outcome.open_ones else "green"
    out.print(f"\n{outcome.sentence}", style=colour, soft_wrap=True, markup=False)


def _fine(rows: Sequence[Row]) -> Table:
    """What came to what it must: a line for each slot and outcome."""
    shown = table(3)
    fine = [one for one in rows if one.verdict is Verdict.AS_PROMISED]
    for (slot, expected), of in alike(fine, "slot", "expected").items():
        shown.add_row(_text(slot), f"[green]{_text(expected)}[/]", _text(calls_of(of)))
    return shown


def _open(rows: Sequence[Row], verdict: str, expected: str, why: str, advice: str, lost: str) -> str:  # noqa: PLR0913, PLR0917 - a line each
    colour = _COLOURS.get(rows[0].verdict, "red")
    lines = [f"\n[{colour}]{_text(verdict)}[/]: {_text(why)}"]
    for one in rows:
        about = " ".join(part for part in (one.call, one.mailbox) if part)
        lines.append(f"  {_text(about)} [dim]({_text(one.slot)})[/]: {_text(one.seen)}")
    lines.append(f"  expected: {_text(expected)}")
    lines += [f"  PlaceOS loses: {_text(lost)}"] if lost else []
    lines.append(f"  to do: {_text(advice)}")
    return "\n".join(lines)


def _text(text: str) -> str:
    return escape(visible(text))
