"""A stack's settings, and what the tenant lacks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prerequisites import Asker, NewNames, questions, unmet
from rights import Role
from settings import Problem, Settings
from tests.emulated import Emulated, emulated

__all__ = ["emulated"]

MARK = "plc:1a2b3c4d"
ROOM, OTHER_ROOM = "syd-01-harbour@contoso.example", "syd-01-opera@contoso.example"
PERSON = "ada.ashby@contoso.example"
GOOD: dict[str, Any] = {
    "rooms": [ROOM, OTHER_ROOM],
    "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": "placeosroombooking@contoso.example",
    "roomGroupOwner": "exchange.admin@contoso.example",
    "rotationAnchor": "2026-01-01",
}


def settings(**changes: Any) -> Settings:
    mapping = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return Settings.parse(mapping, project_root=Path("/nowhere"))


@pytest.fixture
def lacking(emulated: Emulated) -> Callable[..., list[Problem]]:
    """What is told for these settings before the first run, or after one that recorded this."""

    def ask(
        recorded: dict[str, dict[str, Any]] | None = None, role: Role = Role.APPLY, **changes: Any
    ) -> list[Problem]:
        chosen = settings(**changes)
        new = NewNames.of(chosen, recorded or {}, "placeos")
        asker = Asker(MARK, emulated.deployer.client_id, emulated.deployer.tenant_id, role)
        asked = questions(chosen, new, asker, emulated.exchange, emulated.graph, azure=lambda: emulated.azure)
        return unmet(asked)

    return ask
