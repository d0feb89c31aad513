"""What goes on working after a leak was closed, until when, and who signed in last."""

from datetime import datetime, timedelta

from rich.markup import escape
from rich.table import Table

from clock import Clock
from graph.api import GraphApi
from graph.containment import WaysIn, containment, removed_secrets
from graph.service_principals import find_service_principal
from graph.sign_ins import SignIn, last_sign_ins
from graph.token_lifetimes import LONGEST, longest_token
from moments import instant, moment
from permissions import GRAPH_APP_ID
from roomctl.console import console, table, working
from visible import visible
from wire import NotAuthorised, WireError


def tell_still_works(graph: GraphApi, clock: Clock, ways: WaysIn) -> None:
    """Say it; what may not be read is said too, with the right that it takes, and stops nothing."""
    now = clock.now()
    with working("Asking Microsoft Graph how long tokens live, and who signed in"):
        tokens = _tokens(graph, ways, _closed(ways, now))
        sign_ins = _sign_ins(graph, ways)
    out = console()
    out.print("\nWhat still works, and what is known:")
    out.print(_table([("tokens", tokens), ("access policies", _POLICIES), *sign_ins]))


def _table(facts: list[tuple[str, str]]) -> Table:
    rows = table()
    for what, text in facts:
        rows.add_row(what, escape(visible(text)))
    return rows


_POLICIES = "stay as they are, and limit those tokens to the mailboxes that PlaceOS was limited to"


def _closed(ways: WaysIn, now: datetime) -> datetime:
    """From when on nobody got a token: this run, or the containment that had left nothing open."""
    contained = containment(ways.notes)
    if contained is None or ways.is_open:
        return now
    try:
        return moment(contained.since)
    except ValueError:  # people may write into notes
        return now


def _tokens(graph: GraphApi, ways: WaysIn, closed: datetime) -> str:
    try:
        graph_itself = find_service_principal(graph, GRAPH_APP_ID)
        longest = longest_token(graph, ways.object_id, ways.principal_id, graph_itself)
    except WireError as error:
        return (
            f"already issued ones work until {instant(closed + LONGEST)} at worst, a day: how long they live "
            f"here could not be read. {_why(error)}"
        )
    return f"already issued ones work until {instant(closed + longest)} at most ({_span(longest)})"


def _sign_ins(graph: GraphApi, ways: WaysIn) -> list[tuple[str, str]]:
    try:
        found = last_sign_ins(graph, ways.client_id)
    except WireError as error:
        return [("signed in last", f"not known. {_why(error)}")]
    if not found:
        return [("signed in last", "nobody, as far as the log goes back; it is minutes late")]
    return [
        (
            "signed in last",
            f"with key {_key(one, ways)} at {one.when} from {one.address} to {one.resource}",
        )
        for one in found
    ]


def _key(one: SignIn, ways: WaysIn) -> str:
    if not one.key_id:
        return "(none named)"
    held = {key.key_id for holder in ways.holders for key in (*holder.secrets, *holder.certificates)}
    if one.key_id in held | removed_secrets(ways.notes):
        return one.key_id
    return f"{one.key_id} (not among its keys any more; a run's own probe signs in so)"


def _why(error: WireError) -> str:
    """The right that is missing; for what else went wrong, the whole of it."""
    return error.advice if isinstance(error, NotAuthorised) and error.advice else str(error)


def _span(lifetime: timedelta) -> str:
    minutes = int(lifetime.total_seconds()) // 60
    return f"{minutes} minutes" if minutes < 120 else f"{minutes / 60:g} hours"
