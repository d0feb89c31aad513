"""Somebody who reads the documentation on a machine of their own, and types what it says."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from emulator.stand_ins import StandIns
from tests.docs.commands import ROOT
from tests.engine.rehearsal import Run

_OURS = ("PULUMI_", "ARM_", "EXCHANGE_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "COVERAGE_", "PYTEST_", "GIT_")

_NOTHING = re.compile(r"(?!)")


def environment() -> dict[str, str]:
    """This machine's, without what a run of the tests adds to it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def copy_checkout(folder: Path, without: re.Pattern[str] = _NOTHING) -> None:
    """Copy this checkout as somebody else gets it: what is tracked, or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not without.fullmatch(name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


@dataclass
class Shell:
    """A shell: the folder and the exported variables that a command leaves are those of the next one.

    The engine gets the azuread stand-in as it would start the real plugin: anew, with what it finds then.
    """

    environment: dict[str, str] = field(repr=False)
    folder: Path
    kept: Path
    """A file for what is carried over; there are secrets in it, so it is private and removed at once."""

    def types(self, command: str) -> Run:
        """Run one command; whatever asks is answered with yes."""
        if not command.startswith("pulumi "):
            return self._run(command, {})
        stand_ins = StandIns({**self.environment, "STANDIN_POLL_SECONDS": "0"})
        try:
            return self._run(command, {"PULUMI_DEBUG_PROVIDERS": stand_ins.start()})
        finally:
            stand_ins.stop()

    def _run(self, command: str, variables: dict[str, str]) -> Run:
        self.kept.touch(mode=0o600)
        done = subprocess.run(
            ["bash", "-c", f'{command}\ncode=$?\nenv -0 > "{self.kept}"\nexit $code'],
            cwd=self.folder,
            env={**self.environment, **variables},
            input="y\n",
            capture_output=True,
            text=True,
            check=False,
        )
        left = dict(one.split("=", 1) for one in self.kept.read_text().split("\0") if one)
        self.kept.unlink()
        self.environment = {name: value for name, value in left.items() if name not in variables}
        self.folder = Path(left["PWD"])
        return Run(done.returncode, done.stdout + done.stderr)
