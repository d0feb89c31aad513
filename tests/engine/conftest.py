"""An emulated tenant and a stack of its own for every test of the engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from roomctl.emulate import AzureadPlugin
from tests.engine.rehearsal import Rehearsal, rehearsing


@pytest.fixture
def rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, azuread_plugin: AzureadPlugin
) -> Iterator[Rehearsal]:
    """A fresh tenant (contoso) and an empty stack with the smallest valid settings."""
    with rehearsing(tmp_path, azuread_plugin=azuread_plugin) as made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.tenant.ca_bundle))
        yield made
