"""Runs that are killed at a chosen request, and the way back that `roomctl recover` prints."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from subprocess import Popen

from emulator.faults import Fault, Faults, Match
from marks import mark_of
from tests.engine import promise
from tests.engine.rehearsal import OUTSIDE, PROJECT, ROOT, Rehearsal, Run

_PATIENCE = 120
"""Seconds after which a run that does not come to the chosen request has a fault."""


class Death(StrEnum):
    """What is killed, and how."""

    EVERYTHING = "SIGKILL of all processes"
    ENGINE = "SIGKILL of the engine"
    PROVIDERS = "SIGKILL of the dynamic providers"
    PLUGIN = "SIGKILL of the azuread plugin"
    PROGRAM = "SIGKILL of the program"
    INTERRUPT = "SIGINT"
    CANCEL = "pulumi cancel"


@dataclass(frozen=True)
class Moment:
    """The request after whose effect (or before it) death comes: the one that follows `skip` others."""

    match: Match
    skip: int = 0
    when: str = "after"

    @property
    def fault(self) -> Fault:
        """The tenant takes its time at this request."""
        return Fault.model_validate(
            {"match": self.match, "skip": self.skip, "when": self.when, "status": "hold"}
        )


class Operator:
    """Somebody in a checkout of their own, with the stack's settings in it and `roomctl` on PATH."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self._folder = rehearsal.folder / "checkout"
        self._folder.mkdir()
        for part in ROOT.iterdir():
            if part.name != ".git" and not part.name.startswith("Pulumi."):
                (self._folder / part.name).symlink_to(part)
        (self._folder / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
        self.save_settings()

    @property
    def environment(self) -> dict[str, str]:
        """The rehearsal's: whoever runs it at the moment."""
        own = self.rehearsal.environment
        return {**own, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"}

    def save_settings(self) -> None:
        """Take over the rehearsal's settings."""
        self.rehearsal.pulumi("config")  # writes them
        settings = self.rehearsal.folder / "Pulumi.rehearsal.yaml"
        (self._folder / settings.name).write_text(settings.read_text())

    def types(self, line: str) -> Run:
        """Run a line in a shell."""
        done = subprocess.run(
            ["sh", "-c", line], cwd=self._folder, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return Run(done.returncode, done.stdout + done.stderr)

    def dies(self, command: str, moment: Moment, death: Death) -> bool:
        """Run `pulumi COMMAND` and let it die at the moment.

        False when it ended without coming to it, or had no process of that kind: a destroy has no program.
        """
        faults = self.rehearsal.tenant.faults
        faults.clear()
        faults.add([moment.fault])
        with _stand_ins(self.environment) as plugin, (self._folder / "killed.log").open("wb") as log:
            run = Popen(
                ["pulumi", command, "--yes", "--skip-preview", "--stack", "rehearsal", "--non-interactive"],
                cwd=self._folder, stdout=log, stderr=subprocess.STDOUT,
                env={**self.environment, "PULUMI_DEBUG_PROVIDERS": plugin.attached},
            )  # fmt: skip
            held = _comes_to_it(run, faults)
            family = _descendants(run.pid)
            died = held and self._kill(death, run.pid, family, plugin.process)
            faults.clear()
            run.wait(_PATIENCE)
            _all_gone(family)
        return died

    def _kill(self, death: Death, engine: int, family: dict[int, str], plugin: Popen[bytes]) -> bool:
        if death is Death.INTERRUPT:
            os.kill(engine, signal.SIGINT)
        elif death is Death.CANCEL:
            assert self.types("pulumi cancel --yes --stack rehearsal").code == 0
        else:
            victims = _victims(death, engine, family, plugin.pid)
            for process in victims:
                os.kill(process, signal.SIGKILL)
            return bool(victims)
        return True

    def recovers(self) -> list[str]:
        """Look, run every line that is printed; what was run."""
        looked = self.types("roomctl recover --stack rehearsal 2>&1")
        assert looked.code in (0, 7), looked.output
        lines = [line for line in looked.output.splitlines() if line and not line.startswith("#")]
        assert bool(lines) == (looked.code == 7), looked.output
        for line in lines:
            done = self.types(line)
            assert done.code == 0, f"{line}\n{done.output}"
        return lines


@dataclass(frozen=True)
class _Plugin:
    process: Popen[bytes]
    attached: str


@contextmanager
def _stand_ins(environment: dict[str, str]) -> Iterator[_Plugin]:
    """The stand-ins as a process of their own, which can be killed; it ends with its standard input."""
    with Popen(
        [sys.executable, "-m", "emulator.stand_ins"],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield _Plugin(process, process.stdout.readline().decode().strip())


def _comes_to_it(run: Popen[bytes], faults: Faults) -> bool:
    while not faults.wait_until_held(0.1):
        if run.poll() is not None:
            return False
    return True


def _victims(death: Death, engine: int, family: dict[int, str], plugin: int) -> list[int]:
    """The engine first, so that it cannot see the others die."""
    match death:
        case Death.EVERYTHING:
            return [engine, plugin, *family]
        case Death.ENGINE:
            return [engine]
        case Death.PLUGIN:
            return [plugin]
        case Death.PROVIDERS:
            return _running("-m pulumi.dynamic", family)
        case _:
            return _running("pulumi-language-python-exec --monitor", family)


def _running(words: str, family: dict[int, str]) -> list[int]:
    return [process for process, line in family.items() if words in line]


def _descendants(process: int) -> dict[int, str]:
    """The command lines of all processes below one."""
    rows = [line.split(None, 2) for line in _listed("pid=,ppid=,args=")]
    found: dict[int, str] = {}
    generation = {process}
    while generation:
        children = {int(pid): line for pid, parent, line in rows if int(parent) in generation}
        found |= children
        generation = set(children)
    return found


def _listed(columns: str) -> list[str]:
    done = subprocess.run(["ps", "-A", "-ww", "-o", columns], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def _all_gone(family: dict[int, str]) -> None:
    """Providers end by themselves once their engine is gone; nothing is written after this."""
    for _ in range(_PATIENCE * 50):
        states = dict(line.split() for line in _listed("pid=,stat="))
        if all(states.get(str(process), "Z").startswith("Z") for process in family):
            return
    raise AssertionError(f"still running: {family}")


def census(rehearsal: Rehearsal) -> dict[str, int]:
    """How many of each of the stack's objects there are in the tenant."""
    store = rehearsal.tenant.store
    mark = mark_of(f"organization/{PROJECT}/rehearsal")
    mine = [one for one in store.all("application") if mark in (one.get("notes") or "")]
    clients = {one["appId"] for one in mine}
    principals = [one["id"] for one in store.all("servicePrincipal") if one["appId"] in clients]
    return {
        "applications": len(mine),
        "principals": len(principals),
        "grants": sum(one["principalId"] in principals for one in store.all("appRoleAssignment")),
        "secrets": sum(len(one["passwordCredentials"]) for one in mine),
        "groups": sum(mark in str(one.get("Notes")) for one in store.all("recipient")),
        "policies": sum(
            mark in one["Description"] and not one.get("_removed") for one in store.all("accessPolicy")
        ),
    }


WHOLE = {"applications": 1, "principals": 1, "grants": 4, "secrets": 2, "groups": 1, "policies": 1}
"""What a run that came to its end leaves."""


def assert_whole(rehearsal: Rehearsal) -> None:
    """The next run comes to its end, the tenant is as the code says, and holds nothing twice."""
    done = rehearsal.up()
    assert done.code == 0, done.output
    drift = rehearsal.drift()
    assert drift.code == 0, drift.output
    assert census(rehearsal) == WHOLE
    promise.holds(rehearsal.tenant, OUTSIDE)
