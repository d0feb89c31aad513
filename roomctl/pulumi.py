"""What the operator's own Pulumi says."""

import json
import subprocess
import sys
from typing import Any

from roomctl.console import working
from roomctl.outcome import could_not_look


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
        said = error.stderr.strip() or error.stdout.strip()
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
