"""A stack that is brought up in a tenant which is thrown away, by the code of whatever work tree."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from roomctl.console import working
from roomctl.emulated_person import consent_to, let_pass
from roomctl.git_base import WorkTree
from roomctl.outcome import could_not_look
from roomctl.pulumi import run_pulumi

_RUNS = 5
"""More than any settings of this product need: each wait ends by what is done about it."""
_LONGEST_WAIT = 12 * 3600 + 60
"""Seconds of the emulated clock, after which whatever is waited for by time has come."""
_CONSENT = re.compile(r"WAITING for a person to consent to ([^()]+) \(")
_TAKE_BACK = "WAITING for a person to take back"
_WAITING = "WAITING for "


def new_stack(project: Path, environment: Mapping[str, str], stack: str) -> None:
    """Make an empty stack of the project in the environment's backend; no file of the project is touched."""
    with tempfile.TemporaryDirectory() as folder:
        # Pulumi writes the stack's file beside Pulumi.yaml, and reads there who encrypts.
        shutil.copy(project / "Pulumi.yaml", folder)
        done = _pulumi(Path(folder), environment, "stack", "init", "--stack", stack, "--no-select")
    if done.returncode:
        could_not_look(f"Pulumi can't make the stack {stack}: {_reason(done)}")


def bring_up(tree: WorkTree, environment: Mapping[str, str], config_file: Path, stack: str) -> None:
    """Make the stack, and bring it up by the tree's own code and packages, which are installed, until it is.

    A person whom it waits for is played; when it waits for time, time passes. Ends the command with 1 and the
    engine's own reason when it can't be brought up.
    """
    own = {**environment, "PULUMI_PYTHON_CMD": str(tree.python)}
    new_stack(tree.folder, own, stack)
    arguments = ["up", "--yes", "--skip-preview", "--stack", stack, "--config-file", str(config_file)]
    with working(f"Bringing {tree.ref} up on the emulated tenant"):
        for _ in range(_RUNS):
            done = _pulumi(tree.folder, own, *arguments)
            if done.returncode == 0:
                return
            if _WAITING not in done.stdout or _TAKE_BACK in done.stdout:
                break
            _end_the_wait(done.stdout, tree.folder, own, stack)
    could_not_look(f"{tree.ref} can't be brought up on the emulated tenant:\n{_reason(done)}")


def _end_the_wait(said: str, project: Path, environment: Mapping[str, str], stack: str) -> None:
    if asked := _CONSENT.search(said):
        consent_to(environment, _principal(project, environment, stack), asked[1].split(", "))
    else:
        let_pass(environment, _LONGEST_WAIT)


def _principal(project: Path, environment: Mapping[str, str], stack: str) -> str:
    """The service principal that the proof was made for; consent comes after it."""
    done = _pulumi(project, environment, "stack", "export", "--stack", stack)
    for resource in json.loads(done.stdout or "{}").get("deployment", {}).get("resources", []):
        if found := resource.get("outputs", {}).get("servicePrincipalObjectId"):
            return str(found)
    return could_not_look("The stack waits for a person to consent, and does not say to which application.")


def _pulumi(
    folder: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return run_pulumi(
        *arguments, "--non-interactive", "--color", "never", environment=environment, folder=folder
    )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """What the engine says is wrong: its diagnostics, else its last words."""
    said = done.stdout.partition("\nDiagnostics:\n")[2].partition("\nResources:\n")[0]
    lines = [line.rstrip() for line in (said or done.stderr or done.stdout).splitlines() if line.strip()]
    return "\n".join(lines[-40:]) or f"pulumi ended with {done.returncode} and gave no reason."
