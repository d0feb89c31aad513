"""Whether the catalogue of permissions and the tenant still agree: the names and ids of the app roles.

A name that means something else than is written here would be consented to for what it no longer is. Nothing
is changed, and reading it takes Application.Read.All.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from graph.api import GraphApi, current_graph
from graph.service_principals import AppRole, app_roles, find_service_principal
from permissions import Permission, Resource, known
from roomctl.console import console, working
from roomctl.look import Answer, Look, Row, Section
from roomctl.look_table import to_mend
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from wire import NotFound

_WHY = "consent goes by the id"
_THEN = (
    "Grant none of them until permissions/catalogue.json is right; Microsoft's list is "
    "https://learn.microsoft.com/graph/permissions-reference"
)
_NO_SERVICE = "check that this is the tenant you mean, and that it has Exchange Online"
_COLOURS = {Answer.NOT_LOOKED: "red", Answer.FOUND: "yellow"}
"""In the order of the terminal, where a person looks last."""


def check_catalogue(graph: Callable[[], GraphApi] = current_graph) -> list[Row]:
    """Ask the tenant for the app roles of each service in the catalogue; a row for each finding.

    A service that agrees is one row, and so is one that could not be looked at: nothing is raised for it.
    """
    with working("Asking Microsoft Graph"):
        return [
            row
            for resource, its in groupby(known(), key=lambda one: one.resource)
            for row in _look(graph, resource, list(its)).rows()
        ]


def show(rows: Iterable[Row]) -> int:
    """Show them on the terminal; the exit code. 0: they agree; 7: they differ; 1: not all was looked at.

    What was found outranks what could not be looked at.
    """
    out, all_rows = console(), list(rows)
    answers = {row.answer for row in all_rows}
    for row in all_rows:
        if row.answer is Answer.FINE:
            out.print(f"{row.about}: {row.seen}", style="green", soft_wrap=True)
    for answer, colour in _COLOURS.items():
        if chosen := [row for row in all_rows if row.answer is answer]:
            out.print(f"\n{answer}", style=colour)
            out.print(to_mend(chosen))
    if Answer.FOUND in answers:
        out.print(f"\n{_THEN}", style="dim", soft_wrap=True)
        return FOUND
    return COULD_NOT_LOOK if Answer.NOT_LOOKED in answers else 0


def disagreements(look: Look, catalogued: Iterable[Permission], offered: Iterable[AppRole]) -> Iterator[Row]:
    """What the app roles of one service say otherwise than the catalogue, in the catalogue's order."""
    roles = list(offered)
    for one in catalogued:
        differs = _disagreement(one, roles) if one.id else _came_to_be(one, roles)
        if differs:
            seen, fix = differs
            yield look.found(seen, fix, about=f"{one.name} ({one.resource.name})")


def _disagreement(one: Permission, roles: Iterable[AppRole]) -> tuple[str, str] | None:
    """What is seen of a permission that the catalogue knows by its id, and the fix; None if they agree."""
    of_its_id = next((role for role in roles if role.id == one.id), None)
    if of_its_id and of_its_id.value != one.name:
        now = of_its_id.value or "nothing"
        return f"its id {one.id} is called {now} now", "correct the name, and what it opens"
    if of_its_id and of_its_id.usable:
        return None
    if of_its_id:
        return "it is disabled, or no longer for applications", "take it out"
    if others := _ids(role for role in roles if role.value == one.name):
        return f"it has the id {others}; the catalogue says {one.id}", "correct the id, and what it opens"
    return "this tenant does not offer it", "take it out, unless this is not the public cloud"


def _came_to_be(one: Permission, roles: Iterable[AppRole]) -> tuple[str, str] | None:
    """The same of a name that applications can't have, so the catalogue says."""
    if ids := _ids(role for role in roles if role.value == one.name and role.usable):
        return f"applications can have it now, with the id {ids}", "give it its id, and say what it opens"
    return None


def _look(graph: Callable[[], GraphApi], resource: Resource, catalogued: list[Permission]) -> Look:
    def ask(look: Look) -> Iterator[Row]:
        try:
            service = find_service_principal(graph(), resource.app_id)
        except NotFound:
            yield look.found("this tenant has no such service", _NO_SERVICE)
            return
        offered = app_roles(graph(), service)
        if not offered:
            yield look.not_looked("it told no app role at all", "run it again")
            return
        found = list(disagreements(look, catalogued, offered))
        yield from found or [look.fine(f"{len(catalogued)} names and ids agree")]

    return Look(Section.TENANT, resource.name, _WHY, ask)


def _ids(roles: Iterable[AppRole]) -> str:
    return " and ".join(role.id for role in roles)
