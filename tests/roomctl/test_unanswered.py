"""A question that nobody is there to answer."""

import pytest

from marks import probe_name
from roomctl import entra_resources as entra
from tests.emulated import emulated
from tests.roomctl.conftest import MARK, Scene

__all__ = ["emulated"]


@pytest.mark.parametrize("command", [["contain"], ["recover", "--apply"]])
def test_without_a_terminal_it_is_wrong_usage_and_nothing_is_done(scene: Scene, command: list[str]) -> None:
    made = scene.application()
    scene.principal(made)
    scene.secret(made, probe_name(MARK))
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    store = scene.emulated.tenant.store
    before = store.get("application", made["id"])
    done = scene.roomctl(*command)
    assert done.returncode == 64
    assert done.stdout.endswith("[y/N]: \n"), "the line of the question is closed"
    assert "add --yes to do it without asking" in done.stderr
    assert store.get("application", made["id"]) == before
