"""Which Python runs a program, and what is installed there."""

import functools
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_QUESTION = (
    "import json, platform, sysconfig;"
    "print(json.dumps([platform.python_version(), sysconfig.get_path('purelib')]))"
)


class NoInterpreterError(Exception):
    """The project asks for a Python that is not there; the text says which and what to run."""


@dataclass(frozen=True)
class Interpreter:
    """A Python and the place of its packages."""

    executable: str
    version: str
    site_packages: Path


def interpreter_for(root: Path, options: Mapping[str, object], environ: Mapping[str, str]) -> Interpreter:
    """The Python of the project or policy pack in `root`, from the `runtime.options` of its YAML file.

    In this order: option `virtualenv`; with `toolchain: uv` the .venv beside the nearest uv.lock; a .venv in
    the project; PULUMI_PYTHON_CMD; the Python that runs this. The options are Pulumi's:
    https://www.pulumi.com/docs/iac/languages-sdks/python/#virtual-environments
    Raises NoInterpreterError when the one asked for is not there.
    """
    wanted = _virtualenv(root, options)
    if wanted is None:
        return describe(environ.get("PULUMI_PYTHON_CMD") or sys.executable)
    python = wanted / "bin" / "python"
    if not python.exists():
        raise NoInterpreterError(
            f"{root} asks for the virtual environment {wanted}, which has no bin/python. "
            "Run `make setup` (or `uv sync`) to make it, or change `runtime.options.virtualenv`."
        )
    return describe(str(python))


@functools.cache
def describe(executable: str) -> Interpreter:
    """What an interpreter says of itself. Raises NoInterpreterError when it does not run."""
    if executable == sys.executable:
        return Interpreter(executable, platform.python_version(), Path(sysconfig.get_path("purelib")))
    try:
        answer = subprocess.run(
            [executable, "-I", "-c", _QUESTION],
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoInterpreterError(f"The Python {executable} does not run: {error}") from error
    version, site_packages = json.loads(answer.stdout)
    return Interpreter(executable, version, Path(site_packages))


def activated(interpreter: Interpreter, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables with the interpreter's virtual environment activated, as its `activate` script would."""
    prefix = Path(interpreter.executable).parent.parent
    if not (prefix / "pyvenv.cfg").is_file():
        return dict(environ)
    path = os.pathsep.join([str(prefix / "bin"), environ.get("PATH", os.defpath)])
    return {k: v for k, v in environ.items() if k != "PYTHONHOME"} | {
        "VIRTUAL_ENV": str(prefix),
        "PATH": path,
    }


def _virtualenv(root: Path, options: Mapping[str, object]) -> Path | None:
    if option := options.get("virtualenv"):
        return root / str(option)
    if options.get("toolchain") == "uv":
        folders = (folder for folder in (root, *root.parents) if (folder / "uv.lock").is_file())
        return next(folders, root) / ".venv"
    return root / ".venv" if (root / ".venv").is_dir() else None
