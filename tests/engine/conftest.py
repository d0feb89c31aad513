"""An emulated tenant and a stack of its own for every test of the engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from roomctl.emulate import AzureadPlugin
from tests.emulated import trusted_alone
from tests.engine.rehearsal import Rehearsal, rehearsing


@pytest.fixture(scope="session")
def brought_up_once(tmp_path_factory: pytest.TempPathFactory, azuread_plugin: AzureadPlugin) -> Path:
    """The folder of a stack that was brought up with the smallest valid settings, and of its tenant."""
    folder = tmp_path_factory.mktemp("brought_up")
    with trusted_alone(rehearsing(folder, azuread_plugin=azuread_plugin)) as made:
        done = made.up()
        assert done.code == 0, done.output
    return folder


@pytest.fixture
def rehearsal(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    azuread_plugin: AzureadPlugin,
) -> Iterator[Rehearsal]:
    """A fresh tenant (contoso) and a stack with the smallest valid settings: empty, or `brought_up`."""
    folder = request.getfixturevalue("brought_up_once") if hasattr(request, "param") else None
    begins = rehearsing(tmp_path, azuread_plugin=azuread_plugin, brought_up=folder)
    with trusted_alone(begins) as made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.tenant.ca_bundle))
        yield made
