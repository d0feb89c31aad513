"""One stack that was brought up, under many names: each with a state, a tenant and variables of its own."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from emulator.server import EmulatedTenant
from emulator.stand_ins import StandIns
from marks import mark_of
from tests.docs.reader import copy_checkout
from tests.engine.rehearsal import PROJECT
from toolchain.engine import engine_environment, ensure_engine

_STACKS = Path("state/.pulumi/stacks", PROJECT)
_NOT_RUN = re.compile(r"Pulumi\.\w+\.yaml|(tests|docs|benchmarks)/.*")
_SECRET = "ARM_CLIENT_SECRET"


@dataclass
class ManyRehearsals:
    """A project with many stacks.

    `environment` is the caller's, and signs in nowhere; `own` has what each stack's is beside it.
    """

    project: Path
    environment: dict[str, str]
    own: dict[str, dict[str, str]] = field(default_factory=dict)

    def roomctl(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command in the project, with these variables beside the caller's."""
        return subprocess.run(
            [sys.executable, "-m", "roomctl", *arguments],
            cwd=self.project, env=self.environment | variables, capture_output=True, text=True, check=False,
        )  # fmt: skip


@contextmanager
def many_rehearsals(
    folder: Path, stacks: Sequence[str], brought_up: Path, latency: float = 0.0, *, who: str = "Deployer"
) -> Iterator[ManyRehearsals]:
    """`brought_up` is the folder of a rehearsal that is over; each stack is as if it had been that one.

    `latency` is how long each call is on its way, in seconds. `who` runs it: an application of each tenant.
    """
    project = folder / "project"
    copy_checkout(project, without=_NOT_RUN)
    (project / ".venv").symlink_to(sys.prefix)
    (project / "environments").mkdir()
    (folder / _STACKS).mkdir(parents=True)
    for source in (brought_up / "state").rglob("meta.yaml"):
        shutil.copy(source, folder / source.relative_to(brought_up))
    environment = {
        **engine_environment(ensure_engine(), dict(os.environ)),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder}/state",
        "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
    }
    made = ManyRehearsals(project, environment)
    with ExitStack() as open_:
        for stack in stacks:
            open_.enter_context(_added(made, stack, brought_up, latency, who))
        yield made


@contextmanager
def _added(made: ManyRehearsals, stack: str, brought_up: Path, latency: float, who: str) -> Iterator[None]:
    """The stack is in the state, its tenant is served, and the caller has its secret."""
    folder = made.project.parent
    own = folder / stack
    own.mkdir()
    before, after = (mark_of(f"organization/{PROJECT}/{name}") for name in ("rehearsal", stack))
    shutil.copy(brought_up / "tenant.sqlite", own)
    with sqlite3.connect(own / "tenant.sqlite") as store:
        store.execute("UPDATE document SET body = replace(body, ?, ?)", (before, after))
    store.close()
    state = (brought_up / _STACKS / "rehearsal.json").read_text().replace(before, after)
    for what in ("urn:pulumi:", f"{PROJECT}/", f"{PROJECT}-"):
        state = state.replace(f"{what}rehearsal", f"{what}{stack}")
    (folder / _STACKS / f"{stack}.json").write_text(state)
    shutil.copy(brought_up / "Pulumi.rehearsal.yaml", made.project / f"Pulumi.{stack}.yaml")
    with EmulatedTenant(state=own / "tenant.sqlite", latency=latency) as tenant:
        identity = tenant.environment_of(who)
        stand_ins = StandIns({**os.environ, **identity, "STANDIN_POLL_SECONDS": "0"})
        variables = {**identity, "PULUMI_DEBUG_PROVIDERS": stand_ins.start()}
        secret = f"SECRET_OF_{stack.upper().replace('-', '_')}"
        made.environment[secret], made.own[stack] = variables[_SECRET], variables
        written = variables | {_SECRET: f"${{{secret}}}"}
        lines = [f"{name}='{value}'\n" for name, value in written.items()]
        (made.project / f"environments/{stack}.env").write_text("".join(lines))
        try:
            yield
        finally:
            stand_ins.stop()
