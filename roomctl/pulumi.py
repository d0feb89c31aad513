"""What the operator's own Pulumi says."""

import json
import re
import subprocess
import sys
from typing import Any

from roomctl import broken_checkpoint
from roomctl.console import working
from roomctl.outcome import could_not_look

_ITS_PREFIX = re.compile(r"^error: ", re.MULTILINE)
"""With which Pulumi begins what this command tells as an error anyway."""


def ask_pulumi(*arguments: str, stack: str | None = None) -> str:
    """What `pulumi` prints on standard output; the selected stack when none is named.

    Ends the command with 1 and Pulumi's own words when it can't say.
    """
    command = ["pulumi", *arguments, *(["--stack", stack] if stack else [])]
    try:
        with working("Asking Pulumi"):
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        could_not_look(f"pulumi is not on PATH. Run: python -m toolchain run -- {_our_command()}")
    except OSError as error:
        could_not_look(f"pulumi can't be run: {error.strerror}. Check the pulumi that is first on PATH.")
    except subprocess.CalledProcessError as error:
        said = _ITS_PREFIX.sub("", error.stderr.strip() or error.stdout.strip())
        if broken_checkpoint.SAID in said:
            could_not_look(f"{said}\n{broken_checkpoint.way_out()}")
        could_not_look(said or f"pulumi ended with {error.returncode} and gave no reason.")


def ask_pulumi_json(*arguments: str, stack: str | None = None) -> Any:
    """The same, for a command that answers JSON."""
    answer = ask_pulumi(*arguments, stack=stack)
    try:
        return json.loads(answer)
    except ValueError:
        could_not_look(f"`pulumi {' '.join(arguments)}` did not answer JSON. Run it to see what it says.")


def _our_command() -> str:
    return " ".join(["roomctl", *sys.argv[1:2]])
