"""What the operator's own Pulumi says."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roomctl import broken_checkpoint
from roomctl.console import working
from roomctl.outcome import could_not_look

_ITS_PREFIX = re.compile(r"^error: ", re.MULTILINE)
"""With which Pulumi begins what this command tells as an error anyway."""


def run_pulumi(
    *arguments: str, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `pulumi` to its end, whichever that is: its exit code, standard output and standard error.

    With this process's variables and in its folder when none are given. When this command is ended, Pulumi is
    first, and is waited for. Ends the command with 1 when there is no Pulumi that can be run.
    """
    command = ["pulumi", *arguments]
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    except FileNotFoundError:
        could_not_look(f"pulumi is not on PATH. Run: python -m toolchain run -- {_our_command()}")
    except OSError as error:
        could_not_look(f"pulumi can't be run: {error.strerror}. Check the pulumi that is first on PATH.")
    with process:
        try:
            out, err = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def ask_pulumi(*arguments: str, stack: str | None = None) -> str:
    """What `pulumi` prints on standard output; the selected stack when none is named.

    Ends the command with 1 and Pulumi's own words when it can't say.
    """
    with working("Asking Pulumi"):
        done = run_pulumi(*arguments, *(["--stack", stack] if stack else []))
    if done.returncode == 0:
        return done.stdout
    said = _ITS_PREFIX.sub("", done.stderr.strip() or done.stdout.strip())
    if broken_checkpoint.SAID in said:
        could_not_look(f"{said}\n{broken_checkpoint.way_out()}")
    return could_not_look(said or f"pulumi ended with {done.returncode} and gave no reason.")


def ask_pulumi_json(*arguments: str, stack: str | None = None) -> Any:
    """The same, for a command that answers JSON."""
    answer = ask_pulumi(*arguments, stack=stack)
    try:
        return json.loads(answer)
    except ValueError:
        could_not_look(f"`pulumi {' '.join(arguments)}` did not answer JSON. Run it to see what it says.")


def _our_command() -> str:
    return " ".join(["roomctl", *sys.argv[1:2]])
