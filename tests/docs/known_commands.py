"""Whether a command of the documentation or of a workflow exists, with these options, without running it.

Programs that are not known here make the test red: a new command comes with a way to check it.
"""

import functools
import importlib.util
import os
import re
import shlex
import subprocess
from collections.abc import Callable

import typer
from typer.core import TyperGroup

import settings
from on_github.__main__ import TASKS
from roomctl.__main__ import cli
from tests.docs.commands import ROOT
from toolchain.engine import engine_environment, ensure_engine


def check(command: str) -> None:
    """Fail unless the command is known; nested commands are checked, too."""
    _check(shlex.split(command))


def _check(words: list[str]) -> None:
    program, *arguments = words
    known = {
        ".": _activates,
        ".ci/apply": lambda arguments: _is_a_script(".ci/apply", arguments),
        ".ci/drift": lambda arguments: _is_a_script(".ci/drift", arguments),
        ".ci/review": _reviews,
        ".ci/run": lambda arguments: _is_a_script(".ci/run", arguments),
        ".ci/tell-secrets": lambda arguments: _is_a_script(".ci/tell-secrets", arguments),
        ".venv/bin/pytest": _collects,
        ".venv/bin/python": _runs_a_module,
        ".venv/bin/roomctl": _roomctl,
        "az": _azure_cli,
        "cp": _copies,
        "export": _exports,
        "make": _makes,
        "pulumi": _pulumi,
        "python3": _writes_to_github,
        "roomctl": _roomctl,
    }
    assert program in known, f"no test knows {program}: teach this file how to check it"
    checker: Callable[[list[str]], None] = known[program]
    checker(arguments)


_AZURE_CLI = {
    ("keyvault", "secret", "show"): {"--id", "--name", "--output", "--query", "--vault-name", "--version"},
}
"""Commands of the Azure CLI and their options (learn.microsoft.com/cli/azure): no machine has to have it."""


def _azure_cli(arguments: list[str]) -> None:
    """Held against what Microsoft's reference lists; a command in $(…) is checked, too."""
    path = tuple(arguments[:3])
    assert path in _AZURE_CLI, f"az {' '.join(path)} is not in this file's table"
    for word in arguments[3:]:
        if word.startswith("-"):
            assert word in _AZURE_CLI[path], word
        elif nested := re.fullmatch(r"\$\((.+)\)", word):
            check(nested[1])


def _is_a_script(path: str, arguments: list[str]) -> None:
    assert not arguments
    assert os.access(ROOT / path, os.X_OK)


def _reviews(arguments: list[str]) -> None:
    """The script passes its arguments on."""
    _is_a_script(".ci/review", [])
    _roomctl(["review", *arguments])


def _writes_to_github(arguments: list[str]) -> None:
    *module, task = arguments
    assert module == ["-m", "on_github"]
    assert task in TASKS


def _collects(arguments: list[str]) -> None:
    """Asked of pytest itself, which then runs nothing."""
    done = subprocess.run(
        [".venv/bin/pytest", "--collect-only", "-q", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _activates(arguments: list[str]) -> None:
    assert arguments == [".venv/bin/activate"]
    assert (ROOT / arguments[0]).exists()


def _copies(arguments: list[str]) -> None:
    assert (ROOT / arguments[0]).is_file()


def _exports(arguments: list[str]) -> None:
    read = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "deployer").glob("*.py"))
    for name in (argument.partition("=")[0] for argument in arguments):
        assert name.startswith("PULUMI_") or f'"{name}"' in read, f"nothing reads {name}"


def _makes(arguments: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert arguments
    assert set(arguments) <= set(targets)


def _runs_a_module(arguments: list[str]) -> None:
    if arguments[:4] == ["-m", "toolchain", "run", "--"]:
        _check(arguments[4:])
        return
    [option, module] = arguments
    assert option == "-m"
    assert importlib.util.find_spec(f"{module}.__main__"), f"there is no {module} to run"


def _roomctl(arguments: list[str]) -> None:
    """Parsed by the command line itself, up to the point where it would begin."""
    group = typer.main.get_command(cli)
    assert isinstance(group, TyperGroup)
    name, *rest = arguments
    command = group.commands.get(name)
    assert command is not None, f"roomctl has no command {name}"
    parsed = command.make_context(name, list(rest)).params
    if name == "emulate" and parsed["command"]:
        _check(list(parsed["command"]))


def _pulumi(arguments: list[str]) -> None:
    """Held against the engine's own help."""
    words = [word for word in arguments if not word.startswith("-")]
    path = words[: 2 if "Available Commands:" in _help(words[0]) else 1]
    usage = _help(*path)
    # Asked about a command that it does not have, the engine shows the help of the one above.
    assert usage != _help(*path[:-1]), f"the engine has no command {' '.join(path)}"
    for option in (word for word in arguments if word.startswith("-")):
        assert re.search(rf"(?<![\w-]){re.escape(option.partition('=')[0])}(?![\w-])", usage), option
    if words[0] == "config":
        assert words[2] in settings.keys(), f"there is no setting {words[2]}"  # noqa: SIM118 - a function


@functools.cache
def _help(*command: str) -> str:
    environment = engine_environment(ensure_engine(), os.environ)
    done = subprocess.run(
        ["pulumi", *command, "--help"], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.partition("Usage:")[2]
