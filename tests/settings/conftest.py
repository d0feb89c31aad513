"""A stack's settings that are right, to be broken one by one."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from settings import Problem, Settings, SettingsError

GOOD: Mapping[str, object] = {
    "rooms": ["harbour@contoso.example", "opera@contoso.example"],
    "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": "placeosroombooking@contoso.example",
    "roomGroupOwner": "exchange.admin@contoso.example",
    "rotationAnchor": "2026-01-01",
}


@pytest.fixture
def parse(tmp_path: Path) -> Callable[..., Settings]:
    """Parses the good settings with some of them changed; None takes a key away."""

    def parsed(*, secret_keys: tuple[str, ...] = (), **changes: object) -> Settings:
        mapping = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        return Settings.parse(mapping, project_root=tmp_path, secret_keys=secret_keys)

    return parsed


@pytest.fixture
def refusals(parse: Callable[..., Settings]) -> Callable[..., list[Problem]]:
    """The problems that changed settings have."""

    def refused(**changes: object) -> list[Problem]:
        with pytest.raises(SettingsError) as error:
            parse(**changes)
        return list(error.value.problems)

    return refused
