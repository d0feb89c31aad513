"""COVERAGE.md: what the emulated tenant knows, written from its routes."""

from collections.abc import Iterable
from itertools import groupby

from starlette.routing import Route

from emulator import control, graph, login, managed_identity, pipelines
from emulator.exchange.cmdlets import CMDLETS
from emulator.exchange.routes import routes as exchange_routes
from emulator.key_vault import data_plane, management
from emulator.store import Store
from emulator.tenant import Tenant

_HEAD = """\
# What the emulated tenant knows

Made by `python -m emulator coverage` from the routes themselves. Anything else is answered with 501 and an
error that names the call.
"""
_GRAPH = """\
Paths are those of v1.0 and of beta; both know `$batch`, too. Permissions are application permissions: one of
each set is needed. With `Application.ReadWrite.OwnedBy` alone, a caller manages only what it owns. Calendars
are open as far as the application access policies in force let the app in; or where an application role of
Exchange that is in force opens the mailbox, with or without the permission.
"""
_VAULTS = """\
Each at an address of its own, `https://{vault}.vault.localhost:PORT`, as Azure Resource Manager tells it.
"""


def document() -> str:
    """The whole page, the same each time."""
    tenant = Tenant(Store(), "https://localhost")
    return "\n".join(
        [
            _HEAD,
            "## Login\n",
            _table(("Method", "Path", "What"), _rows(login.routes(tenant))),
            "## Managed identity and pipelines\n",
            _table(
                ("Method", "Path", "What"),
                _rows([*managed_identity.routes(tenant), *pipelines.routes(tenant)]),
            ),
            "## Microsoft Graph\n",
            _GRAPH,
            _table(("Method", "Path", "What", "Permissions"), _graph_rows()),
            "## Exchange Online\n",
            _table(("Method", "Path", "What"), _rows(exchange_routes(tenant))),
            "The cmdlets:\n",
            _table(("Cmdlet", "What", "One of these roles"), _cmdlet_rows()),
            "## Azure Resource Manager\n",
            _table(("Method", "Path", "What"), _rows(management.routes(tenant))),
            "## Key vaults\n",
            _VAULTS,
            _table(("Method", "Path", "What"), _rows(data_plane.routes(tenant))),
            "## Control plane\n",
            _table(("Method", "Path", "What"), _rows(control.routes(tenant))),
        ]
    )


def _rows(routes: Iterable[Route]) -> Iterable[tuple[str, ...]]:
    for route in routes:
        methods = ", ".join(sorted((route.methods or set()) - {"HEAD"}))
        yield methods, f"`{route.path}`", _first_line(route.endpoint.__doc__)


def _graph_rows() -> Iterable[tuple[str, ...]]:
    for _, same in groupby(graph.operations(), lambda operation: operation.handler):
        operations = list(same)
        first = operations[0]
        paths = "<br>".join(f"`{operation.template}`" for operation in operations)
        needs = " **and** ".join(" or ".join(choice) for choice in first.needs)
        yield first.method, paths, first.what, needs or "that of the object named"


def _cmdlet_rows() -> Iterable[tuple[str, ...]]:
    for cmdlet in sorted(CMDLETS.values(), key=lambda cmdlet: cmdlet.name):
        yield f"`{cmdlet.name}`", cmdlet.summary, ", ".join(sorted(cmdlet.roles))


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().partition("\n")[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
