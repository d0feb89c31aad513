"""Nothing that a run leaves holds a secret, and no process list shows one.

tests/left_secrets.py reads, after every test of the engine, what was printed and the whole folder, with the
state. Here much more is printed, and the processes are looked at meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator.issued import issued
from tests import left_secrets
from tests.emulated_vault import vault_id
from tests.engine.rehearsal import Rehearsal

pytestmark = [pytest.mark.engine]


@contextmanager
def process_lists() -> Iterator[set[str]]:
    """The command lines of all processes of this machine, as long as the context is open."""
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_text(errors="replace").replace("\0", " "))
                except OSError:  # it has ended
                    continue

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def test_everything_said_below_the_engine_s_own_limit(rehearsal: Rehearsal) -> None:
    """From -v=9 on the engine writes every value into its log, secret or not (SECURITY.md)."""
    rehearsal.configure(keyVault=vault_id(rehearsal.tenant))
    rehearsal.environment |= {"TF_LOG": "TRACE", "AZURE_LOG_LEVEL": "debug"}
    with process_lists() as seen:
        up = rehearsal.up("-v=8", "--logtostderr", "--logflow", "--debug", "--diff")
        preview = rehearsal.pulumi("preview", "-v=8", "--logflow")
    assert (up.code, preview.code) == (0, 0), up.output[-2000:]
    assert any("pulumi.dynamic" in one for one in seen), "the processes were seen"
    secrets = issued(rehearsal.tenant.store)
    assert left_secrets.left_in_text(secrets, {one: one for one in seen}) == []
    assert len(up.output) > 100_000, "much was said"
    assert list((rehearsal.folder / "tmp").glob("pulumi.*")), "and the engine's own log is in the folder"
